"""Delivery: spends an account's budgets day after day, and keeps what came of it."""

from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

import numpy as np

from simulations.book import Book, Figures, with_running_day
from simulations.journal import PlatformEdit
from simulations.market import Flow, Outcome
from simulations.schedule import Levers, Schedule
from simulations.structure import Structure
from simulations.supply import Supply


class Delivery:
    """Days in the account's zone, settled one after the other as the time comes.

    A pure function of the market and the edits: it makes no difference when it is asked.
    """

    def __init__(self, market: Supply, structure: Structure, zone: ZoneInfo) -> None:
        self._market = market
        self._structure = structure
        self._zone = zone
        self._edits: list[PlatformEdit] = []
        self._opened = self._midnight(0)
        self._begin()

    @property
    def edits(self) -> list[PlatformEdit]:
        """All that were taken, oldest first; not to be written to."""
        return self._edits

    @property
    def schedule(self) -> Schedule:
        """How things stand."""
        return self._schedule

    def take(self, edits: list[PlatformEdit]) -> None:
        """Take further edits, none older than the last that was taken."""
        self._edits += edits
        # Another process may have edited just before midnight and been heard of after it.
        if edits and edits[0].at < self._opened:
            self._begin()
            return
        self._schedule.add(edits)

    def day_number(self, day: date) -> int:
        """Days since the market's first day; below 0 before it."""
        return (day - self._market.first_day).days

    def figures(self, first: int, last: int, now: datetime) -> Figures:
        """Days `first` to `last`, both included, not before day 0, as they are known now.

        The running day is the last that is known; there are no rows where `last` is before `first`.
        """
        # A clock that is set back does not undo a day; the account stands still meanwhile.
        now = max(now, self._opened)
        today = self._settle(now)
        if last < today or first > last:
            return self._book.figures(first, last)
        running = self._outcome(today, now)
        return with_running_day(self._book.figures(first, today - 1), running)

    def _settle(self, now: datetime) -> int:
        """Settle every day that is over; returns the number of the running day."""
        today = self.day_number(now.astimezone(self._zone).date())
        while self._book.n_days < today:
            day = self._book.n_days
            end = self._midnight(day + 1)
            self._book.add(self._outcome(day, end))
            self._schedule.close(end)
            self._opened = end
        return today

    def _begin(self) -> None:
        structure = self._structure
        self._book = Book(len(structure.campaigns))
        self._schedule = Schedule(
            Levers(structure.amounts, np.ones(len(structure.campaigns), dtype=bool), structure.numbers),
            budget_rows={budget.id: row for row, budget in enumerate(structure.budgets)},
            campaign_rows={campaign.id: row for row, campaign in enumerate(structure.campaigns)},
            slots=structure.slots,
        )
        self._opened = self._midnight(0)
        self._schedule.add(self._edits)

    def _midnight(self, day: int) -> datetime:
        """When the day begins, UTC."""
        local = datetime.combine(self._market.first_day + timedelta(days=day), time(), self._zone)
        return local.astimezone(UTC)

    def _outcome(self, day: int, until: datetime) -> Outcome:
        """What the day, the first that is not settled, has brought by then."""
        market = self._market
        whole = (self._midnight(day + 1) - self._opened).total_seconds()
        demand, habit = market.demand(day), market.habit(day)
        flows = [
            market.flow(day, self._structure.split(stretch.levers, demand) * habit).times(
                stretch.seconds / whole
            )
            for stretch in self._schedule.stretches(self._opened, until)
        ]
        return market.realise(day, reduce(Flow.plus, flows))
