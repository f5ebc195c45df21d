"""Believed: the whole curve of each budget with its band, for people who want to see what was believed."""

import numpy as np

from agent.domain.entity import Floats
from agent.domain.responses import Responses
from agent.domain.snapshot import Snapshot
from strategies.budgets.pot import Pot
from strategies.response.model import Model

_NUDGE = 1.02


def responses(snapshot: Snapshot, pot: Pot, model: Model, reach: Floats, multiples: Floats) -> Responses:
    """What the model believes at these multiples of the present budgets.

    Args:
        reach: Shape (n,), micros, what is really spent of a larger budget.
        multiples: Shape (k,), rising, above zero.
    """
    present = np.maximum(pot.present, 1).astype(np.float64)
    budgets = present[:, None] * multiples
    believed = [model.believed(np.minimum(column, reach)) for column in budgets.T]
    spent = np.minimum(present, reach)
    step = model.believed_step(spent / _NUDGE, spent * _NUDGE).mean
    return Responses(
        goal=model.goal,
        refs=[snapshot.entities.ref(row) for row in pot.rows.tolist()],
        present=present,
        reach=reach,
        budgets=budgets,
        mean=np.stack([one.mean for one in believed], axis=1),
        low=np.stack([one.low for one in believed], axis=1),
        high=np.stack([one.high for one in believed], axis=1),
        marginal=np.where(present > reach, 0.0, step / (spent * _NUDGE - spent / _NUDGE)),
    )
