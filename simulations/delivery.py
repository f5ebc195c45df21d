"""Delivery: spends an account's budgets day after day, and keeps what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

import numpy as np

from simulations.book import Book, Figures, with_running_day
from simulations.curves import Floats
from simulations.day_parts import DayParts
from simulations.journal import PlatformEdit
from simulations.market import Flow, Outcome
from simulations.schedule import Levers, Schedule, Stretch
from simulations.spending import Day, Spending, Spread
from simulations.structure import Structure
from simulations.supply import Supply

_RELIVED_DAYS = 100  # so many days that are over are kept in full, once somebody has asked for them


@dataclass(frozen=True, slots=True)
class Past:
    """What is kept of a day that is over, so that it can be lived through again.

    Attributes:
        spent: As `Spending.day`, before this day.
    """

    stretches: Sequence[Stretch]
    spent: Floats | None


@dataclass(frozen=True, slots=True)
class Portion:
    """A whole day at the levers of a part of it, and which part."""

    stretch: Stretch
    day: Day


class Delivery:
    """Days in the account's zone, settled one after the other as the time comes.

    A pure function of the market and the edits: it makes no difference when it is asked.
    """

    def __init__(
        self, market: Supply, structure: Structure, zone: ZoneInfo, day_parts: DayParts | None = None
    ) -> None:
        """Open an account.

        Args:
            day_parts: Every hour is like the others when None.
        """
        self._market = market
        self._structure = structure
        self._zone = zone
        self._day_parts = day_parts
        self._spending = Spending(market, structure)
        self._edits: list[PlatformEdit] = []
        self._past: list[Past] = []
        self._relived: dict[int, list[Portion]] = {}
        self._spent: Floats | None = None
        self._book, self._schedule = self._begun()
        self._opened = self._midnight(0)

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
            self._book, self._schedule = self._begun()
            self._opened = self._midnight(0)
            return
        self._schedule.add(edits)

    def day_number(self, day: date) -> int:
        """Days since the market's first day; below 0 before it."""
        return (day - self._market.first_day).days

    def figures(self, first: int, last: int, now: datetime) -> Figures:
        """Days `first` to `last`, both included, not before day 0, as they are known now.

        The running day is the last that is known; there are no rows where `last` is before `first`.
        """
        now, today = self.settle(now)
        if last < today or first > last:
            return self._book.figures(first, last)
        portions = self.portions(today, now)
        running = self._market.realise(today, self.flow(today, portions, now))
        settled = self._book.figures(first, today - 1)
        return with_running_day(settled, running, self._book.arriving(), _allowed(portions))

    def settle(self, now: datetime) -> tuple[datetime, int]:
        """Settle every day that is over.

        Returns:
            The moment up to which there are figures, and the number of the running day.
        """
        # A clock that is set back does not undo a day; the account stands still meanwhile.
        now = max(now, self._opened)
        today = self.day_number(now.astimezone(self._zone).date())
        while self._book.n_days < today:
            day = self._book.n_days
            end = self._midnight(day + 1)
            past = Past(self._schedule.stretches(self._opened, end), self._spent)
            portions = self._portions(day, past)
            self._book.add(self._market.realise(day, self.flow(day, portions, end)), _allowed(portions))
            if self._spent is not None:
                cost = self.spread(day, portions, end).cost.sum(axis=1)
                self._spent = self._spent + cost
            self._past.append(past)
            self._schedule.close(end)
            self._opened = end
        return now, today

    def portions(self, day: int, until: datetime) -> list[Portion]:
        """A day that is over, or the running one up to now; to be lived through again."""
        if day < len(self._past):
            if day not in self._relived:
                if len(self._relived) == _RELIVED_DAYS:
                    self._relived.pop(next(iter(self._relived)))
                self._relived[day] = self._portions(day, self._past[day])
            return self._relived[day]
        return self._portions(day, Past(self._schedule.stretches(self._opened, until), self._spent))

    def flow(self, day: int, portions: Sequence[Portion], until: datetime) -> Flow:
        """What the day has brought by a moment of it."""
        return reduce(
            Flow.plus,
            [one.day.flow.times(self._share(day, one.stretch, until)) for one in portions],
        )

    def spread(self, day: int, portions: Sequence[Portion], until: datetime) -> Spread:
        """The same by keyword and group; the account has them."""
        return reduce(
            Spread.plus,
            [
                one.day.spread.times(self._share(day, one.stretch, until))
                for one in portions
                if one.day.spread is not None
            ],
        )

    def hours(self, day: int) -> list[datetime]:
        """When each hour of the day begins, and the end of the last, UTC; 23 to 25 of them."""
        start, end = self._midnight(day), self._midnight(day + 1)
        n_hours = round((end - start) / timedelta(hours=1))
        return [start + timedelta(hours=hour) for hour in range(n_hours)] + [end]

    def realised(self, day: int, flow: Flow) -> Outcome:
        """As the market turns it into clicks and orders."""
        return self._market.realise(day, flow)

    def _portions(self, day: int, past: Past) -> list[Portion]:
        return [
            Portion(stretch, self._spending.day(day, stretch.levers, past.spent))
            for stretch in past.stretches
        ]

    def _share(self, day: int, stretch: Stretch, until: datetime) -> float | Floats:
        end = min(stretch.until, until)
        if end <= stretch.since:
            return 0.0
        if self._day_parts is not None:
            return self._day_parts.share(self.hours(day), stretch.since, end)
        whole = (self._midnight(day + 1) - self._midnight(day)).total_seconds()
        return (end - stretch.since).total_seconds() / whole

    def _begun(self) -> tuple[Book, Schedule]:
        """Back to the first day, with all edits that were taken."""
        structure = self._structure
        self._past, self._relived = [], {}
        if self._spending.has_lifetimes and structure.layout is not None:
            self._spent = np.zeros(structure.layout.group_status.shape)
        schedule = Schedule(
            Levers(structure.amounts, np.ones(len(structure.campaigns), dtype=bool), structure.numbers),
            budget_rows={budget.id: row for row, budget in enumerate(structure.budgets)},
            campaign_rows={campaign.id: row for row, campaign in enumerate(structure.campaigns)},
            slots=structure.slots,
        )
        schedule.add(self._edits)
        return Book(len(structure.campaigns)), schedule

    def _midnight(self, day: int) -> datetime:
        """When the day begins, UTC."""
        local = datetime.combine(self._market.first_day + timedelta(days=day), time(), self._zone)
        return local.astimezone(UTC)


def _allowed(portions: Sequence[Portion]) -> Floats:
    """What bids and targets left to the day, each as long as it stood."""
    if len(portions) == 1:
        return portions[0].day.allowed
    seconds = np.array([one.stretch.seconds for one in portions]) + 1e-9
    return np.average([one.day.allowed for one in portions], axis=0, weights=seconds)
