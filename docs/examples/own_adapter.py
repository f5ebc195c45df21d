"""Own adapter: a platform in fifty lines, an adapter for it, and the stage on which it is tried.

Run it from the project's folder: python docs/examples/own_adapter.py
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from adapters.conformance.run import run
from adapters.conformance.stage import Ability, Opening, Trouble
from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.errors import Unreachable
from agent.domain.hours import HourlyMetrics, no_hours
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Ambiguous, Edit, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import AccountId, Kind, Ref

UNIT = 10_000


@dataclass
class TinyPlatform:
    """Somebody's ad platform: budgets in cents, and a cost of 90 % of them each day."""

    currency: str
    time_zone: str
    now: datetime
    history_days: int
    cents: dict[str, int]
    started: date = field(init=False)
    calls: int = 0
    trouble: Trouble | None = None

    def __post_init__(self) -> None:
        self.started = self.today() - timedelta(days=self.history_days)

    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()

    def get(self) -> dict[str, int]:
        """Every campaign with its budget."""
        if self.trouble is not None and self.trouble.what is Ability.VANISH:
            raise ConnectionError
        return dict(self.cents)

    def post(self, id_: str, cents: int) -> None:
        """Set a budget."""
        self.get()
        self.calls += 1
        trouble, self.trouble = self.trouble, None
        if trouble is not None and trouble.what is Ability.LOSE_REQUEST:
            raise TimeoutError
        self.cents[id_] = cents
        if trouble is not None and trouble.what is Ability.LOSE_REPLY:
            raise TimeoutError


class TinyAdapter:
    """Implements `agent.ports.platform.Adapter`."""

    def __init__(self, platform: TinyPlatform) -> None:
        self._platform = platform
        self._id = AccountId("tiny", "1")

    def account(self) -> Account:
        return Account(self._id, "Tiny", self._platform.currency, self._platform.time_zone, UNIT)

    def entities(self) -> EntityTable:
        budgets = self._budgets()
        ids = list(budgets)
        micros = [budgets[id_] * UNIT for id_ in ids]
        return entity_table(
            self.account(), ids, names=[f"Campaign {id_}" for id_ in ids], levers={Lever.DAILY_BUDGET: micros}
        )

    def metrics(self, since: date, until: date) -> MetricsTable:
        budgets, today = self._budgets(), self._platform.today()
        until = min(until, today)
        first = max(since, self._platform.started)
        days = np.arange(np.datetime64(first), np.datetime64(until) + 1)
        ids = np.repeat(np.array(list(budgets), dtype=np.str_), len(days))
        cost = np.repeat(
            np.array([cents * UNIT * 9 // 10 for cents in budgets.values()], np.int64), len(days)
        )
        n, unknown = len(ids), np.full(len(ids), np.nan)
        return MetricsTable(
            since=np.datetime64(since),
            until=np.datetime64(until),
            partial_since=np.datetime64(today) if until >= today else None,
            kinds=np.full(n, Kind.CAMPAIGN.value),
            ids=ids,
            days=np.tile(days, len(budgets)),
            cost_micros=cost,
            impressions=cost // 1_000,
            clicks=cost // 500_000,
            conversions=cost / 20_000_000,
            conversion_value_micros=cost * 3,
            search_impression_share=unknown,
            search_budget_lost_impression_share=unknown,
            search_rank_lost_impression_share=unknown,
        )

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return no_hours()

    def advice(self) -> Advice:
        return NO_ADVICE

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        budgets = self._budgets()
        return {
            (ref, lever): Money(budgets[ref.id] * UNIT, self._platform.currency)
            for ref, lever in levers
            if self._has(ref, budgets) and lever is Lever.DAILY_BUDGET
        }

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        budgets = self._budgets()
        return [self._refused(change, budgets) or Accepted() for change in changes]

    def history(self, since: datetime) -> Sequence[Edit]:
        return ()

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        budgets = self._budgets()  # raises before anything was sent
        return [self._refused(change, budgets) or self._send(change) for change in changes]

    def _send(self, change: Change) -> Receipt:
        assert isinstance(change.after, Money)
        try:
            self._platform.post(change.ref.id, change.after.micros // UNIT)
        except (TimeoutError, ConnectionError):
            return Ambiguous("the platform did not answer")
        return Accepted()

    def _refused(self, change: Change, budgets: Mapping[str, int]) -> Refused | None:
        match change.after:
            case _ if not self._has(change.ref, budgets) or change.lever is not Lever.DAILY_BUDGET:
                return Refused(f"there is no {change.lever} of {change.ref}")
            case Money(currency=currency) if currency != self._platform.currency:
                return Refused(f"the account is in {self._platform.currency}, not in {currency}")
            case Money(micros=micros) if micros > 0 and micros % UNIT == 0:
                return None
        return Refused(f"the budget was {change.after}, whole cents above zero are right")

    def _has(self, ref: Ref, budgets: Mapping[str, int]) -> bool:
        return ref.account_id == self._id and ref.kind is Kind.CAMPAIGN and ref.id in budgets

    def _budgets(self) -> dict[str, int]:
        try:
            return self._platform.get()
        except ConnectionError as error:
            raise Unreachable(str(self._id), "nobody answers") from error


@dataclass
class TinyScene:
    """One account that was opened for one check."""

    platform: TinyPlatform
    abilities: frozenset[Ability]
    unit_micros: int = UNIT
    secrets: tuple[str, ...] = ()

    @property
    def reader(self) -> TinyAdapter:
        return TinyAdapter(self.platform)

    @property
    def writer(self) -> TinyAdapter:
        return self.reader

    def now(self) -> datetime:
        return self.platform.now

    def standing(self, ref: Ref, lever: Lever) -> int | None:
        cents = self.platform.cents.get(ref.id)
        return None if cents is None else cents * UNIT

    def writes(self) -> int:
        return self.platform.calls

    def cost_micros(self, day: date) -> int:
        return sum(cents * UNIT * 9 // 10 for cents in self.platform.cents.values())

    def advance(self, span: timedelta) -> None:
        self.platform.now += span

    def edit(self, ref: Ref, lever: Lever, value: Value) -> None:
        assert isinstance(value, Money)
        self.platform.cents[ref.id] = value.micros // UNIT

    def make(self, trouble: Trouble) -> None:
        self.platform.trouble = trouble

    def mend(self) -> None:
        self.platform.trouble = None

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True)
class TinyStage:
    """Opens accounts of the tiny platform."""

    name: str = "tiny"
    abilities: frozenset[Ability] = frozenset(
        {
            *(Ability.WRITE, Ability.REHEARSE, Ability.ADVANCE, Ability.EDIT, Ability.COUNT_COST),
            *(Ability.OPEN_EMPTY, Ability.OPEN_UNBEGUN, Ability.OPEN_PAGES, Ability.OPEN_LARGE),
            *(Ability.LOSE_REPLY, Ability.LOSE_REQUEST, Ability.VANISH),
        }
    )

    def open(self, opening: Opening) -> TinyScene:
        cents = {f"{number:06d}": 1_000 + number % 700 for number in range(opening.campaigns)}
        platform = TinyPlatform(opening.currency, opening.time_zone, opening.now, opening.history_days, cents)
        return TinyScene(platform, self.abilities)


if __name__ == "__main__":
    report = run(TinyStage())
    print(report)  # noqa: T201  # it is for people
    raise SystemExit(not report.conforms)
