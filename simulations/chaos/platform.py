"""Platform: what really stands on the platform, who set it, and what still is on its way."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TypeAlias

import numpy as np

from agent.domain.entity import Account, EntityTable, LeverColumn, entity_table
from agent.domain.lever import Lever, value_of
from agent.domain.outcome import Edit
from agent.domain.plan import Change
from agent.domain.ref import AccountId, Ref
from simulations.chaos.shape import OVER_DELIVERY, THREE, Shape

START = datetime(2026, 11, 21, 6, 0, 30, tzinfo=UTC)
ACCOUNT = Account(AccountId("chaos", "1"), "Chaos", "EUR", "UTC", over_delivery=OVER_DELIVERY)

Number: TypeAlias = int
"""Of a daily budget: micros."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of one send, as the platform was asked for it.

    Attributes:
        send: Number of the call, from 1 on.
        intent: Plan id and change id; None where the platform was never told of any.
    """

    send: int
    change: Change
    intent: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Mutation:
    """One value that was set.

    Attributes:
        by: The operation that did it; None: a person.
        shown_from: When the platform's history begins to show it.
    """

    at: datetime
    ref: Ref
    before: Number
    after: Number
    by: Operation | None
    shown_from: datetime


@dataclass(slots=True)
class Platform:
    """The truth. Time passes when it is told to; late writes come to stand then.

    Attributes:
        on_mutation: Told of each value that is set, right after.
    """

    on_mutation: Callable[[Mutation], None]
    shape: Shape = THREE
    now: datetime = START
    stands: dict[Ref, Number] = field(init=False)
    journal: list[Mutation] = field(default_factory=list)
    _late: list[tuple[datetime, int, Operation, timedelta]] = field(default_factory=list)
    _table: EntityTable | None = None
    _n: int = 0

    def __post_init__(self) -> None:
        self.stands = dict(zip(self.shape.campaigns, self.shape.opening, strict=True))

    def passes(self, span: timedelta) -> None:
        """Let time pass."""
        until = self.now + span
        while self._late and self._late[0][0] <= until:
            due, _, operation, lag = heapq.heappop(self._late)
            self.now = max(self.now, due)
            self._set(operation.change.ref, _number(operation.change), operation, lag)
        self.now = until

    def carries_out(self, operation: Operation, after: timedelta, lag: timedelta) -> None:
        """Do as asked, now or later.

        Args:
            lag: How much later the history shows it.
        """
        if after:
            self._n += 1
            heapq.heappush(self._late, (self.now + after, self._n, operation, lag))
        else:
            self._set(operation.change.ref, _number(operation.change), operation, lag)

    def person_sets(self, ref: Ref, number: Number, lag: timedelta) -> None:
        """Somebody edits by hand, without asking."""
        self._set(ref, number, None, lag)

    def on_its_way(self) -> Iterator[Change]:
        """What was taken and does not stand yet."""
        return (operation.change for _, _, operation, _ in self._late)

    def table(self) -> EntityTable:
        """All campaigns as they stand."""
        if self._table is None:
            numbers = np.array(list(self.stands.values()), dtype=np.int64)
            present = np.ones(len(numbers), dtype=bool)
            self._table = replace(
                opening(self.shape), levers={Lever.DAILY_BUDGET: LeverColumn(numbers, present)}
            )
        return self._table

    def history(self, since: datetime) -> list[Edit]:
        """What the history shows by now, oldest first."""
        return [
            Edit(
                one.at,
                one.ref,
                Lever.DAILY_BUDGET,
                value_of(Lever.DAILY_BUDGET, one.before, "EUR"),
                value_of(Lever.DAILY_BUDGET, one.after, "EUR"),
                "gebot" if one.by is not None else "a person",
                ours=one.by is not None,
            )
            for one in self.journal
            if one.at >= since and one.shown_from <= self.now
        ]

    def _set(self, ref: Ref, number: Number, by: Operation | None, lag: timedelta) -> None:
        mutation = Mutation(self.now, ref, self.stands[ref], number, by, self.now + lag)
        self.stands[ref] = number
        self.journal.append(mutation)
        self._table = None
        self.on_mutation(mutation)


def _number(change: Change) -> Number:
    return change.after.micros  # type: ignore[union-attr]  # budgets alone are steered here


@cache
def opening(shape: Shape) -> EntityTable:
    """The account at its beginning."""
    return entity_table(
        ACCOUNT,
        [ref.id for ref in shape.campaigns],
        names=[f"campaign {ref.id}" for ref in shape.campaigns],
        levers={Lever.DAILY_BUDGET: list(shape.opening)},
    )
