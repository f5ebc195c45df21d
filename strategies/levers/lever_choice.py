"""Lever choice: what keeps an entity from more impressions, its budget or its rank.

Impressions lost to budget ask for a budget, impressions lost to rank for a bid or a target. Where
both are lost it is the budget: while it runs out, a higher bid or a looser target buys the same
hours dearer, not more of them.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats
from agent.domain.snapshot import Snapshot

N_DAYS = 7
MIN_DAYS = 3
BUDGET_LOSS = 0.05
RANK_LOSS = 0.10


class Bottleneck(StrEnum):
    """What holds an entity back, and with it which lever to look at."""

    BUDGET = "budget"  # raise the budget, or spend it better with a lower bid
    RANK = "rank"  # raise the bid, or loosen the target
    DEMAND = "demand"  # nearly everything there is was won: no lever buys more
    UNKNOWN = "unknown"  # the platform does not tell, or not for long enough


@dataclass(frozen=True, slots=True)
class LeverChoice:
    """Columns of shape (n_rows,).

    Attributes:
        bottleneck: Values of `Bottleneck`.
        lost_to_budget, lost_to_rank: Share of the impressions that could have been had, within
            [0, 1]; NaN where it is not told.
    """

    bottleneck: NDArray[np.str_]
    lost_to_budget: Floats
    lost_to_rank: Floats

    def is_at(self, bottleneck: Bottleneck) -> Flags:
        """Which rows are held back by this."""
        flags: Flags = self.bottleneck == bottleneck.value
        return flags

    def sentence(self, row: int) -> str:
        """The shares as a reviewer reads them, "" where neither is told."""
        told = [
            f"{share:.0%} of impressions lost to {name}"
            for name, share in (
                ("budget", float(self.lost_to_budget[row])),
                ("rank", float(self.lost_to_rank[row])),
            )
            if not np.isnan(share)
        ]
        return ", ".join(told)


def lever_choice(snapshot: Snapshot, rows: NDArray[np.intp], n_days: int = N_DAYS) -> LeverChoice:
    """Look at the last days of these rows of the snapshot.

    Pure, and row by row: the order of entities, their ids and the currency have no influence.

    Args:
        n_days: Look back so far. Days that are not known, and days without shares, are left out;
            with fewer than `MIN_DAYS` others nothing is told.
    """
    last = slice(max(len(snapshot.days) - n_days, 0), None)
    metrics = snapshot.metrics
    known = metrics.known[rows, last]
    shown = metrics.search_impression_share[rows, last]
    impressions = metrics.impressions[rows, last]
    lost_to_budget = _mean(metrics.search_budget_lost_impression_share[rows, last], shown, impressions, known)
    lost_to_rank = _mean(metrics.search_rank_lost_impression_share[rows, last], shown, impressions, known)
    return LeverChoice(bottlenecks(lost_to_budget, lost_to_rank), lost_to_budget, lost_to_rank)


def bottlenecks(
    lost_to_budget: Floats,
    lost_to_rank: Floats,
    *,
    budget_loss: float = BUDGET_LOSS,
    rank_loss: float = RANK_LOSS,
) -> NDArray[np.str_]:
    """Values of `Bottleneck` for shares of any one shape, NaN where they are not known.

    An unknown share to budget leaves everything unknown: a loss to rank alone does not show
    that the budget would last.

    Args:
        budget_loss, rank_loss: From such a share on something is lost.
    """
    with np.errstate(invalid="ignore"):
        cases = [
            lost_to_budget >= budget_loss,
            np.isnan(lost_to_budget) | np.isnan(lost_to_rank),
            lost_to_rank >= rank_loss,
        ]
    names = [Bottleneck.BUDGET.value, Bottleneck.UNKNOWN.value, Bottleneck.RANK.value]
    return np.select(cases, names, default=Bottleneck.DEMAND.value)


def _mean(lost: Floats, shown: Floats, impressions: NDArray[np.int64], known: Flags) -> Floats:
    """Mean over days, weighted by the impressions that each could have brought; NaN if unknown.

    Days count the same where the impression share is missing that would tell how many those were.
    """
    told = known & ~np.isnan(lost)
    unsized: Flags = told & ~((shown > 0) & (impressions > 0))
    sized = ~np.asarray(unsized.any(axis=1))
    eligible = np.divide(impressions, shown, out=np.ones_like(lost), where=sized[:, None] & told)
    weight = np.where(told, eligible, 0.0)
    total = weight.sum(axis=1)
    mean: Floats = np.full(len(lost), np.nan)
    enough = (told.sum(axis=1) >= MIN_DAYS) & (total > 0)
    np.divide((np.where(told, lost, 0.0) * weight).sum(axis=1), total, out=mean, where=enough)
    return mean
