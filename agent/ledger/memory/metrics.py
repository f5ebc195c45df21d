"""MetricsMemory: the figures of one account as each reading found them, in memory."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.advice import Window
from agent.domain.entity import Days, EntityTable, Floats
from agent.domain.maturity import Development
from agent.domain.metrics import DailyMetrics, MetricsTable
from agent.domain.record import Coverage
from agent.domain.tracking_due import Arrivals
from agent.ledger.arrivals import arrived
from agent.ledger.development import channel_sums, complete_until, counted, developed, known_days, left_out
from agent.ledger.figures import CONVERSIONS, Figures, daily, differs, nothing, of_table
from agent.ledger.memory.campaigns import Campaigns
from agent.ledger.memory.growing import Growing
from agent.ledger.memory.sums import SumMemory
from agent.ledger.moments import day, day_number, day_numbers, local_day, micros, refuse_older
from agent.ledger.numbering import Numbering

_Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Appended:
    """The figures that one reading changed, of shape (5, n)."""

    entities: _Numbers
    days: _Numbers
    figures: Figures


class MetricsMemory:
    """One account: how all figures stand now, and what each reading changed."""

    def __init__(self) -> None:
        self._numbers = Numbering()
        self._first = 0
        self._now = nothing(0, 0)  # (5, n_entities or more, n_days from `_first` on)
        self._read_at: list[datetime] = []
        self._appended: list[_Appended] = []
        self._coverages: list[Coverage] = []
        self._complete = Growing(np.int64)
        self._sums = SumMemory()
        self._channels: dict[str, SumMemory] = {}
        self._local: tuple[str, list[int]] = ("", [])

    def record(self, table: MetricsTable, at: datetime, known: Campaigns) -> int:
        """Append what differs. Returns: the number of rows.

        Args:
            known: The campaigns that were seen up to then.
        """
        refuse_older("metrics", at, self._read_at)
        told = of_table(table)
        since, until = day_number(table.since), day_number(table.until)
        rows = self._numbers.sure(table.kinds, table.ids)
        columns = day_numbers(table.days) - since
        now = nothing(len(self._numbers), until + 1 - since)
        now.whole[:, rows, columns] = told.whole
        now.real[:, rows, columns] = told.real
        self._make_room(since, until)
        before = self._window(since, until)
        entities, days = np.nonzero(differs(now, before))
        changed = Figures(now.whole[:, entities, days], now.real[:, entities, days])
        before.whole[:] = now.whole
        before.real[:] = now.real
        self._appended.append(_Appended(entities, days + since, changed))
        self._cover(at, since, until, complete_until(table))
        reading, conversions = len(self._read_at) - 1, now.real[CONVERSIONS]
        of_account = conversions[counted(self._numbers.keys)].sum(axis=0)
        self._sums.append(reading, since, until, of_account)
        for channel, sums in self._by_channel(conversions, known).items():
            self._channels.setdefault(channel, SumMemory()).append(reading, since, until, sums)
        return len(entities)

    def matrices(self, table: EntityTable, days: Days, as_of: datetime) -> DailyMetrics:
        """The figures as known at that moment."""
        n_readings = bisect_right(self._read_at, as_of)
        out = nothing(len(table), len(days))
        if not n_readings or not len(days):
            return daily(out, np.zeros(len(days), dtype=bool))
        first = day_number(days[0])
        known = known_days(self._sums.since[:n_readings], self._complete.all[:n_readings], first, len(days))
        stood = self._stood(n_readings)
        entities = self._numbers.known(table.kinds, table.ids)
        rows = np.flatnonzero(entities >= 0)
        columns = np.flatnonzero(known)
        if len(columns):
            # From the first known day to the last; what lies between and is not known is wiped.
            start, stop = columns[0], columns[-1] + 1
            there = slice(start + first - self._first, stop + first - self._first)
            out.whole[:, rows, start:stop] = stood.whole[:, entities[rows], there]
            out.real[:, rows, start:stop] = stood.real[:, entities[rows], there]
            wiped = start + np.flatnonzero(~known[start:stop])
            if len(wiped):
                blank = nothing(len(table), len(wiped))
                out.whole[:, :, wiped], out.real[:, :, wiped] = blank.whole, blank.real
        return daily(out, known)

    def coverages(self, as_of: datetime) -> Sequence[Coverage]:
        """The readings up to that moment, oldest first."""
        return self._coverages[: bisect_right(self._read_at, as_of)]

    def development(
        self, as_of: datetime, n_ages: int, time_zone: str, windows: Sequence[Window] = ()
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """See `Ledger.development`."""
        sums = self._sums.until_reading(bisect_right(self._read_at, as_of), self._local_days(time_zone))
        return developed(sums, n_ages, left_out(sums, windows, time_zone))

    def channel_development(
        self, as_of: datetime, n_ages: int, time_zone: str, windows: Sequence[Window] = ()
    ) -> Mapping[str, Development]:
        """See `Ledger.channel_development`."""
        n_readings, local = bisect_right(self._read_at, as_of), self._local_days(time_zone)
        by_channel = {
            channel: memory.until_reading(n_readings, local)
            for channel, memory in sorted(self._channels.items())
        }
        return {
            channel: Development(*developed(sums, n_ages, left_out(sums, windows, time_zone)))
            for channel, sums in by_channel.items()
            if len(sums.read_on)
        }

    def arrivals(self, since: datetime, as_of: datetime, time_zone: str) -> Mapping[str, Arrivals]:
        """See `Ledger.arrivals`."""
        n_readings, local = bisect_right(self._read_at, as_of), self._local_days(time_zone)
        begin = bisect_left(self._read_at, since)
        at = np.zeros(n_readings, dtype="datetime64[us]")
        at[begin:] = [np.datetime64(micros(one), "us") for one in self._read_at[begin:n_readings]]
        first = np.datetime64(micros(since), "us")
        found = {
            channel: arrived(memory.until_reading(n_readings, local), at[memory.readings(n_readings)], first)
            for channel, memory in {"": self._sums, **self._channels}.items()
        }
        return {channel: told for channel, told in sorted(found.items()) if len(told.at) or not channel}

    def _by_channel(self, conversions: Floats, known: Campaigns) -> dict[str, Floats]:
        return channel_sums(conversions, self._numbers.known(known.kinds, known.ids), known.channels)

    def _cover(self, at: datetime, since: int, until: int, complete: int | None) -> None:
        self._read_at.append(at)
        self._complete.append(since - 1 if complete is None else complete)
        self._coverages.append(
            Coverage(at, day(since), day(until), None if complete is None else day(complete))
        )

    def _make_room(self, since: int, until: int) -> None:
        """Widen what stands now so that these days and all entities have a place."""
        n_entities, n_days = self._now.whole.shape[1:]
        first = min(self._first, since) if n_days else since
        last = max(self._first + n_days, until + 1)
        if first == self._first and last <= self._first + n_days and len(self._numbers) <= n_entities:
            return
        spare = n_days if last > self._first + n_days else 0  # days are added at the end, again and again
        wider = nothing(max(n_entities, len(self._numbers)), last - first + spare)
        at = self._first - first
        wider.whole[:, :n_entities, at : at + n_days] = self._now.whole
        wider.real[:, :n_entities, at : at + n_days] = self._now.real
        self._first, self._now = first, wider

    def _window(self, since: int, until: int) -> Figures:
        """Views of what stands now."""
        days = slice(since - self._first, until + 1 - self._first)
        return Figures(
            self._now.whole[:, : len(self._numbers), days], self._now.real[:, : len(self._numbers), days]
        )

    def _stood(self, n_readings: int) -> Figures:
        """All figures after the first so many readings, in the shape of `_now`."""
        if n_readings == len(self._read_at):
            return self._now
        stood = nothing(*self._now.whole.shape[1:])
        for appended in self._appended[:n_readings]:
            stood.whole[:, appended.entities, appended.days - self._first] = appended.figures.whole
            stood.real[:, appended.entities, appended.days - self._first] = appended.figures.real
        return stood

    def _local_days(self, time_zone: str) -> list[int]:
        """The local date of each reading; kept, because zones are slow and readings many."""
        if self._local[0] != time_zone:
            self._local = (time_zone, [])
        zone, found = ZoneInfo(time_zone), self._local[1]
        found += [local_day(micros(at), zone) for at in self._read_at[len(found) :]]
        return found
