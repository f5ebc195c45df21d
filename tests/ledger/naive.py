"""A ledger as plain as can be: it keeps every table whole and answers by replaying them all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Days, EntityTable
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable

NAMES = (
    "cost_micros",
    "impressions",
    "clicks",
    "conversions",
    "conversion_value_micros",
    "search_impression_share",
    "search_budget_lost_impression_share",
    "search_rank_lost_impression_share",
    "conversions_by_conversion_date",
    "conversion_value_by_conversion_date_micros",
)
NOTHING = (0, 0, 0, 0.0, 0, np.nan, np.nan, np.nan, np.nan, 0)

Cell = tuple[str, date]
Figures = tuple[float, ...]


@dataclass
class NaiveLedger:
    """What was seen of one account."""

    zone: str
    tables: list[tuple[datetime, EntityTable]] = field(default_factory=list)
    readings: list[tuple[datetime, MetricsTable]] = field(default_factory=list)

    def entities(self, as_of: datetime) -> EntityTable | None:
        found = [table for at, table in self.tables if at <= as_of]
        return found[-1] if found else None

    def cells(self, as_of: datetime) -> dict[Cell, Figures]:
        """The figures of every entity and day ever told of, by replay."""
        cells: dict[Cell, Figures] = {}
        for at, table in self.readings:
            if at > as_of:
                break
            for id_, day in cells:
                if table.since.item() <= day <= table.until.item():
                    cells[id_, day] = NOTHING
            for row in range(len(table)):
                key = str(table.ids[row]), table.days[row].item()
                cells[key] = tuple(
                    nothing if (column := getattr(table, name)) is None else column[row].item()
                    for name, nothing in zip(NAMES, NOTHING, strict=True)
                )
        return cells

    def known(self, day: date, as_of: datetime) -> bool:
        return any(
            at <= as_of
            and table.since.item() <= day <= table.until.item()
            and (table.partial_since is None or day < table.partial_since.item())
            for at, table in self.readings
        )

    def figures(self, table: EntityTable, days: Days, as_of: datetime) -> NDArray[np.float64]:
        """Shape (n_entities, n_days, 10), figures in the order of `NAMES`."""
        cells = self.cells(as_of)
        known = {day for day in days.tolist() if self.known(day, as_of)}
        return np.array(
            [
                [cells.get((str(id_), day), NOTHING) if day in known else NOTHING for day in days.tolist()]
                for id_ in table.ids
            ]
        )

    def development(
        self, as_of: datetime, n_ages: int, channel: str | None = None
    ) -> tuple[list[float], list[float]]:
        """Of all, or of the campaigns of a channel as it was called at each reading."""
        last: dict[tuple[date, date], datetime] = {}  # of a day, on a local date: the last reading
        for at, table in self.readings:
            if at <= as_of and (channel is None or channel in self.channels(at)):
                on = at.astimezone(ZoneInfo(self.zone)).date()
                for day in np.arange(table.since, table.until + 1).tolist():
                    last[day, on] = at
        earlier, later = [0.0] * (n_ages - 1), [0.0] * (n_ages - 1)
        for (day, on), at in last.items():
            age = (on - day).days
            following = last.get((day, on + timedelta(days=1)))
            if 0 <= age < n_ages - 1 and following is not None:
                earlier[age] += self._conversions(day, at, channel)
                later[age] += self._conversions(day, following, channel)
        return earlier, later

    def arrivals(self, as_of: datetime, channel: str = "") -> list[float]:
        """What each reading but the first told for the first time, over the days that it spoke for."""
        read = [
            (at, table)
            for at, table in self.readings
            if at <= as_of and (not channel or channel in self.channels(at))
        ]
        return [
            sum(
                self._conversions(day, now, channel or None)
                - (self._conversions(day, then, channel or None) if day <= before.until.item() else 0.0)
                for day in np.arange(max(before.since, table.since), table.until + 1).tolist()
            )
            for (then, before), (now, table) in pairwise(read)
        ]

    def channels(self, at: datetime) -> dict[str, set[str]]:
        """The ids of each channel as they were last called, and of what was removed."""
        last: dict[str, str] = {}
        for seen_at, table in self.tables:
            if seen_at <= at:
                last |= dict(zip(table.ids.tolist(), table.channels.tolist(), strict=True))
        found: dict[str, set[str]] = {}
        for id_, channel in last.items():
            if channel:
                found.setdefault(channel, set()).add(id_)
        return found if len(found) > 1 else {}

    def _conversions(self, day: date, at: datetime, channel: str | None) -> float:
        conversions = NAMES.index("conversions")
        ids = None if channel is None else self.channels(at)[channel]
        return sum(
            figures[conversions]
            for (id_, of), figures in self.cells(at).items()
            if of == day and (ids is None or id_ in ids)
        )

    def lever_memory(
        self, table: EntityTable, days: Days, as_of: datetime
    ) -> Mapping[Lever, list[tuple[datetime | None, int, list[int]]]]:
        """Time of change, baseline, and where it stood on each day, of each row."""
        return {
            lever: [
                (
                    *self._past(table, row, lever, as_of),
                    [self._stood(str(id_), lever, day, as_of) for day in days.tolist()],
                )
                for row, id_ in enumerate(table.ids)
            ]
            for lever in table.levers
        }

    def _past(
        self, table: EntityTable, row: int, lever: Lever, as_of: datetime
    ) -> tuple[datetime | None, int]:
        now = table.levers[lever].listed()[row]
        if now is None:
            return None, 0
        stood: list[tuple[datetime, int | None]] = []
        for at, seen in self.tables:
            rows = [place for place, id_ in enumerate(seen.ids) if id_ == table.ids[row]]
            if at <= as_of and rows:
                column = seen.levers.get(lever)
                stood.append((at, None if column is None else column.listed()[rows[0]]))
        while stood and stood[0][1] is None:
            stood.pop(0)
        changes = [at for (_, before), (at, after) in pairwise(stood) if before != after]
        seven_days_ago = as_of - timedelta(days=7)
        week_before = [number for at, number in stood if at <= seven_days_ago and number is not None]
        since = [number for at, number in stood if at > as_of - timedelta(days=7) and number is not None]
        candidates = [number for number in [*week_before[-1:], *since] if number is not None]
        return changes[-1] if changes else None, candidates[0] if candidates else now

    def _stood(self, id_: str, lever: Lever, day: date, as_of: datetime) -> int:
        """The number at the end of the day, -1 where it was not known or not there."""
        number: int | None = None
        for at, table in self.tables:
            if at > as_of or at.astimezone(ZoneInfo(self.zone)) > self._midnight_after(day):
                break
            if id_ in table.ids:
                column = table.levers.get(lever)
                number = None if column is None else column.listed()[table.ids.tolist().index(id_)]
        return -1 if number is None else number

    def _midnight_after(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(self.zone))
