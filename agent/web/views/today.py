"""Today: how the agent is, what waits, what is at stake, what it did and will do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.daemon.standing import AccountStatus
from agent.domain.entity import EntityTable
from agent.domain.lever import Lever, number_of
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Change
from agent.domain.record import PlanRecord
from agent.domain.ref import AccountId, Ref
from agent.office import Office
from agent.report.rows import names_of, plain
from agent.web.words import ago, span
from agent.wiring.joined import joined_of

LATELY = timedelta(hours=24)
MOST_DONE = 12

_STALE_AFTER = 3
"""So many readings of the account were missed."""


@dataclass(frozen=True, slots=True)
class AccountCard:
    """How one account is; moments in UTC, to be shown in its zone.

    Attributes:
        next_in: Until the next plan, by the clock on the wall.
        stale: How old the newest figures are, "" while they are fresh.
    """

    name: str
    id: str
    zone: str
    healthy: bool
    problems: tuple[str, ...]
    notices: tuple[str, ...]
    observed_at: datetime | None
    decided_at: datetime | None
    next_at: datetime | None
    next_in: str
    stale: str
    agent_runs: bool


@dataclass(frozen=True, slots=True)
class Stake:
    """By how much daily budgets would rise and fall, micros a day; both are sizes."""

    currency: str
    raises: int
    cuts: int

    @property
    def net(self) -> int:
        return self.raises - self.cuts


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan that waits for somebody."""

    id: str
    account: str
    zone: str
    drawn_up_at: datetime
    expires_at: datetime
    expires_in: str
    waiting: int
    approved: int
    stakes: tuple[Stake, ...]
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A change that came to stand."""

    at: datetime
    when: str
    zone: str
    name: str
    entity: str
    lever: str
    before: str
    after: str
    plan: str


@dataclass(frozen=True, slots=True)
class TodayView:
    """Everything on the page."""

    now: datetime
    accounts: tuple[AccountCard, ...]
    plans: tuple[WaitingPlan, ...]
    stakes: tuple[Stake, ...]
    done: tuple[Done, ...]
    n_done: int

    @property
    def waiting(self) -> int:
        return sum(plan.waiting for plan in self.plans)

    @property
    def well(self) -> bool:
        return all(one.healthy and not one.stale for one in self.accounts)


def today_view(office: Office, standing: Sequence[AccountStatus]) -> TodayView:
    """Look at the ledger once.

    Raises:
        LedgerError: The ledger did not answer.
    """
    now, speed = office.clock.now(), office.clock.speed
    ids = {
        str(joined_of(office.settings, one).id): joined_of(office.settings, one).id for one in office.accounts
    }
    tables = {id_: office.memory.entities(id_, now) for id_ in ids.values()}
    zones = {id_: "UTC" if table is None else table.account.time_zone for id_, table in tables.items()}
    names = {str(id_): settings.name for id_, settings in zip(ids.values(), office.accounts, strict=True)}
    cards = tuple(
        _card(one, zones[ids[one["account"]]], now, speed, _patience(office, one["name"])) for one in standing
    )
    plans = tuple(
        _waiting(record, names, zones, now, speed)
        for record in office.memory.plans(only_open=True)
        if record.waiting and record.plan.account in zones
    )
    done = sorted(_done(office, tables, zones, now, speed), key=lambda one: one.at, reverse=True)
    stakes = _summed(stake for plan in plans for stake in plan.stakes)
    return TodayView(now, cards, plans, stakes, tuple(done[:MOST_DONE]), len(done))


def stakes_of(changes: Iterable[Change]) -> tuple[Stake, ...]:
    """What daily budgets among these would rise and fall by, one for each currency."""
    moves = []
    for change in changes:
        if change.lever is Lever.DAILY_BUDGET and isinstance(change.after, Money):
            move = number_of(change.after) - number_of(change.before)
            moves.append(Stake(change.after.currency, max(0, move), max(0, -move)))
    return _summed(moves)


def _summed(stakes: Iterable[Stake]) -> tuple[Stake, ...]:
    found: dict[str, Stake] = {}
    for one in stakes:
        so_far = found.get(one.currency, Stake(one.currency, 0, 0))
        found[one.currency] = Stake(one.currency, so_far.raises + one.raises, so_far.cuts + one.cuts)
    return tuple(found[currency] for currency in sorted(found))


def _card(status: AccountStatus, zone: str, now: datetime, speed: float, patience: timedelta) -> AccountCard:
    observed, next_at = _moment(status["last_observed"]), _moment(status["next_decision"])
    old = "" if observed is None or now - observed <= patience else span(now - observed)
    return AccountCard(
        status["name"],
        status["account"],
        zone,
        status["healthy"],
        tuple(map(plain, status["problems"])),
        tuple(map(plain, status["notices"])),
        observed,
        _moment(status["last_decided"]),
        next_at,
        "" if next_at is None else ago(next_at, now, speed),
        old,
        status["agent_runs"],
    )


def _patience(office: Office, name: str) -> timedelta:
    settings = next(one for one in office.accounts if one.name == name)
    return settings.schedule.observe_every * _STALE_AFTER


def _waiting(
    record: PlanRecord,
    names: Mapping[str, str],
    zones: Mapping[AccountId, str],
    now: datetime,
    speed: float,
) -> WaitingPlan:
    plan = record.plan
    states = [item.state for item in record.changes.values()]
    return WaitingPlan(
        plan.id,
        names[str(plan.account)],
        zones[plan.account],
        plan.drawn_up_at,
        plan.expires_at,
        ago(plan.expires_at, now, speed),
        states.count(State.PROPOSED),
        states.count(State.APPROVED),
        stakes_of(item.change for item in record.changes.values() if item.state is State.PROPOSED),
        plan.by_hand,
    )


def _done(
    office: Office,
    tables: Mapping[AccountId, EntityTable | None],
    zones: Mapping[AccountId, str],
    now: datetime,
    speed: float,
) -> Iterable[Done]:
    for account, table in tables.items():
        applied = office.memory.applied(account, now - LATELY)
        names = names_of(table) if applied else {}
        for one in applied:
            change = one.change
            yield Done(
                one.at,
                ago(one.at, now, speed),
                zones[account],
                plain(names.get(str(change.ref), str(change.ref))),
                _entity(change.ref),
                change.lever.value.replace("_", " "),
                str(change.before),
                str(change.after),
                one.plan_id,
            )


def _entity(ref: Ref) -> str:
    return str(ref)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
