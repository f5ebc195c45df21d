"""Findings: what `gebot check` tried, how it came out, and what somebody should do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from agent.domain.errors import GebotError, Mistake, Mistakes


class Grade(StrEnum):
    """How a try came out."""

    OK = "ok"
    WARNING = "warning"  # gebot runs all the same, and does less than a person may think
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried.

    Attributes:
        to_do: Who must act and how; "" when nobody must, or `found` says it.
    """

    where: str
    grade: Grade
    found: str
    to_do: str = ""


def tried(where: str, good: str, attempt: Callable[[], object]) -> list[Finding]:
    """One finding of what went well, or all faults."""
    try:
        attempt()
    except (GebotError, Mistakes) as error:
        return faults(where, error)
    return [Finding(where, Grade.OK, good)]


def faults(where: str, error: Exception, to_do: str = "") -> list[Finding]:
    """Each mistake at its own place, which lies within `where`; anything else at `where`."""
    match error:
        case Mistakes():
            return [of_mistake(one, where) for one in error.each()]
        case Mistake():
            return [of_mistake(error, where)]
    return [Finding(where, Grade.FAULT, str(error), to_do)]


def of_mistake(mistake: Mistake, within: str = "") -> Finding:
    """The mistake; an adapter names its own keys alone, and then `within` goes before them."""
    file, _, _ = within.partition(":")
    place = mistake.where if mistake.where.startswith(file) else f"{within}: {mistake.where}"
    return Finding(place, Grade.FAULT, mistake.found, mistake.expected)
