"""File: a rule file, read whole or refused with everything that is wrong in it."""

import difflib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from agent.domain.errors import Mistake, Mistakes
from rules.example import FORMS, Example, Levers, Stretch
from rules.rule import Rule
from rules.schema import RuleTable
from rules.then import Then

_TABLES = (RuleTable, Then, Example, Stretch, Levers)
_KEYS = tuple(dict.fromkeys(key for table in _TABLES for key in table.model_fields))


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The rules of one file, in their order, each with an id of its own.

    Attributes:
        name: The file's name without its ending.
        currency: Of the money its rules name; None when they name none.
    """

    name: str
    path: Path
    rules: tuple[Rule, ...]
    currency: str | None


def read_rules(path: Path, *, currency: str | None = None) -> RuleFile:
    """Read a rule file.

    Args:
        currency: Of the account it is for; None when that is not known yet.

    Raises:
        Mistakes: All that is wrong in the file.
    """
    try:
        content = path.read_bytes().decode()
    except OSError as error:
        raise Mistakes(
            "rule file cannot be used", [Mistake(str(path), f"cannot be read: {error.strerror}")]
        ) from None
    except UnicodeDecodeError:
        raise Mistakes(
            "rule file cannot be used", [Mistake(str(path), "was not UTF-8", "save the file as UTF-8")]
        ) from None
    return parse_rules(content, path, currency=currency)


def parse_rules(content: str, path: Path, *, currency: str | None = None) -> RuleFile:
    """Read the content of a rule file; `path` is its name in messages.

    Raises:
        Mistakes: As for `read_rules`.
    """
    try:
        document: dict[str, Any] = tomllib.loads(content, parse_float=Decimal)
    except (
        ValueError,
        RecursionError,
    ) as error:  # TOMLDecodeError, and a number of more digits than Python reads
        raise Mistakes("rule file cannot be used", [Mistake(str(path), f"is not TOML: {error}")]) from None
    found = [
        Mistake(f"{path}: {key}", "unknown key", "a rule file holds [[rule]] tables only")
        for key in document
        if key != "rule"
    ]
    rules: list[Rule] = []
    tables = document.get("rule")
    if not isinstance(tables, list) or not tables:
        found.append(Mistake(str(path), "no [[rule]]", "a rule file has at least one"))
        tables = []
    for number, table in enumerate(tables, start=1):
        try:
            rules.append(RuleTable.model_validate(table).rule)
        except ValidationError as error:
            found += [_mistake(detail, path, number, table) for detail in error.errors()]
    found += _twice(tables, path)
    found += _currencies(rules, path, currency)
    if found:
        raise Mistakes("rule file cannot be used", found)
    named = {code for rule in rules for code in rule.currencies}
    return RuleFile(path.stem, path, tuple(rules), next(iter(named), None))


def _mistake(detail: ErrorDetails, path: Path, number: int, table: object) -> Mistake:
    fields = table if isinstance(table, dict) else {}
    title = repr(fields["id"]) if isinstance(fields.get("id"), str) else str(number)
    where = f"{path}: rule {title} {_place(detail['loc'], fields)}".rstrip()
    match detail["type"]:
        case "refused":
            return Mistake(where, detail["ctx"]["found"], detail["ctx"]["expected"])
        case "missing":
            return Mistake(where, "missing", "it is needed")
        case "extra_forbidden":
            close = difflib.get_close_matches(str(detail["loc"][-1]), _KEYS, n=1)
            return Mistake(where, "unknown key", f"did you mean {close[0]}?" if close else "")
        case _:
            message = detail["msg"]
            return Mistake(where, repr(detail["input"]), message[:1].lower() + message[1:])


def _place(loc: Sequence[str | int], table: dict[str, Any]) -> str:
    """Write ("example", 0, "each", "cost") as ``example 'too young' each.cost``."""
    parts = [part for part in loc if part not in FORMS]
    if len(parts) > 1 and parts[0] == "example" and isinstance(parts[1], int):
        example = table["example"][parts[1]]
        name = example.get("name") if isinstance(example, dict) else None
        title = repr(name) if isinstance(name, str) else str(parts[1] + 1)
        return f"example {title} {'.'.join(map(str, parts[2:]))}".rstrip()
    return ".".join(map(str, parts))


def _twice(tables: Sequence[object], path: Path) -> Iterator[Mistake]:
    seen: set[str] = set()
    for table in tables:
        rule_id = table.get("id") if isinstance(table, dict) else None
        if isinstance(rule_id, str):
            if rule_id in seen:
                yield Mistake(
                    f"{path}: rule {rule_id!r} id", "stands twice", "each rule has an id of its own"
                )
            seen.add(rule_id)


def _currencies(rules: Sequence[Rule], path: Path, currency: str | None) -> Iterator[Mistake]:
    """All money is in the account's currency, or (while that is not known) in that of the first rule."""
    named = [(rule, code) for rule in rules for code in sorted(rule.currencies)]
    if not named:
        return
    right = currency or named[0][1]
    for rule, code in named:
        if code != right:
            yield Mistake(f"{path}: rule {rule.id!r} then", f"money in {code}", f"{right} is right")
    for rule in rules:
        for example in rule.examples:
            if example.currencies - {right}:
                where = f"{path}: rule {rule.id!r} example {example.name!r}"
                yield Mistake(
                    where, f"money in {' and '.join(sorted(example.currencies))}", f"{right} is right"
                )
