"""The simulated account as a stage; its trouble is made by a wrapper around the adapter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markets import FEW, platform_of
from truth import cost_micros, standing

from adapters.conformance.stage import Ability, Opening, Trouble
from agent.clock import SteppedClock
from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import AccessDenied, RateLimited, Unreachable
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Ambiguous, Edit, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import AccountId, Kind, Ref
from agent.ports.platform import Adapter
from simulations.bidding import GOOGLE, META
from simulations.depth import Depth
from simulations.platform import Platform
from simulations.simulated.adapter import SimulatedAdapter
from simulations.simulated.connect import PLATFORM

SECRET = "canary-7f3a"
UNITS = {"JPY": 1_000_000, "HUF": 1_000_000}
"""Smallest steps that are not 10,000 micros."""
DEPTH = Depth(
    groups_per_campaign=2,
    keywords_per_group=2,
    portfolio_strategies=1,
    group_budgets=1,
    lifetime_budgets=1,
    group_targets=1,
    bidding=GOOGLE + META,
)


class Troubled:
    """The adapter, with what befalls its calls."""

    def __init__(self, inner: Adapter) -> None:
        self.inner = inner
        self.trouble: Trouble | None = None
        self.writes = 0

    def account(self) -> Account:
        self._strike("read")
        return self.inner.account()

    def entities(self) -> EntityTable:
        self._strike("read")
        return self.inner.entities()

    def metrics(self, since: date, until: date) -> MetricsTable:
        self._strike("read")
        return self.inner.metrics(since, until)

    def hours(self, since: date, until: date) -> HourlyMetrics:
        self._strike("read")
        return self.inner.hours(since, until)

    def advice(self) -> Advice:
        self._strike("read")
        return self.inner.advice()

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        self._strike("read")
        return self.inner.read(levers)

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        self._strike("read")
        return self.inner.rehearse(changes)

    def history(self, since: datetime) -> Sequence[Edit]:
        self._strike("read")
        return self.inner.history(since)

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        self._strike("write")
        trouble, lost = self.trouble, Ambiguous("the reply was lost")
        heard = [
            change for change, receipt in zip(changes, self.inner.rehearse(changes), strict=True)
            if not isinstance(receipt, Refused)
        ]  # fmt: skip
        self.writes += bool(heard)
        match None if trouble is None else trouble.what:
            case Ability.LOSE_REQUEST:
                self.trouble = None
                return [lost if change in heard else Refused("it cannot be") for change in changes]
            case Ability.LOSE_REPLY:
                self.trouble = None
                receipts = self.inner.apply(changes)
                return [each if isinstance(each, Refused) else lost for each in receipts]
            case Ability.REFUSE_ONE:
                assert trouble is not None
                self.trouble = None
                place = trouble.operation
                rest = [*changes[:place], *changes[place + 1 :]]
                receipts = list(self.inner.apply(rest))
                return [*receipts[:place], Refused("a rule of the platform's own"), *receipts[place:]]
        return self.inner.apply(changes)

    def _strike(self, call: str) -> None:
        trouble = self.trouble
        if trouble is None:
            return
        account = str(self.inner.account().id)
        match trouble.what, call:
            case (Ability.LIMIT_READS, "read") | (Ability.LIMIT_WRITES, "write"):
                raise RateLimited(account, "too many calls", trouble.seconds)
            case (Ability.BREAK_OFF, "read") | (Ability.VANISH, _):
                raise Unreachable(account, "the connection was reset")
            case Ability.DENY, _:
                raise AccessDenied(account, "the token was revoked")


@dataclass
class SimulatedScene:
    """One simulated account."""

    platform: Platform
    clock: SteppedClock
    troubled: Troubled
    reader: Adapter
    abilities: frozenset[Ability]
    secrets: tuple[str, ...] = (SECRET,)

    @property
    def writer(self) -> Adapter:
        return self.reader

    @property
    def unit_micros(self) -> int:
        return self.platform.account.unit_micros

    def now(self) -> datetime:
        return self.clock.now()

    def standing(self, ref: Ref, lever: Lever) -> int | None:
        return standing(self.platform, ref, lever)

    def writes(self) -> int:
        return self.troubled.writes

    def cost_micros(self, day: date) -> int:
        return cost_micros(self.platform, day)

    def advance(self, span: timedelta) -> None:
        self.clock.move_to(self.clock.now() + span)

    def edit(self, ref: Ref, lever: Lever, value: Value) -> None:
        person = SimulatedAdapter(self.platform, "somebody@example.com")
        person.apply([Change(ref, lever, value, value)])

    def make(self, trouble: Trouble) -> None:
        self.troubled.trouble = trouble

    def mend(self) -> None:
        self.troubled.trouble = None

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True)
class SimulatedStage:
    """Opens simulated accounts.

    Attributes:
        around: Makes what is under test of the simulated adapter.
    """

    around: Callable[[Adapter], Adapter] = lambda adapter: adapter
    name: str = "simulated"
    abilities: frozenset[Ability] = frozenset(Ability)

    def open(self, opening: Opening) -> SimulatedScene:
        clock = SteppedClock(opening.now)
        account = AccountId(PLATFORM, "demo")
        unit_micros = UNITS.get(opening.currency, 10_000)
        platform = platform_of(opening, clock, account, unit_micros=unit_micros, depth=DEPTH)
        levels = frozenset(Kind) if opening.campaigns <= FEW else frozenset[Kind]()
        troubled = Troubled(SimulatedAdapter(platform, levels=levels, advises=True))
        return SimulatedScene(platform, clock, troubled, self.around(troubled), self.abilities)
