"""Evidence: data must be fresh, enough and mature before money moves on it.

Marked hours are a person's word and not read from data: they pass.
"""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import isnan
from typing import ClassVar

from agent.domain.proposal import Proposal
from agent.domain.recent import WINDOW_DAYS
from agent.domain.snapshot import Grade, Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.held import ALLOW, absent
from agent.guardrails.wording import duration, percent


@dataclass(frozen=True, slots=True)
class Freshness:
    """Nothing changes on metrics that are old or have holes.

    Attributes:
        max_age: Longest time since the platform was read; None denies everything.
    """

    name: ClassVar[str] = "max_metrics_age"
    max_age: timedelta | None

    def __post_init__(self) -> None:
        if self.max_age is not None and self.max_age <= timedelta(0):
            raise ValueError(f"max_metrics_age was {self.max_age}, a time above zero is right")

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if self.max_age is None:
            return Deny("no max_metrics_age is set")
        if proposal.lever.is_of_hours:
            return ALLOW
        known = snapshot.freshness
        if known.observed_at is None:
            return Deny("the platform's metrics were never read")
        age = snapshot.as_of - known.observed_at
        limit = self.max_age
        if known.grade is Grade.FRESH and age <= self.max_age:
            return Allow(lambda: f"the metrics were read {duration(age)} ago; {duration(limit)} is the limit")
        if known.grade is Grade.PARTIAL:
            last = known.last_complete_day or "unknown"
            missing = (
                "1 day of metrics is"
                if known.missing_days == 1
                else f"{known.missing_days} days of metrics are"
            )
            return Deny(f"{missing} missing; the last complete day is {last}")
        why = "they count as stale" if age <= self.max_age else f"{duration(limit)} is the limit"
        return Deny(f"the metrics were last read {duration(age)} ago; {why}")


@dataclass(frozen=True, slots=True)
class MinimumEvidence:
    """An entity changes only when it has been seen long enough and often enough.

    Attributes:
        min_clicks: Over its last 14 known days.
        min_history_days: Known days since it started (since its first impression or cost
            where the platform does not tell when it started).
    """

    name: ClassVar[str] = "min_evidence"
    min_clicks: int | None
    min_history_days: int | None

    def __post_init__(self) -> None:
        for key, least in (("min_clicks", self.min_clicks), ("min_history_days", self.min_history_days)):
            if least is not None and least <= 0:
                raise ValueError(f"{key} was {least}, a number above zero is right")

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if self.min_clicks is None or self.min_history_days is None:
            key = "min_clicks" if self.min_clicks is None else "min_history_days"
            return Deny(f"no {key} is set")
        if proposal.lever.is_of_hours:
            return ALLOW
        row = snapshot.entities.row(proposal.ref)
        if row is None:
            return absent(proposal)
        history = int(snapshot.recent.history_days[row])
        if history < self.min_history_days:
            return Deny(f"it has a history of {history} known days; {self.min_history_days} are needed")
        clicks = int(snapshot.recent.clicks[row])
        if clicks < self.min_clicks:
            return Deny(
                f"it has {clicks} clicks in its last {WINDOW_DAYS} known days; {self.min_clicks} are needed"
            )
        return Allow(
            lambda: (
                f"it has {clicks} clicks in its last {WINDOW_DAYS} known days and a history of {history}; "
                f"{self.min_clicks} and {self.min_history_days} are needed"
            )
        )


@dataclass(frozen=True, slots=True)
class Maturity:
    """Enough of the conversions that a wish rests on has been reported.

    Judged by the proposal's own maturity, else by that of the entity's last 14 known days,
    weighted by cost.

    Attributes:
        min_share: Within (0, 1]; None denies everything.
    """

    name: ClassVar[str] = "min_maturity"
    min_share: Fraction | None

    def __post_init__(self) -> None:
        if self.min_share is not None and not 0 < self.min_share <= 1:
            raise ValueError(f"min_maturity was {self.min_share}, a share within (0, 1] is right")

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if self.min_share is None:
            return Deny("no min_maturity is set")
        if proposal.lever.is_of_hours:
            return ALLOW
        share = proposal.evidence.maturity
        if share is None:
            row = snapshot.entities.row(proposal.ref)
            if row is None:
                return absent(proposal)
            share = float(snapshot.recent.reported[row])
        if isnan(share):
            return Deny("no day of its metrics is known")
        reported, needed = share, self.min_share
        if share >= float(self.min_share):
            return Allow(lambda: _reported(reported, needed))
        return Deny(_reported(reported, needed))


def _reported(share: float, needed: Fraction) -> str:
    return f"{percent(share)} of the conversions are reported so far; {percent(needed)} is needed"
