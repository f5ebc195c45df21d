"""Delivery: how much a campaign can spend at all, read from budgets that it left unspent."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.entity import Flags, Floats
from agent.domain.lever import Lever
from agent.domain.snapshot import Snapshot
from strategies.budgets.pot import Pot
from strategies.response.history import History

_FULL = 0.95
_UNDERSPENT = 0.85
_HEADROOM = 1.06
_LOOK_BACK_DAYS = 7
_RAISE_DAYS = 3
_MORNING = np.timedelta64(24 - 8, "h")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What can be spent; shape (n,), micros.

    Attributes:
        most: Most that it makes sense to budget today.
        reach: What is really spent of any larger budget; infinite where budgets are used up.
    """

    most: Floats
    reach: Floats


def deliverable(snapshot: Snapshot, pot: Pot, history: History, *, growth: float) -> Delivery:
    """What each campaign can spend today.

    A budget grows by steps from what was really spent: what lies beyond is unknown, and money
    that cannot be spent is missing elsewhere. Where the present budget was not used up there is
    next to no growth; two days far below it make the spend, with some headroom, a cap.

    Args:
        growth: Largest budget as a multiple of the highest spend of the last days; never forces
            a cut by itself.
    """
    present = pot.present.astype(np.float64)
    stood = history.told & (history.ages <= _LOOK_BACK_DAYS) & _stood(snapshot, pot, history)
    count = stood.sum(axis=1)
    total = np.where(stood, history.spend, 0.0).sum(axis=1)
    spend = np.divide(total, count, out=present.copy(), where=count > 0)
    highest = history.spend[:, -_RAISE_DAYS:].max(axis=1, initial=0.0)
    highest = np.where(highest > 0, highest, present)
    full = spend >= _FULL * present
    most = np.maximum(present, np.where(full, growth * highest, _HEADROOM * spend))
    short = (stood & (history.spend < _UNDERSPENT * present[:, None])).sum(axis=1)
    capped = (short >= 2) & (spend < _UNDERSPENT * present)
    return Delivery(np.where(capped, _HEADROOM * spend, most), np.where(capped, spend, np.inf))


def _stood(snapshot: Snapshot, pot: Pot, history: History) -> Flags:
    """Days on which the present budget stood, shape (n, n_days): others cannot be compared with it."""
    memory = snapshot.memory.get(Lever.DAILY_BUDGET)
    if memory is None:
        return np.ones_like(history.told)
    zone = ZoneInfo(snapshot.entities.account.time_zone)
    offset = snapshot.as_of.astimezone(zone).utcoffset() or timedelta()
    # A change in the morning counts for its whole day: most of the money is spent later.
    changed = (memory.changed_at[pot.rows] + np.timedelta64(offset) + _MORNING).astype("datetime64[D]")
    days = snapshot.days[len(snapshot.days) - history.told.shape[1] :]
    stood: Flags = (days >= changed[:, None]) | np.isnat(changed)[:, None]
    return stood
