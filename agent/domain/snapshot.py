"""Snapshot: all that was known about an account (or a portfolio in it) at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import Days, EntityTable, Flags, Floats, Numbers
from agent.domain.exclusion import excluded_days
from agent.domain.lever import Lever, Value, value_of
from agent.domain.marked_hours import MarkedHours
from agent.domain.metrics import DailyMetrics
from agent.domain.money import MICROS
from agent.domain.moves import Moves
from agent.domain.portfolio import Portfolio
from agent.domain.recent import Recent, recent
from agent.domain.record import Freeze
from agent.domain.ref import Kind, Ref

_KIND_OF = {Lever.DATA_EXCLUSION: Kind.DATA_EXCLUSION, Lever.CONVERSION_RATE_MODIFIER: Kind.SEASONALITY}

UNSEEN = -1
"""In `LeverMemory.stood`: no number is known of that day. No lever stands below zero."""


COUNTED_OVER = timedelta(hours=23, minutes=30)
"""How long changes of a lever count as one: a day, less what keeps the plan of six o'clock from
counting what yesterday's plan of six o'clock did."""


class Grade(StrEnum):
    """How far the metrics can be trusted for a decision."""

    FRESH = "fresh"  # seen lately, and every day up to yesterday is there
    STALE = "stale"  # last seen too long ago
    PARTIAL = "partial"  # days are missing from the window


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old and how whole the metrics are.

    Attributes:
        observed_at: When the platform was last read (UTC); None when it never was.
        last_complete_day: Newest day that is known and over; None when there is none.
        missing_days: Days of the window that no observation covers, yesterday included.
    """

    grade: Grade
    observed_at: datetime | None
    last_complete_day: date | None
    missing_days: int


@dataclass(frozen=True, slots=True)
class LeverMemory:
    """What the ledger knows of one lever's past.

    Attributes:
        changed_at: Shape (n_entities,), when the value last changed, whoever changed it;
            datetime64[s] in UTC, NaT when no change was ever seen.
        baseline: Shape (n_entities,), the number 7 days ago, or the oldest that was seen since
            then; 0 where the lever is not present. The rolling cap is measured from here.
        stood: Shape (n_entities, n_days), the number at the end of each of the snapshot's days
            (local midnight), as last seen by then; `UNSEEN` where nothing was, or where the
            entity had no such lever. An entity that is gone keeps its last number.
        moves: How it moved lately, and who moved it; None where nobody has watched.
        day_ago: Shape (n_entities,), where it stood a day before (`COUNTED_OVER`), or the oldest number
            that was seen since; None where nobody has watched. What changes add up to is measured from
            here.
    """

    changed_at: NDArray[np.datetime64]
    baseline: Numbers
    stood: Numbers
    moves: Moves | None = None
    day_ago: Numbers | None = None

    @classmethod
    def unseen(cls, numbers: Numbers, n_days: int) -> "LeverMemory":
        """The memory of a lever that nobody has watched: it has always stood where it stands."""
        n = len(numbers)
        never = np.full(n, "NaT", dtype="datetime64[s]")
        return cls(never, numbers.copy(), np.full((n, n_days), UNSEEN, dtype=np.int64))

    def take(self, rows: NDArray[np.intp]) -> "LeverMemory":
        """The memory of these rows, in this order."""
        moves = None if self.moves is None else self.moves.take(rows)
        day_ago = None if self.day_ago is None else self.day_ago[rows]
        return LeverMemory(self.changed_at[rows], self.baseline[rows], self.stood[rows], moves, day_ago)


@dataclass(frozen=True)
class Snapshot:
    """Columns over entities and days; never changed, only cut (`only`) or wound back (`before`).

    Attributes:
        as_of: The moment it speaks for (UTC).
        today: The date of `as_of` in the account's time zone; no figure of it is included.
        days: Shape (n_days,), oldest first; the last one is yesterday.
        metrics: Matrices of shape (n_entities, n_days).
        maturity: Shape (n_days,), share of each day's conversions that has been reported
            by now, within (0, 1].
        maturity_learned: False while `maturity` rests on the assumed lag curve alone: no day was
            seen twice, and the platform has not told how late its conversions are.
        memory: The past of each lever; the same keys as `entities.levers`.
        portfolio: Whose entities these are; None for the whole account.
        advice: What the platform itself told, as last read; of the whole account, also in a cut.
        channel_maturity: As `maturity`, of those channels that are known to differ from the account.
        freeze: In force, because conversions cannot be believed; also in a cut. Its hours, and those of
            earlier ones, are among the windows of `advice`.
        resumed_at: When the account last came back into sight: a freeze or a gap in its readings ended.
        sent_last_hour: How many changes gebot sent to the account in the hour before, also in a cut.
    """

    as_of: datetime
    today: date
    entities: EntityTable
    days: Days
    metrics: DailyMetrics
    maturity: NDArray[np.float64]
    maturity_learned: bool
    freshness: Freshness
    memory: Mapping[Lever, LeverMemory]
    portfolio: Portfolio | None = None
    advice: Advice = NO_ADVICE
    channel_maturity: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    freeze: Freeze | None = None
    resumed_at: datetime | None = None
    sent_last_hour: int = 0

    def __len__(self) -> int:
        return len(self.entities)

    @property
    def currency(self) -> str:
        return self.entities.account.currency

    @cached_property
    def reported(self) -> Floats:
        """Share of each entity's conversions that has been reported: its channel's, else the account's.

        Shape (n_entities, n_days), within (0, 1]; not to be written to.
        """
        if not self.channel_maturity:
            return np.broadcast_to(self.maturity, (len(self), len(self.days)))
        channels, place = np.unique(self.entities.channels, return_inverse=True)
        curves = [self.channel_maturity.get(channel, self.maturity) for channel in channels.tolist()]
        reported: Floats = np.stack(curves)[place] if curves else np.empty((0, len(self.days)))
        return reported

    @cached_property
    def excluded(self) -> Flags:
        """Where somebody has said that the conversions of a day are wrong or unusual.

        Shape (n_entities, n_days). Cost and clicks of such a day are as true as ever.
        """
        return excluded_days(self.advice.windows, self.entities, self.days)

    @cached_property
    def learnable(self) -> Flags:
        """Where something may be learned from conversions: the day is known and not excluded.

        Shape (n_entities, n_days). Whatever counts conversions asks this and not `metrics.known`.
        """
        if not self.advice.windows:
            return self.metrics.known
        learnable: Flags = self.metrics.known & ~self.excluded
        return learnable

    @cached_property
    def recent(self) -> Recent:
        """Each entity's last 14 learnable days, added up once."""
        return recent(self.metrics, self.learnable, self.reported, self.days, self.entities.started)

    def number(self, ref: Ref, lever: Lever) -> int | None:
        """Where a lever stands, as micros, millionths or 0/1; None where it does not exist.

        Marked hours are no entities: well-formed ones stand as the platform told, and at "paused"
        or 1 where it told of none such.
        """
        if not lever.is_of_hours:
            return self.entities.number(ref, lever)
        id_ = self.entities.account.id.id_of(ref)
        if id_ is None or ref.kind is not _KIND_OF[lever] or MarkedHours.parse(ref.id) is None:
            return None
        found = [one for one in self.advice.windows if (one.kind, one.id) == (ref.kind, id_)]
        if lever is Lever.DATA_EXCLUSION:
            return len(found[:1])
        return found[0].modifier_millionths if found else MICROS

    def value(self, ref: Ref, lever: Lever) -> Value | None:
        """The same as a typed value."""
        number = self.number(ref, lever)
        return None if number is None else value_of(lever, number, self.currency)

    def only(self, rows: NDArray[np.intp], portfolio: Portfolio | None = None) -> "Snapshot":
        """The same moment for these rows alone."""
        return replace(
            self,
            entities=self.entities.take(rows),
            metrics=self.metrics.cut(rows),
            memory={lever: memory.take(rows) for lever, memory in self.memory.items()},
            portfolio=portfolio if portfolio is not None else self.portfolio,
        )

    def before(self, n_days: int) -> "Snapshot":
        """The same knowledge without its last `n_days` days: windows end that much earlier.

        Levers stay as they are, only `stood` loses its last days; it is for asking whether
        something *has been* true.
        """
        if n_days == 0:
            return self
        return replace(
            self,
            days=self.days[:-n_days],
            metrics=self.metrics.cut((slice(None), slice(-n_days))),
            maturity=self.maturity[:-n_days],
            channel_maturity={name: curve[:-n_days] for name, curve in self.channel_maturity.items()},
            memory={
                lever: replace(memory, stood=memory.stood[:, :-n_days])
                for lever, memory in self.memory.items()
            },
        )

    def age_days(self) -> NDArray[np.float64]:
        """Days since each entity started, shape (n_entities,); NaN when unknown."""
        age = np.datetime64(self.today, "D") - self.entities.started
        return np.where(np.isnat(age), np.nan, age.astype("timedelta64[D]").astype(np.float64))

    def steerable(self, lever: Lever) -> Flags:
        """Where the lever is present, and the entity and its campaign are enabled and not locked.

        Of a status only the entity itself is asked.
        """
        column = self.entities.levers.get(lever)
        if column is None:
            return np.zeros(len(self), dtype=bool)
        free = self.entities.locked == ""
        steerable: Flags = column.present & free & free[self.entities.campaign_rows]
        status = self.entities.levers.get(Lever.STATUS)
        if status is not None and lever is not Lever.STATUS:
            enabled = ~status.present | (status.numbers == 1)
            steerable = steerable & enabled & enabled[self.entities.campaign_rows]
        return steerable
