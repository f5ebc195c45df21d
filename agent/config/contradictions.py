"""Cross-checks: what no single key can tell, such as a portfolio that names an unknown account.

They read the raw tables, so that a fault in one key hides none of these.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.config.faults import meant, place, shown
from agent.config.people import board_contradictions
from agent.domain.errors import Mistake

SIMULATED = "simulated"
_PACING = "pacing"
_Tables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Item:
    """One of an array of tables, and what people call it."""

    where: str
    table: _Tables

    def text(self, key: str) -> str | None:
        value = self.table.get(key)
        return value if isinstance(value, str) else None

    def texts(self, key: str) -> list[str]:
        value = self.table.get(key)
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def contradictions(tables: _Tables, home: Path, file: str) -> list[Mistake]:
    """Names that stand twice or point nowhere, missing rule files, a fast clock on a real account."""
    found = [
        *_twice("account", _items(tables, "account")),
        *_same_account(_items(tables, "account")),
        *_joined(_items(tables, "account")),
        *_twice("portfolio", _items(tables, "portfolio")),
        *_twice("channel", _items(tables, "notify")),
        *_strangers(tables),
        *_twice("decider", [*_items(tables, "strategy"), *_items(tables, "rules")]),
        *_points_nowhere(tables),
        *_without_a_month(tables),
        *_missing_rule_files(tables, home),
        *_too_fast(tables),
        *board_contradictions(tables),
    ]
    return [Mistake(f"{file}: {one.where}", one.found, one.expected) for one in found]


def _twice(noun: str, items: Iterable[_Item]) -> Iterator[Mistake]:
    names = Counter((item.text("name"), item.where) for item in items)
    times = Counter(name for name, _ in names.elements() if name is not None)
    for name, where in names:
        if name is not None and times[name] > 1:
            yield Mistake(f"{where}.name", f"stands {times[name]} times", f"each {noun} has its own name")


def _strangers(tables: _Tables) -> Iterator[Mistake]:
    """Channels of people who are not on the board: nothing would ever be theirs to hear of."""
    approval = tables.get("approval")
    lists = ("approvers", "admins", "operators", "viewers")
    board = _Item("approval", approval if isinstance(approval, Mapping) else {})
    known = [name for key in lists for name in board.texts(key)]
    for channel in _items(tables, "notify"):
        for name in channel.texts("for"):
            if name not in known:
                found = f"{shown(name)}, who stands on no list of [approval]"
                yield Mistake(f"{channel.where}.for", found, meant(name, known))


def _same_account(items: Iterable[_Item]) -> Iterator[Mistake]:
    first: dict[tuple[str | None, str | None], _Item] = {}
    for item in items:
        key = (item.text("platform"), _plain(item.text("id")))
        earlier = first.setdefault(key, item)
        if earlier is not item and None not in key:
            yield Mistake(f"{item.where}.id", f"is the same as of {earlier.where}", "one table is right")


def _plain(id_: str | None) -> str | None:
    """The digits of "act_123" and of "123-456-7890": two tables of one account would spend twice."""
    digits = (id_ or "").removeprefix("act_").replace("-", "")
    return digits if digits.isdecimal() else id_


def _joined(items: Sequence[_Item]) -> Iterator[Mistake]:
    """An account is one of a platform, or it joins such accounts; each is joined once."""
    by_name = {item.text("name"): item for item in items}
    taken: dict[str, _Item] = {}
    for item in items:
        if "joins" not in item.table:
            for key in ("platform", "id"):
                if key not in item.table:
                    yield Mistake(f"{item.where}.{key}", "was missing", "this key is needed")
            continue
        for key in ("platform", "id", "options", "credentials", "write_credentials"):
            if key in item.table:
                yield Mistake(
                    f"{item.where}.{key}", "stands beside joins", "the accounts it joins have theirs"
                )
        names = item.texts("joins")
        if len(set(names)) < 2:
            yield Mistake(
                f"{item.where}.joins", f"was {names}", "the names of at least two accounts are right"
            )
        for name, times in Counter(names).items():
            if times > 1:
                yield Mistake(f"{item.where}.joins", f"named {name!r} {times} times", "once is right")
            member = by_name.get(name)
            if member is None or member is item or "joins" in member.table:
                plain = [one.text("name") or "" for one in items if "joins" not in one.table]
                yield Mistake(
                    f"{item.where}.joins", f"{shown(name)}, no account of a platform", meant(name, plain)
                )
            elif taken.setdefault(name, item) is not item:
                yield Mistake(
                    f"{item.where}.joins", f"{name!r} is joined by {taken[name].where} too", "once is right"
                )


def _points_nowhere(tables: _Tables) -> Iterator[Mistake]:
    accounts = {item.text("name") or "" for item in _items(tables, "account")}
    joined = {name: item.text("name") for item in _items(tables, "account") for name in item.texts("joins")}
    deciders = {item.text("name") or "" for key in ("strategy", "rules") for item in _items(tables, key)}
    for item in _items(tables, "portfolio"):
        account = item.text("account")
        if account and account not in accounts:
            yield Mistake(
                f"{item.where}.account", f"{shown(account)}, no such account", meant(account, accounts)
            )
        elif account in joined:
            right = f"{joined[account]!r}, which joins it, is right"
            yield Mistake(f"{item.where}.account", shown(account), right)
        for name, times in Counter(item.texts("deciders")).items():
            if name not in deciders:
                no_such = f"{shown(name)}, no such strategy or rule file"
                yield Mistake(f"{item.where}.deciders", no_such, meant(name, deciders))
            elif times > 1:
                yield Mistake(f"{item.where}.deciders", f"named {name!r} {times} times", "once is right")


def _without_a_month(tables: _Tables) -> Iterator[Mistake]:
    paced = {item.text("name") for item in _items(tables, "strategy") if item.text("kind") == _PACING}
    for item in _items(tables, "portfolio"):
        for name in item.texts("deciders"):
            if name in paced and "month" not in item.table:
                found = f"named {name!r}, which keeps a month within its budget"
                yield Mistake(f"{item.where}.deciders", found, "a table [portfolio.month] is needed for that")


def _missing_rule_files(tables: _Tables, home: Path) -> Iterator[Mistake]:
    for item in _items(tables, "rules"):
        file = item.text("file")
        if file and file.isprintable() and not (home / file).is_file():
            yield Mistake(f"{item.where}.file", f"{shown(file)}, no such file", f"it is looked for in {home}")


def _too_fast(tables: _Tables) -> Iterator[Mistake]:
    accounts = [item for item in _items(tables, "account") if "joins" not in item.table]
    match tables.get("clock"):
        case {"speed": int(speed)} if speed != 1:
            real = [item.where for item in accounts if item.text("platform") != SIMULATED]
            if real:
                right = f"1 is right while {real[0]} is not simulated"
                yield Mistake("clock.speed", shown(speed), right)
            elif "follow" in tables["clock"]:  # type: ignore[operator]  # matched as a table above
                yield Mistake("clock.speed", "stands beside follow", "a sandbox's clock has its own speed")
        case {"follow": str(url)}:
            real = [item.where for item in accounts if not _is_of_sandbox(item)]
            if real:
                right = f"left out is right while {real[0]} is neither simulated nor on a sandbox"
                yield Mistake("clock.follow", shown(url), right)


def _is_of_sandbox(item: _Item) -> bool:
    options = item.table.get("options")
    on_sandbox = isinstance(options, Mapping) and "endpoint" in options
    return on_sandbox or item.text("platform") == SIMULATED


def _items(tables: _Tables, key: str) -> list[_Item]:
    """The items of an array of tables that are tables at all."""
    items = tables.get(key)
    if not isinstance(items, list):
        return []
    return [
        _Item(place((key, index), tables), item)
        for index, item in enumerate(items)
        if isinstance(item, Mapping)
    ]
