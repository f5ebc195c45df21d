"""Run limits: how many changes one run may make, to how many entities, and to how much of the spend."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import isfinite
from typing import ClassVar

from agent.domain.entity import Flags, Numbers
from agent.domain.lever import Lever, number_of
from agent.domain.plan import Change, Decision
from agent.domain.ref import Kind, Ref
from agent.domain.snapshot import Snapshot
from agent.guardrails.exposure import denied
from agent.guardrails.wording import percent

WINDOW_DAYS = 14


@dataclass(frozen=True, slots=True)
class ChangesPerRun:
    """A run makes at most so many changes, the weightiest first.

    Attributes:
        max_changes: None denies every change.
    """

    name: ClassVar[str] = "max_changes_per_run"
    max_changes: int | None

    def __post_init__(self) -> None:
        if self.max_changes is not None and self.max_changes <= 0:
            raise ValueError(f"max_changes_per_run was {self.max_changes}, a number above zero is right")

    def settle(self, decisions: Sequence[Decision], snapshot: Snapshot) -> Sequence[Decision]:
        """Deny the lightest changes above the limit; cuts too, so settle sums again afterwards."""
        ranked = _weightiest_first(decisions, snapshot)
        if self.max_changes is None:
            return _without(ranked, decisions, self.name, "no max_changes_per_run is set")
        because = f"{self.said(decisions, snapshot)}: weightier ones went first"
        return _without(ranked[self.max_changes :], decisions, self.name, because)

    def said(self, decisions: Sequence[Decision], snapshot: Snapshot) -> str:
        """Its numbers."""
        return f"{_changes(decisions)} changes, {self.max_changes} are allowed a run"


@dataclass(frozen=True, slots=True)
class ChangesPerHour:
    """At most so many changes of an account are sent within an hour, the weightiest first.

    Attributes:
        max_changes: None denies every change.
        sent: How many were sent in the last hour.
    """

    name: ClassVar[str] = "max_changes_per_hour"
    max_changes: int | None
    sent: int = 0

    def __post_init__(self) -> None:
        if self.max_changes is not None and self.max_changes <= 0:
            raise ValueError(f"max_changes_per_hour was {self.max_changes}, a number above zero is right")

    def settle(self, decisions: Sequence[Decision], snapshot: Snapshot) -> Sequence[Decision]:
        """Deny the lightest changes above what the hour leaves; cuts too, so settle sums again afterwards."""
        ranked = _weightiest_first(decisions, snapshot)
        if self.max_changes is None:
            return _without(ranked, decisions, self.name, "no max_changes_per_hour is set")
        because = f"{self.said(decisions, snapshot)}: weightier ones went first"
        return _without(ranked[max(0, self.max_changes - self.sent) :], decisions, self.name, because)

    def said(self, decisions: Sequence[Decision], snapshot: Snapshot) -> str:
        """Its numbers."""
        return (
            f"{_changes(decisions)} changes, and {self.sent} were sent within the last hour; "
            f"{self.max_changes} are allowed"
        )


@dataclass(frozen=True, slots=True)
class ShareOfEntities:
    """A run touches at most this share of the entities that may deliver, and one in any case.

    Each kind is counted for itself: ten thousand keywords do not make ten campaigns a small share.

    Attributes:
        max_share: Within (0, 1]; None denies every change.
    """

    name: ClassVar[str] = "max_share_of_entities_per_run"
    max_share: Fraction | None

    def __post_init__(self) -> None:
        if self.max_share is not None and not 0 < self.max_share <= 1:
            raise ValueError(
                f"max_share_of_entities_per_run was {self.max_share}, a share within (0, 1] is right"
            )

    def settle(self, decisions: Sequence[Decision], snapshot: Snapshot) -> Sequence[Decision]:
        """Deny the changes of the lightest entities; cuts too, so settle sums again afterwards."""
        ranked = _weightiest_first(decisions, snapshot)
        if self.max_share is None:
            return _without(ranked, decisions, self.name, "no max_share_of_entities_per_run is set")
        delivering = _delivering(snapshot)
        by_weight: dict[Kind, dict[Ref, None]] = {}
        for index in ranked:
            ref = decisions[index].proposal.ref
            by_weight.setdefault(ref.kind, {})[ref] = None
        for kind, refs in by_weight.items():
            entities = delivering[kind]
            allowed = max(1, int(self.max_share * entities))
            because = (
                f"{len(refs)} of {entities} entities of kind {kind} would change, {allowed} "
                f"({percent(self.max_share)}) are allowed a run: weightier ones went first"
            )
            late = set(list(refs)[allowed:])
            left = [index for index in ranked if decisions[index].proposal.ref in late]
            decisions = _without(left, decisions, self.name, because)
        return decisions

    def said(self, decisions: Sequence[Decision], snapshot: Snapshot) -> str:
        """Its numbers, of each kind."""
        delivering = _delivering(snapshot)
        touched = {(one.change.ref.kind, one.change.ref) for one in decisions if one.change is not None}
        counts = sorted(Counter(kind for kind, _ in touched).items())
        found = ", ".join(f"{n} of {delivering[kind]} entities of kind {kind}" for kind, n in counts)
        return f"{found or 'no entity'} would change; {_allowed(self.max_share)}"


@dataclass(frozen=True, slots=True)
class ShareOfSpend:
    """A run touches entities with at most this share of the spend, and one entity in any case.

    Each kind is counted for itself, by what it cost in the last 14 days: what a campaign spends, its
    ad groups and keywords spend once more.

    Attributes:
        max_share: Within (0, 1]; None denies every change.
    """

    name: ClassVar[str] = "max_share_of_spend_per_run"
    max_share: Fraction | None

    def __post_init__(self) -> None:
        if self.max_share is not None and not 0 < self.max_share <= 1:
            raise ValueError(
                f"max_share_of_spend_per_run was {self.max_share}, a share within (0, 1] is right"
            )

    def settle(self, decisions: Sequence[Decision], snapshot: Snapshot) -> Sequence[Decision]:
        """Deny the changes of the lightest entities; cuts too, so settle sums again afterwards."""
        ranked = _weightiest_first(decisions, snapshot)
        if self.max_share is None:
            return _without(ranked, decisions, self.name, "no max_share_of_spend_per_run is set")
        if self.max_share == 1:
            return decisions
        table = snapshot.entities
        costs = snapshot.metrics.cost_micros[:, -WINDOW_DAYS:].sum(axis=1)
        by_weight: dict[Kind, dict[Ref, int]] = {}
        for index in ranked:
            ref = decisions[index].proposal.ref
            row = table.row(ref)
            by_weight.setdefault(ref.kind, {})[ref] = 0 if row is None else int(costs[row])
        for kind, touched in by_weight.items():
            whole = int(costs[table.kinds == kind].sum())
            reached = accumulate(touched.values())
            late = {
                ref
                for ref, sum_ in list(zip(touched, reached, strict=True))[1:]
                if sum_ > self.max_share * whole
            }
            because = (
                f"what would change made {percent(Fraction(sum(touched.values()), max(whole, 1)))} of what "
                f"entities of kind {kind} cost in {WINDOW_DAYS} days; {percent(self.max_share)} is allowed "
                "a run: weightier ones went first"
            )
            left = [index for index in ranked if decisions[index].proposal.ref in late]
            decisions = _without(left, decisions, self.name, because)
        return decisions

    def said(self, decisions: Sequence[Decision], snapshot: Snapshot) -> str:
        """Its numbers, of each kind."""
        table, costs = snapshot.entities, snapshot.metrics.cost_micros[:, -WINDOW_DAYS:].sum(axis=1)
        rows = sorted({table.row(one.change.ref) or 0 for one in decisions if one.change is not None})
        kinds = sorted(set(table.kinds[rows].tolist()))
        found = ", ".join(
            f"{percent(_part(costs, rows, table.kinds == kind))} of what entities of kind {kind} cost"
            for kind in kinds
        )
        return (
            f"what would change made {found or 'nothing'} in {WINDOW_DAYS} days; {_allowed(self.max_share)}"
        )


def _part(costs: Numbers, rows: Sequence[int], of_kind: Flags) -> Fraction:
    """The share of what entities of a kind cost that these rows made."""
    inside = [row for row in rows if of_kind[row]]
    return Fraction(int(costs[inside].sum()), max(1, int(costs[of_kind].sum())))


def _allowed(share: Fraction | None) -> str:
    return "nothing is allowed" if share is None else f"{percent(share)} is allowed a run"


def _changes(decisions: Sequence[Decision]) -> int:
    return sum(decision.change is not None for decision in decisions)


def _weightiest_first(decisions: Sequence[Decision], snapshot: Snapshot) -> list[int]:
    """Indices of the decisions that change something.

    By the effect that the decider expects, then by the money that moves, then by name, so
    that the order in which proposals came in decides nothing.
    """

    def order(index: int) -> tuple[float, int, Ref, str]:
        decision = decisions[index]
        effect = decision.proposal.evidence.expected_effect
        expected = abs(effect.mean) if effect is not None and isfinite(effect.mean) else 0.0
        moved = 0 if decision.change is None else _money_moved(decision.change, snapshot)
        return -expected, -moved, decision.proposal.ref, decision.proposal.lever

    return sorted((i for i, decision in enumerate(decisions) if decision.change is not None), key=order)


def _money_moved(change: Change, snapshot: Snapshot) -> int:
    """Micros a day: a budget's own difference, else the lever's relative move times the daily cost."""
    before, after = number_of(change.before), number_of(change.after)
    if change.lever is Lever.DAILY_BUDGET:
        return abs(after - before)
    row = snapshot.entities.row(change.ref)
    if row is None:
        return 0
    if change.lever is Lever.STATUS:
        return snapshot.entities.number(change.ref, Lever.DAILY_BUDGET) or 0
    cost = snapshot.metrics.cost_micros[row, -WINDOW_DAYS:]
    return abs(after - before) * int(cost.sum()) // max(1, before * len(cost))


def _delivering(snapshot: Snapshot) -> Counter[str]:
    """How many entities of each kind are not paused."""
    table, status = snapshot.entities, snapshot.entities.levers.get(Lever.STATUS)
    kinds = table.kinds if status is None else table.kinds[~status.present | (status.numbers == 1)]
    return Counter(kinds.tolist())


def _without(
    left: Sequence[int], decisions: Sequence[Decision], name: str, because: str
) -> Sequence[Decision]:
    """The decisions with these denied; the very same sequence when there are none."""
    if not left:
        return decisions
    chosen = set(left)
    return [
        denied(decision, name, because) if index in chosen else decision
        for index, decision in enumerate(decisions)
    ]
