"""Stage: made-up accounts in which all is well, so that only what is changed can be objected to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction

import numpy as np

from agent.domain.entity import Account, entity_table
from agent.domain.lever import Lever, value_of
from agent.domain.metrics import DailyMetrics
from agent.domain.moves import Moves
from agent.domain.proposal import Proposal
from agent.domain.ref import AccountId
from agent.domain.snapshot import Freshness, Grade, LeverMemory, Snapshot
from agent.guardrails.exposure import Reserved

_COST = 1_000_000


@dataclass(frozen=True, slots=True)
class Scene:
    """A breach: wishes in an account.

    Attributes:
        about: What is tried, for people.
        cuts: As `guard` takes them.
    """

    about: str
    snapshot: Snapshot
    wishes: tuple[Proposal, ...]
    reserved: Reserved = field(default_factory=dict)
    cuts: tuple[Snapshot, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """Where scenes play: one lever, its limits as numbers, and a moment at which no window is open.

    Attributes:
        lowest, highest: Between which the lever may stand.
        step: The largest share by which it may move at once, all limits counted.
        switched: Of a status: where it stands.
    """

    account: Account
    as_of: datetime
    lever: Lever
    lowest: int
    highest: int
    step: Fraction
    n_days: int
    clicks_a_day: int
    quarantine: timedelta
    switched: int = 1

    @property
    def unit(self) -> int:
        return self.account.step(self.lever)

    @property
    def present(self) -> int:
        """In the middle of what is allowed."""
        if self.lever.is_switch:
            return self.switched
        return (self.lowest + self.highest) // 2 // self.unit * self.unit

    def cut(self, present: int) -> int:
        """A number below that every limit allows, if one does."""
        if self.lever.is_switch:
            return 1 - present
        reach = present * self.step.numerator // self.step.denominator // 2
        return max(present - max(reach // self.unit, 1) * self.unit, self.lowest)

    def above(self, limit: int) -> int:
        """A little above a limit, within reach of it."""
        return max(-(-limit * (4 + self.step) // 4) // self.unit * self.unit, limit // self.unit * self.unit)

    def below(self, limit: int) -> int:
        """A little below a limit, within reach of it."""
        return max(int(limit * (4 - self.step) / 4) // self.unit * self.unit, self.unit)

    def calm(self) -> Snapshot:
        """One campaign, of which nothing bad is known."""
        return self.stand([self.present])

    def stand(self, numbers: Sequence[int], *, others: Sequence[int] = ()) -> Snapshot:
        """An account whose first campaigns stand at these numbers, with others below them; all delivers."""
        n, days = len(numbers) + len(others), self._days()
        shape = (n, self.n_days)
        levers: dict[Lever, list[int | None]] = {
            Lever.STATUS: [1] * n,
            self.lever: [*numbers, *others],
        }
        table = entity_table(
            self.account,
            [f"{row:06d}" for row in range(n)],
            names=[f"Campaign {row + 1}" for row in range(n)],
            started=np.full(n, days[0]),
            levers=levers,
        )
        clicks = np.full(shape, self.clicks_a_day, dtype=np.int64)
        untold = np.full(shape, np.nan)
        return Snapshot(
            as_of=self.as_of,
            today=self.as_of.date(),
            entities=table,
            days=days,
            metrics=DailyMetrics(
                known=np.ones(shape, dtype=bool),
                cost_micros=np.full(shape, _COST, dtype=np.int64),
                impressions=clicks * 10,
                clicks=clicks,
                conversions=np.ones(shape),
                conversion_value_micros=np.full(shape, _COST, dtype=np.int64),
                search_impression_share=untold,
                search_budget_lost_impression_share=untold,
                search_rank_lost_impression_share=untold,
            ),
            maturity=np.ones(self.n_days),
            maturity_learned=True,
            freshness=Freshness(Grade.FRESH, self.as_of, self.as_of.date() - timedelta(days=1), 0),
            memory={
                lever: replace(
                    LeverMemory.unseen(column.numbers, self.n_days), moves=Moves.none(column.numbers)
                )
                for lever, column in table.levers.items()
            },
        )

    def wish(self, snapshot: Snapshot, number: int, row: int = 0) -> Proposal:
        target = value_of(self.lever, number, self.account.currency)
        return Proposal(snapshot.entities.ref(row), self.lever, target, "to see it stopped", "doctor")

    def scene(self, about: str, snapshot: Snapshot, number: int) -> Scene:
        """One wish for the first campaign."""
        return Scene(about, snapshot, (self.wish(snapshot, number),))

    def _days(self) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
        today = np.datetime64(self.as_of.date(), "D")
        return np.arange(today - self.n_days, today)


def made_up(currency: str) -> Account:
    """The account in which scenes play."""
    return Account(AccountId("doctor", "made-up"), "Made up", currency, "UTC")


def remembering(snapshot: Snapshot, lever: Lever, **columns: object) -> Snapshot:
    """The snapshot with these columns of the lever's memory or moves; a moment is one of all rows."""
    memory = snapshot.memory[lever]
    assert memory.moves is not None, "a stage watches"
    n = len(snapshot)
    made = {
        name: np.full(n, value.replace(tzinfo=None), dtype="datetime64[s]")
        if isinstance(value, datetime)
        else np.full(n, value)
        for name, value in columns.items()
    }
    own = {name: column for name, column in made.items() if name in ("changed_at", "baseline")}
    rest = {name: column for name, column in made.items() if name not in own}
    told = replace(memory, moves=replace(memory.moves, **rest), **own)
    return replace(snapshot, memory={**snapshot.memory, lever: told})
