"""Check: what is wrong (faults) or doubtful (warnings) in rule files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from agent.domain.errors import Mistake, Mistakes
from rules.columns import CONVERSION_BASED
from rules.fights import fights
from rules.file import RuleFile, read_rules
from rules.rule import Rule, Scale, Step, directions


class Severity(StrEnum):
    FAULT = "fault"  # the file is refused
    WARNING = "warning"  # the file works; its author should look again


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule's author should know."""

    file: str
    severity: Severity
    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.found}" + (
            f"; {self.expected}" if self.expected else ""
        )


def check(paths: Sequence[Path], *, currency: str | None = None) -> list[Finding]:
    """Read rule files; all faults, and for files without any also the warnings, in order."""
    return [finding for path in paths for finding in _check(path, currency)]


def warnings(file: RuleFile) -> Iterator[Finding]:
    """What is doubtful in a file that is right."""
    for rule in file.rules:
        yield from _unbounded(file, rule)
        yield from _immature(file, rule)
    for fight in fights(file.rules):
        found = (
            f"can be answered at once by {fight.second.id!r}, which moves {fight.first.lever} the other way"
        )
        expected = "leave room between their conditions, or give both a cooldown or a hold"
        yield _warning(file, fight.first, "when", found, expected)


def _check(path: Path, currency: str | None) -> Iterator[Finding]:
    try:
        file = read_rules(path, currency=currency)
    except Mistakes as mistakes:
        for mistake in mistakes.exceptions:
            assert isinstance(mistake, Mistake)
            yield Finding(str(path), Severity.FAULT, mistake.where, mistake.found, mistake.expected)
        return
    yield from warnings(file)


def _unbounded(file: RuleFile, rule: Rule) -> Iterator[Finding]:
    """Raises of spend without a bound are refused on reading; here are the moves the other way."""
    match rule.action:
        case Scale(_, at_least, at_most) | Step(_, at_least, at_most):
            key, bound = (
                ("at_least", at_least) if rule.lever.spends_more_when_higher else ("at_most", at_most)
            )
        case _:
            return
    if bound is None and -1 in directions(rule.lever, rule.action):
        yield _warning(
            file, rule, "then", f"may lower spend again and again without {key}", f"{key} says how far"
        )


def _immature(file: RuleFile, rule: Rule) -> Iterator[Finding]:
    used = {column.base for part in (rule.when, rule.where) if part is not None for column in part.columns}
    if used & CONVERSION_BASED and "maturity" not in used:
        found = f"looks at {', '.join(sorted(used & CONVERSION_BASED))} however few of them are reported yet"
        yield _warning(file, rule, "when", found, "add a condition such as maturity_14d >= 0.8")


def _warning(file: RuleFile, rule: Rule, key: str, found: str, expected: str) -> Finding:
    where = f"{file.path}: rule {rule.id!r} {key}"
    return Finding(str(file.path), Severity.WARNING, where, found, expected)
