"""People: what contradicts itself in the board of [approval], such as a tier that nobody can fulfil."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from agent.config.durations import duration_of, duration_text
from agent.config.faults import meant, shown
from agent.domain.approval import POLICY
from agent.domain.board import known_as, listed
from agent.domain.errors import Mistake

_Tables = Mapping[str, object]
_LISTS = ("approvers", "admins", "operators", "viewers")
_DECIDING = ("approvers", "admins")
_EXPIRES_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Tier:
    """One [[approval.tier]], and what people call it."""

    where: str
    table: _Tables

    def names(self, key: str) -> list[str]:
        return _texts(self.table, key)

    @property
    def approvals(self) -> int:
        match self.table.get("approvals"):
            case bool():
                return 1
            case int(number):
                return number
        return 1


def board_contradictions(tables: _Tables) -> Iterator[Mistake]:
    """All of it at once; what is no table or no text is for the types to tell."""
    approval = tables.get("approval")
    if not isinstance(approval, Mapping):
        return
    tiers = list(_tiers(approval))
    deciding = [name for key in _DECIDING for name in _texts(approval, key)]
    yield from _spelled_twice(approval)
    yield from _nobody_decides(approval, deciding, tiers)
    portfolios = _portfolios(tables)
    for tier in tiers:
        yield from _unknown(tier, deciding, portfolios)
        if deciding:
            yield from _unfulfillable(tier, deciding, alone=approval.get("author_may_approve") is True)
        yield from _half_escalated(tier)
        yield from _too_late(f"{tier.where}.escalate_after", tier.table.get("escalate_after"), approval)
    yield from _too_late("approval.remind_after", approval.get("remind_after"), approval)
    yield from _nothing_unasked(approval, tiers)
    for where, times in Counter(tier.where for tier in tiers).items():
        if times > 1:
            yield Mistake(f"{where}.name", f"stands {times} times", "each tier has its own name")


def _spelled_twice(approval: _Tables) -> Iterator[Mistake]:
    """One person in two lists has two roles; two spellings are one person."""
    first: dict[str, str] = {}
    for key in _LISTS:
        for name in _texts(approval, key):
            if known_as(name) == known_as(POLICY):
                yield Mistake(f"approval.{key}", shown(name), "that is what gebot itself goes by")
            earlier = first.setdefault(known_as(name), f"{name!r} in {key}")
            if earlier != f"{name!r} in {key}" or _texts(approval, key).count(name) > 1:
                found = f"{name!r} is the same person as {earlier}"
                yield Mistake(f"approval.{key}", found, "each person stands in one list, once")


def _nobody_decides(approval: _Tables, deciding: Sequence[str], tiers: Sequence[_Tier]) -> Iterator[Mistake]:
    others = [name for key in _LISTS for name in _texts(approval, key) if name not in deciding]
    if others and not deciding:
        yield Mistake(
            "approval", f"named {listed(others, 'and')}, of whom none may approve", "name approvers"
        )
    if tiers and not deciding:
        found = "stands without approvers: where nobody is named, nobody can tell two people apart"
        yield Mistake(tiers[0].where, found, "name approvers")


def _unknown(tier: _Tier, deciding: Sequence[str], portfolios: Sequence[str]) -> Iterator[Mistake]:
    for key, known, noun in (
        ("by", deciding, "approver or admin"),
        ("escalate_to", deciding, "approver or admin"),
        ("portfolios", portfolios, "portfolio"),
    ):
        for name in tier.names(key):
            if name not in known:
                yield Mistake(f"{tier.where}.{key}", f"{shown(name)}, no such {noun}", meant(name, known))


def _unfulfillable(tier: _Tier, deciding: Sequence[str], *, alone: bool) -> Iterator[Mistake]:
    """Fewer people than words, or just so many that nobody is left when one of them is the author."""
    may = tier.names("by") or list(deciding)
    people = {known_as(name) for name in [*may, *tier.names("escalate_to")]}
    if len(people) < tier.approvals:
        found = f"was {tier.approvals}, and only {listed(may, 'and')} may approve"
        yield Mistake(f"{tier.where}.approvals", found, f"at most {len(people)} is right")
    elif len(people) == tier.approvals and not alone and len(set(map(known_as, deciding))) > 1:
        found = f"was {tier.approvals}, and of {listed(may, 'and')} nobody is left when one drew the plan up"
        right = "name one more in by or escalate_to, or set author_may_approve = true"
        yield Mistake(f"{tier.where}.approvals", found, right)


def _half_escalated(tier: _Tier) -> Iterator[Mistake]:
    for key, other in (("escalate_after", "escalate_to"), ("escalate_to", "escalate_after")):
        if key in tier.table and other not in tier.table:
            yield Mistake(f"{tier.where}.{other}", f"was missing beside {key}", "both or neither is right")


def _too_late(where: str, text: object, approval: _Tables) -> Iterator[Mistake]:
    """What comes due only when the plan is void already."""
    after = duration_of(text) if isinstance(text, str) else None
    end = approval.get("expires_after")
    expires = duration_of(end) if isinstance(end, str) else None
    expires = _EXPIRES_AFTER if expires is None else expires
    if after is not None and after >= expires:
        right = f"less than expires_after, which is {duration_text(expires)}, is right"
        yield Mistake(where, shown(text), right)


def _nothing_unasked(approval: _Tables, tiers: Sequence[_Tier]) -> Iterator[Mistake]:
    auto = approval.get("auto")
    levers = set(_texts(auto, "levers")) if isinstance(auto, Mapping) else set[str]()
    for tier in tiers:
        every = not {"above", "above_amount", "portfolios"} & tier.table.keys()
        if levers and every and levers <= set(tier.names("levers") or levers):
            found = f"lets nothing through: {tier.where} asks people about every change of its levers"
            yield Mistake("approval.auto", found, "leave one of the two out")


def _tiers(approval: _Tables) -> Iterator[_Tier]:
    found = approval.get("tier")
    for number, table in enumerate(found if isinstance(found, list) else [], start=1):
        if isinstance(table, Mapping):
            name = table.get("name")
            yield _Tier(f"approval.tier {shown(name)[4:] if isinstance(name, str) else number}", table)


def _portfolios(tables: _Tables) -> list[str]:
    found = tables.get("portfolio")
    items = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    return [name for one in items if isinstance(name := one.get("name"), str)]


def _texts(table: _Tables, key: str) -> list[str]:
    value = table.get(key)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
