"""Incidents: what went wrong or was stopped over some days. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.domain.record import Freeze, Halting, Run, RunKind


class What(StrEnum):
    """What befell the account."""

    HALT = "halt"
    FREEZE = "freeze"
    FAILED = "failed run"
    DIFFERENCE = "statement"


@dataclass(frozen=True, slots=True)
class Incident:
    """One of them; `ended` is None where it still is in force, and the begin's own where it was a moment.

    Attributes:
        n: How many of the same kind this stands for, one after the other.
    """

    what: What
    at: datetime
    ended: datetime | None
    because: str
    n: int = 1


def incidents(
    haltings: Sequence[Halting],
    freezes: Sequence[Freeze],
    runs: Sequence[Run],
    since: datetime,
    until: datetime,
) -> list[Incident]:
    """All that touch the time from `since` until before `until`, oldest first.

    Failed runs that follow each other with the same words are one incident.
    """
    found = [
        Incident(
            What.DIFFERENCE if one.halt.because.startswith("the statement of") else What.HALT,
            one.halt.at,
            one.ended,
            f"{one.halt.by}: {one.halt.because}",
        )
        for one in haltings
        if one.halt.at < until and (one.ended is None or one.ended >= since)
    ]
    found += [
        Incident(What.FREEZE, one.at, one.ended, one.because)
        for one in freezes
        if one.at < until and (one.ended is None or one.ended >= since)
    ]
    found += _failed([run for run in runs if run.error and since <= run.started_at < until])
    return sorted(found, key=lambda one: (one.at, one.what))


def _failed(runs: Sequence[Run]) -> list[Incident]:
    found: list[Incident] = []
    for kind in RunKind:
        last: Incident | None = None
        for run in sorted((run for run in runs if run.kind is kind), key=lambda run: run.started_at):
            because = f"{kind}: {run.error}"
            ended = run.finished_at or run.started_at
            if last is not None and last.because == because:
                last = Incident(What.FAILED, last.at, ended, because, last.n + 1)
                found[-1] = last
            else:
                last = Incident(What.FAILED, run.started_at, ended, because)
                found.append(last)
    return found
