"""LeverMoved: what both ledgers must agree on about the moves of a lever and who made them."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Numbers
from agent.domain.money import MICROS
from agent.domain.moves import Moments, Moves
from agent.domain.snapshot import COUNTED_OVER, UNSEEN
from agent.ledger.moments import micros

BASELINE_AGE = timedelta(days=7)

_DAY = timedelta(days=1)
_FLIP_FLOP = timedelta(days=7)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Sends:
    """Changes of one lever that gebot sent, by entity; columns of shape (n_sends,).

    Attributes:
        targets: What the lever was to stand at.
        at_us: When it was written down that the change would be sent.
        first_us: When gebot first sent anything to this account; None: it never did.
    """

    entities: Numbers
    targets: Numbers
    at_us: Numbers
    first_us: int | None


@dataclass(frozen=True, slots=True)
class LeverMoved:
    """Where one lever of each entity came to stand, by entity and time; columns of shape (n_rows,).

    A row whose entity is that of the row before is a move. Answers have shape (n_entities + 1,),
    the last of them for an entity that was never seen.

    Attributes:
        n_entities: Entities are numbers below it.
        at_us: When it was first seen to stand there.
    """

    n_entities: int
    entities: Numbers
    at_us: Numbers
    numbers: Numbers

    @classmethod
    def of(cls, n_entities: int, entities: Numbers, at_us: Numbers, numbers: Numbers) -> "LeverMoved":
        """Leave out where an entity had lost the lever (`UNSEEN`), and where it came back as it was.

        Args:
            entities, at_us, numbers: Sorted by entity and time.
        """
        seen = numbers != UNSEEN
        entities, at_us, numbers = entities[seen], at_us[seen], numbers[seen]
        new: Flags = ~_follows(entities)
        new[1:] |= numbers[1:] != numbers[:-1]
        return cls(n_entities, entities[new], at_us[new], numbers[new])

    def baseline(self, as_of: datetime) -> Numbers:
        """Where each stood 7 days before, as `stood` says it."""
        return self.stood(as_of - BASELINE_AGE)

    def day_ago(self, as_of: datetime) -> Numbers:
        """Where each stood a day before, as `stood` says it."""
        return self.stood(as_of - COUNTED_OVER)

    def stood(self, then: datetime) -> Numbers:
        """Where each stood then, else first stood since; else `UNSEEN`.

        A lever that was away then counts as it stood last before that.
        """
        before = self.at_us <= micros(then)
        baseline = np.full(self.n_entities + 1, UNSEEN, dtype=np.int64)
        baseline[self.entities[~before][::-1]] = self.numbers[~before][::-1]  # numpy keeps the last one
        baseline[self.entities[before]] = self.numbers[before]
        return baseline

    def moves(self, sends: Sends, as_of: datetime, time_zone: str) -> Moves:
        """Add up the moves. All that was seen and sent was so by `as_of`."""
        moved = np.flatnonzero(_follows(self.entities))
        late = moved[self.at_us[moved] > micros(as_of - _DAY)]
        edits = self._edits(moved, sends)
        return Moves(
            last_day=np.bincount(self.entities[late], minlength=self.n_entities + 1),
            flipped_at=self._last_moment(self._flip_flops()),
            edited_at=self._last_moment(edits),
            edited_from=self._last_number(edits, self.numbers[edits - 1]),
            edited_to=self._last_number(edits, self.numbers[edits]),
            highest_today=self._highest_since(_midnight_us(as_of, time_zone)),
        )

    def _flip_flops(self) -> NDArray[np.intp]:
        """Rows that take back the move before them, to a tenth of it, within 7 days."""
        thrice = np.flatnonzero(self.entities[2:] == self.entities[:-2]) + 2
        first, second, third = self.numbers[thrice - 2], self.numbers[thrice - 1], self.numbers[thrice]
        back = np.abs(third - first) <= np.abs(second - first) // 10
        soon = self.at_us[thrice] - self.at_us[thrice - 1] <= _FLIP_FLOP // _MICROSECOND
        found: NDArray[np.intp] = thrice[back & soon]
        return found

    def _edits(self, moved: NDArray[np.intp], sends: Sends) -> NDArray[np.intp]:
        """Rows that somebody else moved: gebot sent nothing to there since the row before was seen."""
        if sends.first_us is None:
            return moved[:0]
        moved = moved[self.at_us[moved] > sends.first_us]
        n_sends = len(sends.entities)
        who = np.concatenate([sends.entities, self.entities[moved]])
        where = np.concatenate([sends.targets, self.numbers[moved]])
        when = np.concatenate([sends.at_us, self.at_us[moved]])
        since = np.concatenate([sends.at_us, self.at_us[moved - 1]])
        is_move = np.arange(len(who)) >= n_sends
        order = np.lexsort((is_move, when, where, who))  # of one moment, what was sent comes first
        last_send = np.maximum.accumulate(np.where(is_move[order], -1, np.arange(len(order))))
        sent = order[last_send]
        ours = (last_send >= 0) & (who[sent] == who[order]) & (where[sent] == where[order])
        ours &= when[sent] >= since[order]
        theirs = np.sort(order[~ours & is_move[order]]) - n_sends
        found: NDArray[np.intp] = moved[theirs]
        return found

    def _last_moment(self, rows: NDArray[np.intp]) -> Moments:
        """The moment of each entity's last of these rows; NaT where there is none."""
        seconds = np.full(self.n_entities + 1, np.iinfo(np.int64).min)  # how numpy writes NaT
        seconds[self.entities[rows]] = self.at_us[rows] // MICROS
        moments: Moments = seconds.view("datetime64[s]")
        return moments

    def _last_number(self, rows: NDArray[np.intp], numbers: Numbers) -> Numbers:
        last = np.zeros(self.n_entities + 1, dtype=np.int64)
        last[self.entities[rows]] = numbers
        return last

    def _highest_since(self, moment_us: int) -> Numbers:
        before = np.flatnonzero(self.at_us <= moment_us)
        since = np.flatnonzero(self.at_us > moment_us)
        highest = self._last_number(before, self.numbers[before])
        np.maximum.at(highest, self.entities[since], self.numbers[since])
        return highest


def _follows(entities: Numbers) -> Flags:
    """Where a row is of the same entity as the row before."""
    follows = np.zeros(len(entities), dtype=bool)
    follows[1:] = entities[1:] == entities[:-1]
    return follows


def _midnight_us(as_of: datetime, time_zone: str) -> int:
    """When the account's day began, in which `as_of` is."""
    zone = ZoneInfo(time_zone)
    midnight = datetime.combine(as_of.astimezone(zone).date(), time(), zone)
    return micros(midnight.astimezone(UTC))
