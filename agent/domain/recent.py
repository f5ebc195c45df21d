"""Recent: what the last days that may be learned from say of each entity, as columns."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Days, Flags, Floats, Numbers
from agent.domain.metrics import DailyMetrics

WINDOW_DAYS = 14


@dataclass(frozen=True, slots=True)
class Recent:
    """Each entity's last `WINDOW_DAYS` learnable days; every column has shape (n_entities,).

    A learnable day is known, and nobody has said that its conversions are wrong.

    Attributes:
        history_days: Learnable days since the entity started, or since its first impression or
            cost where its start is not known; over the whole snapshot, not the window.
        clicks: Sum over the window.
        reported: Share of the window's conversions that is reported, weighted by cost (evenly
            where nothing was spent); NaN where there is no such day.
    """

    history_days: Numbers
    clicks: Numbers
    reported: Floats


def recent(metrics: DailyMetrics, learnable: Flags, maturity: Floats, days: Days, started: Days) -> Recent:
    """Look back from the last day; shapes are those of `Snapshot`.

    Args:
        maturity: Shape (n_entities, n_days).
    """
    from_the_end = np.cumsum(learnable[:, ::-1], axis=1, dtype=np.int32)[:, ::-1]
    window = learnable & (from_the_end <= WINDOW_DAYS)

    seen = (metrics.impressions > 0) | (metrics.cost_micros > 0)
    begun = np.where(
        np.isnat(started)[:, None], np.logical_or.accumulate(seen, axis=1), days >= started[:, None]
    )

    weight = np.where(window, metrics.cost_micros, 0).astype(np.float64)
    unspent = weight.sum(axis=1) == 0
    weight[unspent] = window[unspent]
    total = weight.sum(axis=1)
    reported = np.full(len(learnable), np.nan)
    np.divide((weight * maturity).sum(axis=1), total, out=reported, where=total > 0)
    return Recent(
        history_days=(learnable & begun).sum(axis=1),
        clicks=np.where(window, metrics.clicks, 0).sum(axis=1),
        reported=reported,
    )
