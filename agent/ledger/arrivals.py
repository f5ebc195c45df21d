"""Arrivals: conversions as each reading told them for the first time, from what every reading knew."""

import numpy as np

from agent.domain.tracking import Moments
from agent.domain.tracking_due import Arrivals
from agent.ledger.development import DaySums


def arrived(sums: DaySums, at: Moments, since: np.datetime64) -> Arrivals:
    """What each reading knew of its days, less what the one before it had known of the same days.

    Args:
        at: Shape (n_readings,), when each was made, rising.
        since: Readings before this are left out.
    """
    left_out = int(np.searchsorted(at, since))
    at = at[left_out:]
    if not len(at):
        return Arrivals(at, np.empty(0))
    first, until, starts = sums.since[left_out:], sums.until[left_out:], sums.starts[left_out:]
    total = np.append(0.0, np.cumsum(sums.conversions[starts[0] :]))
    starts = starts - starts[0]
    ends = starts + until - first + 1
    both = np.maximum(first, np.append(first[0], first[:-1]))
    now = total[ends] - total[np.minimum(starts + both - first, ends)]
    of_before = (starts - first)[:-1]
    upto = np.minimum(ends[:-1], of_before + until[1:] + 1)
    before = total[upto] - total[np.minimum(of_before + both[1:], upto)]
    new = now - np.append(now[0], before)
    return Arrivals(at, new)
