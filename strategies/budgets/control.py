"""Control: move each daily budget by how far its results are from a target."""

from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from strategies.budgets.options import require, require_share
from strategies.budgets.pot import Pot


@dataclass(frozen=True, slots=True)
class Proportional:
    """Proportional control of budgets, with a dead band and a minimum of evidence.

    Attributes:
        gain: Exponent: 1 moves a budget by the whole ratio of result to target, 0.5 by its root.
        dead_band: Results within this share of the target change nothing.
        min_conversions: Evidence needed: reported conversions, or the number that the target
            would have let the spend buy, whichever is more.
    """

    gain: float
    dead_band: float
    min_conversions: float

    def __post_init__(self) -> None:
        require(0 < self.gain <= 2, "gain", self.gain, "a number above 0 and up to 2")
        require_share("dead_band", self.dead_band)
        require(self.min_conversions >= 0, "min_conversions", self.min_conversions, "0 or more")

    def wishes(self, pot: Pot, ratio: Floats, evidence: Floats) -> Floats:
        """Scale present budgets.

        Args:
            ratio: Shape (n_rows,), above 1 where results are better than the target.
            evidence: Shape (n_rows,), in conversions.

        Returns:
            Shape (n_rows,), micros; the present budget where nothing should change.
        """
        act = (evidence >= self.min_conversions) & (np.abs(ratio - 1.0) > self.dead_band)
        return np.where(act, pot.present * ratio**self.gain, pot.present.astype(np.float64))


def against_target(earned: Floats, due: Floats) -> Floats:
    """How results stand against what the target asks for, drawn towards 1 by one conversion.

    The pseudo conversion keeps a ratio of few conversions from zero and from the extremes.

    Args:
        earned: Shape (n_rows,), conversions so far (or value in conversions of average value).
        due: Shape (n_rows,), conversions that the target asks for by now.
    """
    return (earned + 1.0) / (due + 1.0)
