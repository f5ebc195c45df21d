"""KPIs: what campaigns cost and brought over some days, as columns. Pure.

Days that are not known add nothing and are counted as missing; a ratio over nothing is NaN. What is
held against another time is held per known day, and conversions as they will be once all are
reported, so that neither a gap nor youth looks like a fall.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats, Numbers, Strings
from agent.domain.metrics import DailyMetrics
from agent.domain.ref import Kind

RIPE = 0.97
"""From this share on, conversions count as reported."""
LEAST_REPORTED = 0.5
"""Below this share nothing is said of how conversions compare."""


@dataclass(frozen=True, slots=True)
class Kpis:
    """Sums over known days; columns of shape (n,), money in micros.

    Attributes:
        n_days: How many days were asked for.
        known_days: How many of them are known.
        impression_share: Of Search, within [0, 1], weighted by impressions; NaN where there is none.
        reported: Share of the conversions that has been reported by now, weighted by clicks; NaN
            where no day is known.
    """

    n_days: int
    known_days: Numbers
    cost_micros: Numbers
    impressions: Numbers
    clicks: Numbers
    conversions: Floats
    value_micros: Numbers
    impression_share: Floats
    reported: Floats

    def __len__(self) -> int:
        return len(self.known_days)

    @property
    def roas(self) -> Floats:
        return _over(self.value_micros, self.cost_micros)

    @property
    def cpa_micros(self) -> Floats:
        return _over(self.cost_micros, self.conversions)

    @property
    def cvr(self) -> Floats:
        return _over(self.conversions, self.clicks)

    @property
    def ctr(self) -> Floats:
        return _over(self.clicks, self.impressions)

    @property
    def cpc_micros(self) -> Floats:
        return _over(self.cost_micros, self.clicks)

    def take(self, rows: NDArray[np.intp]) -> "Kpis":
        """These rows, in this order."""
        columns = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name != "n_days"}
        return Kpis(n_days=self.n_days, **columns)


def kpis(metrics: DailyMetrics, reported: Floats, days: Flags, groups: Numbers | None = None) -> Kpis:
    """Add up the days of each row, or of each group of rows.

    Args:
        reported: Shape (n_entities, n_days), share of a day's conversions that has been reported.
        days: Shape (n_days,), which to add up.
        groups: Shape (n_entities,), number of the group that each row is in, from 0 without gaps;
            a day of a group is known where it is known of all of its rows.
    """
    chosen = metrics.cut((slice(None), slice(None))) if days.all() else _of_days(metrics, days)
    known, young = chosen.known, reported[:, days]
    n = known.shape[0]
    group = np.arange(n) if groups is None else groups
    n_groups = n if groups is None else (int(groups.max()) + 1 if n else 0)

    def summed(matrix: NDArray[np.int64]) -> Numbers:
        totals = np.zeros(n_groups, dtype=np.int64)
        np.add.at(totals, group, np.where(known, matrix, 0).sum(axis=1))
        return totals

    def added(matrix: NDArray[np.float64]) -> Floats:
        totals: Floats = np.bincount(group, np.where(known, matrix, 0.0).sum(axis=1), n_groups).astype(float)
        return totals

    share, seen = chosen.search_impression_share, chosen.impressions.astype(np.float64)
    told = known & ~np.isnan(share)
    weight = np.where(chosen.clicks > 0, chosen.clicks, 1e-6)
    missing = np.zeros((n_groups, known.shape[1]), dtype=np.int64)
    np.add.at(missing, group, ~known)
    return Kpis(
        n_days=int(days.sum()),
        known_days=(missing == 0).sum(axis=1),
        cost_micros=summed(chosen.cost_micros),
        impressions=summed(chosen.impressions),
        clicks=summed(chosen.clicks),
        conversions=added(chosen.conversions),
        value_micros=summed(chosen.conversion_value_micros),
        impression_share=_over(
            added(np.where(told, np.nan_to_num(share) * seen, 0.0)), added(np.where(told, seen, 0.0))
        ),
        reported=_over(added(weight * young), added(weight + 0.0 * young)),
    )


def campaign_rows(kinds: Strings) -> NDArray[np.intp]:
    """Rows to add up, so that nothing counts twice: campaigns; without any, all there are."""
    rows = np.flatnonzero(kinds == Kind.CAMPAIGN.value)
    return rows if len(rows) else np.arange(len(kinds))


def change_of_sum(now: Kpis, before: Kpis, name: str) -> Floats:
    """Relative change of a sum per known day; NaN where there was nothing, or it is too young to tell."""
    return _over(_per_day(now, name), _per_day(before, name)) - 1.0


def change_of_ratio(now: Kpis, before: Kpis, name: str) -> Floats:
    """Relative change of a ratio, both as they will be once all conversions are reported."""
    return _over(_ripe_ratio(now, name), _ripe_ratio(before, name)) - 1.0


_BY_CONVERSIONS = frozenset({"conversions", "value_micros", "roas", "cvr"})


def _per_day(one: Kpis, name: str) -> Floats:
    per_day = _over(getattr(one, name), one.known_days)
    return per_day / _fit_to_tell(one) if name in _BY_CONVERSIONS else per_day


def _ripe_ratio(one: Kpis, name: str) -> Floats:
    ratio: Floats = getattr(one, name)
    if name == "cpa_micros":
        return ratio * _fit_to_tell(one)
    return ratio / _fit_to_tell(one) if name in _BY_CONVERSIONS else ratio


def _fit_to_tell(one: Kpis) -> Floats:
    """The reported share, NaN where it is too small to say anything."""
    return np.where(one.reported >= LEAST_REPORTED, one.reported, np.nan)


def _of_days(metrics: DailyMetrics, days: Flags) -> DailyMetrics:
    inside = np.flatnonzero(days)
    if not len(inside):
        return metrics.cut((slice(None), slice(0, 0)))
    return metrics.cut((slice(None), slice(int(inside[0]), int(inside[-1]) + 1)))


def _over(above: NDArray[np.generic], below: NDArray[np.generic]) -> Floats:
    """The ratio; NaN over nothing."""
    numerator, denominator = above.astype(np.float64), below.astype(np.float64)
    ratio: Floats = np.divide(
        numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0
    )
    return ratio
