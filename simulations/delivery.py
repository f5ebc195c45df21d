"""Delivery: spends an account's budgets day after day, and keeps what came of it."""

from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

import numpy as np

from simulations.book import Book, Figures, with_running_day
from simulations.journal import PlatformEdit
from simulations.market import Flow, Market
from simulations.schedule import Levers, Schedule, Stretch
from simulations.structure import Structure


class Delivery:
    """Days in the account's zone, settled one after the other as the time comes.

    A pure function of the market and the edits: it makes no difference when it is asked.
    """

    def __init__(self, market: Market, structure: Structure, zone: ZoneInfo) -> None:
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
    def levers(self) -> Levers:
        """How things stand after the last edit; not to be written to."""
        return self._schedule.now

    def take(self, edits: list[PlatformEdit]) -> None:
        """Take further edits, none older than the last that was taken."""
        self._edits += edits
        # Another process may have edited just before midnight and been heard of after it.
        if edits and edits[0].at < self._opened:
            self._begin()
            return
        for edit in edits:
            self._schedule.add(edit)

    def day_number(self, day: date) -> int:
        """Days since the market's first day; below 0 before it."""
        return (day - self._market.first_day).days

    def settle(self, now: datetime) -> int:
        """Settle every day that is over; returns the number of the running day.

        Raises:
            ValueError: The clock was before the market's first day, or went back over midnight.
        """
        today = self.day_number(now.astimezone(self._zone).date())
        if today < self._book.n_days:
            raise ValueError(f"clock was at {now}, before day {self._book.n_days} of the account")
        while self._book.n_days < today:
            day = self._book.n_days
            end = self._midnight(day + 1)
            self._book.add(
                self._market.realise(day, self._flow(day, self._schedule.stretches(self._opened, end)))
            )
            self._schedule.close(end)
            self._opened = end
        return today

    def figures(self, first: int, last: int, now: datetime) -> Figures:
        """Days `first` to `last`, both included, not before day 0, as they are known now."""
        today = self.settle(now)
        if last < today:
            return self._book.figures(first, last)
        running = self._market.realise(today, self._flow(today, self._schedule.stretches(self._opened, now)))
        return with_running_day(self._book.figures(first, today - 1), running)

    def _begin(self) -> None:
        structure = self._structure
        opening = Levers(structure.amounts, np.ones(len(structure.campaigns), dtype=bool))
        self._book = Book(len(structure.campaigns))
        self._schedule = Schedule(
            opening,
            budget_rows={budget.id: row for row, budget in enumerate(structure.budgets)},
            campaign_rows={campaign.id: row for row, campaign in enumerate(structure.campaigns)},
        )
        self._opened = self._midnight(0)
        for edit in self._edits:
            self._schedule.add(edit)

    def _midnight(self, day: int) -> datetime:
        """When the day begins, UTC."""
        local = datetime.combine(self._market.first_day + timedelta(days=day), time(), self._zone)
        return local.astimezone(UTC)

    def _flow(self, day: int, stretches: list[Stretch]) -> Flow:
        """What these stretches of a day bring together."""
        whole = (self._midnight(day + 1) - self._midnight(day)).total_seconds()
        demand = self._market.demand(day)
        habit = self._market.habit(day)
        flows = [
            self._market.flow(day, self._structure.split(stretch.levers, demand) * habit).times(
                stretch.seconds / whole
            )
            for stretch in stretches
        ]
        return reduce(Flow.plus, flows)
