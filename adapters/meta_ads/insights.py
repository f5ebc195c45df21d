"""Insights: rows of Meta's reports as columns. Pure.

Meta lists one purchase under several action types that contain each other (on the site, in the
shop, in the app, and all of them). Adding them up counts it twice or three times, so of each row
one type is read: the first of `actions` that the row has.
"""

from array import array
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from adapters.meta_ads.fields import HOUR
from agent.domain.entity import Numbers, Strings
from agent.domain.hours import HourlyMetrics
from agent.domain.metrics import MetricsTable, counted, micros_of
from agent.domain.ref import Kind

PURCHASE = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase")

# Meta goes on processing a day for some hours; nobody says how many.
_SETTLED_HOUR = 3


class Figures:
    """Columns that grow row by row; money in currency units until `cost` and `value` are asked."""

    def __init__(self, actions: Sequence[str] = PURCHASE) -> None:
        """Start without rows.

        Args:
            actions: Action types, the most telling first.
        """
        self._rank = {name: rank for rank, name in enumerate(actions)}
        self.ids: list[str] = []
        self.kinds: list[str] = []
        self.days: list[str] = []
        self.hours: list[str] = []
        self.impressions, self.clicks = array("q"), array("q")
        self._spend, self.conversions, self._value = array("d"), array("d"), array("d")

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def has_conversions(self) -> bool:
        """True when any row told of one."""
        return bool(np.any(np.array(self.conversions)))

    def add(self, kind: Kind, rows: Iterable[Mapping[str, Any]], among: Container[str] | None = None) -> None:
        """Read rows of one level, in one pass.

        Args:
            among: Ids to keep; None: all.

        Raises:
            KeyError, TypeError, ValueError: A row has another form than it should have.
        """
        id_field = "campaign_id" if kind is Kind.CAMPAIGN else "adset_id"
        before = len(self.ids)
        for row in rows:  # plain statements: this loop runs for every object and day
            id_ = row[id_field]
            if among is not None and id_ not in among:
                continue
            self.ids.append(id_)
            self.days.append(row["date_start"])
            self._spend.append(float(row.get("spend") or 0))
            self.impressions.append(int(row.get("impressions") or 0))
            self.clicks.append(int(row.get("inline_link_clicks") or 0))
            self.conversions.append(self._chosen(row.get("actions")))
            self._value.append(self._chosen(row.get("action_values")))
            if HOUR in row:
                self.hours.append(row[HOUR])
        self.kinds += [kind.value] * (len(self.ids) - before)

    def cut(self, n: int) -> None:
        """Forget all rows but the first `n`, and what is left of a row that could not be read."""
        for column in (
            self.ids, self.kinds, self.days, self.hours, self.impressions, self.clicks,
            self._spend, self.conversions, self._value,
        ):  # fmt: skip
            del column[n:]

    @property
    def cost_micros(self) -> Numbers:
        return micros_of(self._spend)

    @property
    def value_micros(self) -> Numbers:
        return micros_of(self._value)

    def _chosen(self, entries: Sequence[Mapping[str, Any]] | None) -> float:
        """The figure of the first action type that the row has; 0 when it has none of them."""
        best, figure, rank_of = len(self._rank), 0.0, self._rank.get
        for entry in entries or ():
            rank = rank_of(entry["action_type"])
            if rank is not None and rank < best:
                best, figure = rank, float(entry["value"])
        return figure


def metrics_of(figures: Figures, since: date, until: date, partial_since: date | None) -> MetricsTable:
    """Daily figures as a table; Meta has no impression shares."""
    none = np.full(len(figures.ids), np.nan)
    return MetricsTable(
        since=np.datetime64(since, "D"),
        until=np.datetime64(until, "D"),
        partial_since=None if partial_since is None else np.datetime64(partial_since, "D"),
        kinds=np.array(figures.kinds, dtype=np.str_),
        ids=np.array(figures.ids, dtype=np.str_),
        days=np.array(figures.days, dtype="datetime64[D]"),
        cost_micros=figures.cost_micros,
        impressions=np.array(figures.impressions, dtype=np.int64),
        clicks=np.array(figures.clicks, dtype=np.int64),
        conversions=counted(figures.conversions),
        conversion_value_micros=figures.value_micros,
        search_impression_share=none,
        search_budget_lost_impression_share=none.copy(),
        search_rank_lost_impression_share=none.copy(),
    )


def hours_of(figures: Figures, zone: ZoneInfo) -> HourlyMetrics:
    """Hourly figures as columns; hours that a clock change puts on one moment are added up.

    Meta leaves conversions off its own pages out of hourly reports. Where no hour has any,
    nobody knows whether there were none, so they are NaN.

    Raises:
        ValueError: An hour has another form than "HH:00:00 - HH:59:59".
    """
    begins = np.array(
        [_begin(day, hour, zone) for day, hour in zip(figures.days, figures.hours, strict=True)],
        dtype="datetime64[m]",
    )
    ids: Strings = np.array(figures.ids, dtype=np.str_)
    keys = np.char.add(np.char.add(ids, " "), begins.astype(np.str_))
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    n = len(first)

    def total(column: Any) -> Any:
        values = np.asarray(column)
        sums = np.zeros(n, dtype=values.dtype)
        np.add.at(sums, group, values)
        return sums

    conversions = total(counted(figures.conversions))
    return HourlyMetrics(
        kinds=np.array(figures.kinds, dtype=np.str_)[first],
        ids=ids[first],
        hours=begins[first],
        cost_micros=total(figures.cost_micros),
        impressions=total(np.array(figures.impressions, dtype=np.int64)),
        clicks=total(np.array(figures.clicks, dtype=np.int64)),
        conversions=conversions if figures.has_conversions else np.full(n, np.nan),
        conversion_value_micros=total(figures.value_micros),
    )


def first_unsettled_day(now: datetime, zone: ZoneInfo, until: date) -> date | None:
    """The first day whose figures are not complete at `now`; None when all until `until` are."""
    local = now.astimezone(zone)
    first = local.date() - timedelta(days=1) if local.hour < _SETTLED_HOUR else local.date()
    return first if first <= until else None


def _begin(day: str, hour: str, zone: ZoneInfo) -> datetime:
    """The hour's begin in UTC, without zone as numpy wants it."""
    local = datetime.fromisoformat(f"{day}T{hour[:8]}").replace(tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None)
