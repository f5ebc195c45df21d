"""Play: a scenario lived through with the shipped guardrails, once with the event and once without."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import joblib
import numpy as np

from agent.clock import SteppedClock
from agent.config.accounts import AccountSettings
from agent.config.settings import Settings
from agent.domain.entity import Account, Floats, Numbers
from agent.domain.lever import Ratio
from agent.domain.money import Money
from agent.domain.ref import AccountId
from agent.steps.decide import Desk, Membership
from agent.wiring.fencing import fence
from agent.wiring.parts import desks
from simulations.living import alone, budgets_of, live, parts_of
from simulations.market import Market
from simulations.oracle import expectation, optimum
from simulations.platform import Platform
from simulations.scenarios.adapter import Telling
from simulations.scenarios.catalogue import SCENARIOS
from simulations.scenarios.event import Event
from simulations.scenarios.market import EventfulMarket
from simulations.simulated.adapter import SimulatedAdapter
from simulations.structure import build
from simulations.worlds import BASE, World

CONFIGURED = "as configured"
NAIVE = "target_roas"
"""Steers each campaign by its own ratio: what the catalogue's naive agents do."""
HOLD = "hold"

CALM = ""

TARGET = 0.8
"""The target ROAS as a share of what the account returns before anybody steers it."""

BEFORE_DAYS = 28
AFTER_DAYS = 28
_HISTORY_DAYS = 28
_FIRST_DAY = date(2025, 1, 6)


@dataclass(frozen=True, slots=True)
class Act:
    """One policy in one scenario on one market.

    Attributes:
        scenario: `CALM` for the same market without any event.
        policy: `CONFIGURED` for the deciders of config.toml, else a strategy's kind alone.
    """

    scenario: str
    policy: str
    seed: int
    campaigns: int
    pot: Money


@dataclass(frozen=True, slots=True)
class Played:
    """How it went; columns of shape (AFTER_DAYS,), from the first day of the event on.

    Attributes:
        value: Expected value of the budgets chosen, micros.
        best: What a clairvoyant gets of the same pot, micros.
        budgets: Their sum as a share of the pot.
        moved: By how much budgets moved that day, up or down, as a share of the pot.
        changes: Budgets that moved.
        over_pot_days: Days on which the budgets summed to more than the pot; must be 0.
    """

    act: Act
    value: Floats
    best: Floats
    budgets: Floats
    moved: Floats
    changes: Numbers
    over_pot_days: int


def acts(scenarios: Sequence[str], seeds: Sequence[int], campaigns: int, pot: Money) -> list[Act]:
    """Everything that has to be lived through to tell of these scenarios; the calm once for all."""
    return [
        Act(scenario, policy, seed, campaigns, pot)
        for scenario in (CALM, *scenarios)
        for seed in seeds
        for policy in (CONFIGURED, NAIVE, HOLD)
    ]


def play_all(
    settings: Settings, account: AccountSettings, todo: Sequence[Act], jobs: int
) -> Iterator[Played]:
    """Live through them on `jobs` processes, in whichever order they end."""
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator_unordered")(
            joblib.delayed(play)(settings, account, act) for act in todo
        )


def play(settings: Settings, account: AccountSettings, act: Act) -> Played:
    """Four quiet weeks, then four weeks from the first day of the event on.

    Everything is as live but the clock and that everyone approves.
    """
    zone = ZoneInfo("UTC")
    days = BEFORE_DAYS + AFTER_DAYS
    start = datetime.combine(_FIRST_DAY, account.schedule.decide_at, zone)
    moments = [start + timedelta(days=_HISTORY_DAYS + day) for day in range(days)]
    clock = SteppedClock(moments[0])
    market = market_of(act)
    adapter = _adapter(market, act, clock)
    limits = settings.guardrails_of(account)
    parts = parts_of(settings, account, adapter, clock, desks=(), fence=fence(limits), seed=act.seed)
    pot = int(budgets_of(parts).sum())
    own = desks(settings, account, limits)[:1]
    goal = _target(act, budgets_of(parts))
    parts = replace(parts, desks=tuple(_desk(desk, act, Money(pot, act.pot.currency), goal) for desk in own))
    lived = live(parts, clock, moments).budgets
    measured = range(_HISTORY_DAYS + BEFORE_DAYS, _HISTORY_DAYS + days)
    since, before = lived[BEFORE_DAYS:], lived[BEFORE_DAYS - 1 : -1]
    return Played(
        act,
        value=expectation(market, measured).value(since).sum(axis=1),
        # Free within the pot: the market's own bounds are not those of the guardrails.
        best=optimum(market_of(act), measured, pot_micros=pot, low_micros=1, high_micros=pot).value,
        budgets=since.sum(axis=1) / pot,
        moved=np.abs(since - before).sum(axis=1) / pot,
        changes=(since != before).sum(axis=1),
        over_pot_days=int((lived.sum(axis=1) > pot).sum()),
    )


def market_of(act: Act) -> EventfulMarket:
    """The market of an act, as nobody has lived in it yet."""
    world = replace(BASE, n_campaigns=act.campaigns, history_days=_HISTORY_DAYS)
    scale = act.pot.micros / Market(world, act.seed, _FIRST_DAY).pot_micros
    scaled: World = replace(world, money_scale=scale)
    event = Event() if act.scenario == CALM else SCENARIOS[act.scenario].event
    return EventfulMarket(scaled, act.seed, _FIRST_DAY, event=event, starts=_HISTORY_DAYS + BEFORE_DAYS)


def _adapter(market: EventfulMarket, act: Act, clock: SteppedClock) -> SimulatedAdapter:
    platform = _platform(market, act, clock)
    reset = market.event.reset
    told = reset is not None and reset.told
    return Telling(platform, market) if told else SimulatedAdapter(platform)


def _platform(market: EventfulMarket, act: Act, clock: SteppedClock) -> Platform:
    account = Account(AccountId("simulated", "scenario"), "Scenario", act.pot.currency, "UTC")
    structure = build(
        market, unit_micros=account.unit_micros, minimum_micros=0, shared_budgets=0, experiments=0
    )
    return Platform(market, structure, account, clock)


def _target(act: Act, budgets: Numbers) -> Ratio:
    """A return that the account usually beats: on its quiet days it costs nothing to keep to it."""
    quiet = range(_HISTORY_DAYS, _HISTORY_DAYS + BEFORE_DAYS)
    value = expectation(market_of(act), quiet).value(budgets).sum()
    return Ratio.of(f"{TARGET * value / (budgets.sum() * len(quiet)):.2f}")


def _desk(desk: Desk, act: Act, pot: Money, target: Ratio) -> Desk:
    """The desk for the whole market; of another account, a target is replaced and a month budget left out."""
    has_target = bool(desk.portfolio.target_roas or desk.portfolio.target_cpa) or act.policy == NAIVE
    return replace(
        desk,
        membership=Membership(),
        deciders=desk.deciders if act.policy == CONFIGURED else (alone(act.policy),),
        portfolio=replace(
            desk.portfolio,
            daily_pot=pot,
            month=None,
            target_cpa=None,
            target_roas=target if has_target else None,
        ),
    )
