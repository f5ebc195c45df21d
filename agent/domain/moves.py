"""Moves: how a lever has moved lately, and who moved it, as columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Numbers

Moments = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Moves:
    """What was seen of one lever's moves; every column has shape (n_entities,).

    A move is from one number to another; a lever that was away and came back as it was has not
    moved. Moments are datetime64[s] in UTC, those of the readings that showed a move.

    Attributes:
        last_day: How many moves there were in the last 24 hours, whoever made them.
        flipped_at: When it last flip-flopped, from A to B and within 7 days back to A (to a tenth
            of the way); NaT when it never did.
        edited_at: When somebody else last moved it: no change that gebot sent explains the move.
            Moves that were seen before gebot sent anything to the account do not count; NaT when
            there was none.
        edited_from, edited_to: Where that edit moved it from and to; 0 when there was none.
        highest_today: The highest number at which it stood since the account's midnight.
    """

    last_day: Numbers
    flipped_at: Moments
    edited_at: Moments
    edited_from: Numbers
    edited_to: Numbers
    highest_today: Numbers

    @classmethod
    def none(cls, numbers: Numbers) -> "Moves":
        """Of levers that were never seen to move; `numbers` is where they stand."""
        n = len(numbers)
        never, nothing = np.full(n, "NaT", dtype="datetime64[s]"), np.zeros(n, dtype=np.int64)
        return cls(nothing, never, never, nothing, nothing, numbers)

    def take(self, rows: NDArray[np.intp]) -> "Moves":
        """The moves of these rows, in this order."""
        return Moves(
            self.last_day[rows],
            self.flipped_at[rows],
            self.edited_at[rows],
            self.edited_from[rows],
            self.edited_to[rows],
            self.highest_today[rows],
        )
