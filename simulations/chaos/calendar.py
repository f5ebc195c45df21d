"""Calendar: one decision for each local date of every zone, over clock changes, jumps and failures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import cast
from zoneinfo import ZoneInfo, available_timezones

import numpy as np

from agent.config.accounts import Schedule
from agent.daemon.rounds import Post, go_round
from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.errors import LedgerError, Unreachable
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable
from agent.domain.record import RunKind
from agent.domain.ref import AccountId
from agent.ledger.memory.ledger import MemoryLedger
from agent.parts import Parts
from agent.ports.platform import Reader
from agent.steps.approve import Nobody
from agent.steps.guard import Fence
from simulations.chaos.account import no_metrics
from simulations.chaos.malformed.hostile import chance
from simulations.chaos.volume import Notes, Volume

ONCE = "no local date is decided on twice"
NONE_MISSED = "no local date is left out whose hour the clock has passed"
NO_OTHER = "no other date is decided on"
SINCE, UNTIL = date(2026, 1, 1), date(2038, 1, 1)
_HOURS = (time(0, 0), time(0, 30), time(1, 30), time(2, 0), time(2, 30), time(3, 0), time(6, 0), time(23, 59))
_FAILS = 0.08
_STRIDE = 241


@dataclass(slots=True)
class _Clock:
    """Any time, also one before the last."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(slots=True)
class _Counting(MemoryLedger):
    """Counts the decisions that were finished well, by local date."""

    decided: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        MemoryLedger.__init__(self)

    def finish_run(self, account: AccountId, kind: RunKind, slot: str, at: datetime, error: str = "") -> None:
        if kind is RunKind.DECIDE and not error:
            self.decided[slot] += 1
        MemoryLedger.finish_run(self, account, kind, slot, at, error)


@dataclass(slots=True)
class _Quiet:
    """An account of one campaign where nothing happens; now and then it cannot be reached."""

    facts: Account
    fails: bool = False

    def account(self) -> Account:
        return self.facts

    def entities(self) -> EntityTable:
        if self.fails:
            raise Unreachable(str(self.facts.id), "no answer")
        return entity_table(self.facts, ["1"], names=["Shoes"], levers={Lever.DAILY_BUDGET: [50_000_000]})

    def metrics(self, since: date, until: date) -> MetricsTable:
        return no_metrics(np.datetime64(since, "D"), np.datetime64(until, "D"))

    def advice(self) -> Advice:
        return NO_ADVICE


def trial(seed: int, notes: Notes) -> None:
    """Four days around one change of one zone's clock."""
    rng = chance(seed)
    names = zones()
    zone = names[seed * _STRIDE % len(names)]  # so that a few seeds are of zones all over the world
    changes = transitions(zone)
    around = changes[seed // len(names) % len(changes)]
    at = rng.choice(_HOURS)
    notes.tell(lambda: f"{zone} around {around}, decision at {at}")
    decided, due = live(rng, zone, _ticks(rng, around), at, notes)
    for slot in sorted(due | set(decided)):
        notes.check(ONCE, decided[slot] <= 1, (slot, decided[slot]))
    notes.check(NONE_MISSED, due <= set(decided), sorted(due - set(decided)))
    notes.check(NO_OTHER, set(decided) <= due, sorted(set(decided) - due))
    notes.count("decisions", sum(decided.values()))


def live(
    rng: Random, zone: str, ticks: Sequence[datetime], at: time, notes: Notes
) -> tuple[Mapping[str, int], set[str]]:
    """Let a daemon's rounds go over these moments.

    Returns: How often each local date was decided on, and which dates had come due, by plain reckoning.
    """
    clock, ledger = _Clock(ticks[0]), _Counting()
    account = Account(AccountId("simulated", "demo"), "Demo", "EUR", zone)
    reader = _Quiet(account)
    post = Post(
        _parts(account, reader, ledger, clock),
        Schedule(observe_every=timedelta(hours=24), decide_at=at),
        carries_out=True,
        announce=lambda *_: None,
    )
    due: set[str] = set()
    seen = ticks[0]
    for moment in ticks:
        clock.moment, reader.fails = moment, rng.random() < _FAILS
        before = sum(ledger.decided.values())
        try:
            go_round(post, 0)
        except (Unreachable, LedgerError):
            continue  # nothing was decided; a clock behind what was seen before is refused
        if moment < seen and sum(ledger.decided.values()) == before:
            continue  # whoever's clock was set back waits until it has caught up
        seen = max(seen, moment)
        local = moment.astimezone(ZoneInfo(zone))
        today = local.date() if local.time() >= at else local.date() - timedelta(days=1)
        due.add(str(today))
        if sum(ledger.decided.values()) > before:
            notes.tell(lambda words=f"{local:%Y-%m-%d %H:%M %z}: decided on {today}": words)  # type: ignore[misc]  # bound now
    return ledger.decided, due


def _ticks(rng: Random, around: datetime) -> list[datetime]:
    """Moments of four days, by any rhythm; the clock may jump, the daemon stand still."""
    moment, end = around - timedelta(days=2, minutes=rng.randrange(1440)), around + timedelta(days=2)
    every = timedelta(minutes=rng.choice((20, 45, 60, 90, 180)))
    jumps = rng.random() < 0.5
    off = timedelta()
    ticks = []
    while moment < end:
        ticks.append(moment + off)
        moment += every
        if jumps and rng.random() < 0.02:
            off = timedelta(hours=rng.choice((-72, -25, -24, -1, 0, 0, 1, 24, 25, 72, 24 * 400)))
        if rng.random() < 0.01:
            moment += timedelta(hours=rng.choice((3, 12, 30)))
    return ticks


def _parts(account: Account, reader: _Quiet, ledger: MemoryLedger, clock: _Clock) -> Parts:
    return Parts(
        account=account.id,
        reader=cast(Reader, reader),
        writer=None,
        ledger=ledger,
        clock=clock,
        desks=(),
        fence=Fence((), None, None, None),
        approver=Nobody(),
        policy="policy",
        seed=1,
        history_days=28,
        reread_days=1,
        max_age=timedelta(hours=6),
        expires_after=timedelta(hours=24),
        grace=timedelta(minutes=10),
        check_stop=lambda: None,
    )


@cache
def zones() -> Sequence[str]:
    """All zones that the time zone data knows, in an order of their names."""
    return sorted(available_timezones() - {"localtime", "Factory"})


@cache
def transitions(zone: str) -> Sequence[datetime]:
    """When the zone's clock changes from 2026 to 2037 (UTC); a day like any other where it never does."""
    info = ZoneInfo(zone)
    day = datetime(SINCE.year, 1, 1, tzinfo=UTC)
    end = datetime(UNTIL.year, 1, 1, tzinfo=UTC)
    found = []
    while day < end:
        following = day + timedelta(days=1)
        if _offset(day, info) != _offset(following, info):
            found.append(_between(day, following, info))
        day = following
    return found or [datetime(SINCE.year, 6, 15, 12, tzinfo=UTC)]


def _between(low: datetime, high: datetime, info: ZoneInfo) -> datetime:
    """The minute of the change."""
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if _offset(middle, info) == _offset(low, info) else (low, middle)
    return high.replace(second=0, microsecond=0)


def _offset(moment: datetime, info: ZoneInfo) -> timedelta | None:
    return moment.astimezone(info).utcoffset()


CALENDAR = Volume("calendar", trial, per_task=250)
