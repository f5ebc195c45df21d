"""Rounds: what one tick does for one account."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta

import structlog

from agent import cycle, settling
from agent.config.accounts import Schedule
from agent.daemon.due import decide_slot, observe_slot
from agent.domain.errors import GebotError, Halted, LedgerError
from agent.domain.outcome import State
from agent.domain.points import Point
from agent.domain.record import PlanRecord, RunKind
from agent.parts import Parts
from agent.reckoning import hold_against
from agent.steps.statement import Span

_log = structlog.get_logger()

STATEMENT_AT = time(4)
"""Local time from which the platform's history is believed to show the day before."""

STATED_BACK = timedelta(days=14)
"""How far back days that nobody stated are; platforms tell no more than a month."""


@dataclass(frozen=True, slots=True)
class Post:
    """One account under the daemon's care.

    Attributes:
        carries_out: Whether approved changes are sent here, or by hand alone; where the
            account can only be read they are not sent at all.
        announce: Told of every plan that was drawn up or carried out.
    """

    parts: Parts
    schedule: Schedule
    carries_out: bool
    announce: Callable[[str, PlanRecord], None]


def go_round(post: Post, epoch: int) -> None:
    """Observe and decide if due, settle what is unknown, carry out what is approved.

    A stop ends this round and is no fault.

    Raises:
        PlatformError: The platform did not do its part; the rest of the round is left out.
        LedgerError: The memory failed; nothing can go on.
    """
    try:
        _observe(post)
        _decide(post, epoch)
        settling.settle(post.parts, epoch=epoch)
        _hold_against(post)
        if post.carries_out and post.parts.writer is not None:
            _carry_out(post, epoch)
    except Halted as stop:
        _log.warning("round.halted", account=str(post.parts.account), because=str(stop))


def zone(parts: Parts) -> str:
    """The account's time zone, from the ledger, or from the platform the first time.

    Raises:
        PlatformError: It is not known yet and the platform does not answer.
    """
    facts = parts.ledger.facts(parts.account, parts.clock.now())
    return (parts.reader.account() if facts is None else facts).time_zone


def _observe(post: Post) -> None:
    parts = post.parts
    slot = observe_slot(parts.clock.now(), zone(parts), post.schedule.observe_every)
    if not _claim(post, RunKind.OBSERVE, slot):
        return
    with _run(post, RunKind.OBSERVE, slot):
        observed = cycle.look(parts, with_advice=False)
        _log.debug(
            "account.observed",
            account=str(parts.account),
            entities=len(observed.entities),
            rows_appended=observed.appended,
            since=str(observed.since),
        )


def _decide(post: Post, epoch: int) -> None:
    parts = post.parts
    runs = parts.ledger.runs(parts.account, RunKind.DECIDE)
    done = next((run.slot for run in runs if run.finished_at is not None and not run.error), None)
    slot = decide_slot(parts.clock.now(), zone(parts), post.schedule.decide_at, done)
    if slot is None or not _claim(post, RunKind.DECIDE, slot):
        return
    with _run(post, RunKind.DECIDE, slot):
        cycle.look(parts)
        drawn_up = cycle.draw_up(parts)
        assert drawn_up is not None, "observed just now"
        record = cycle.put_forward(parts, drawn_up, epoch=epoch)
        _log.info(
            "plan.drawn_up",
            account=str(parts.account),
            plan=drawn_up.id,
            decisions=len(drawn_up.decisions),
            changes=len(drawn_up.changes),
            waiting=record.waiting,
        )
        post.announce("drawn up", record)


def _hold_against(post: Post) -> None:
    """The three-way statement of the day before, once a day, when histories have caught up."""
    parts = post.parts
    if not post.carries_out or parts.writer is None:
        return
    runs = parts.ledger.runs(parts.account, RunKind.STATEMENT)
    done = next((run.slot for run in runs if run.finished_at is not None and not run.error), None)
    local = zone(parts)
    slot = decide_slot(parts.clock.now(), local, STATEMENT_AT, done)
    if slot is None:
        return
    if done is not None:
        slot = _oldest_undone(done, slot)
    if not _claim(post, RunKind.STATEMENT, slot):
        return
    with _run(post, RunKind.STATEMENT, slot):
        day = date.fromisoformat(slot) - timedelta(days=1)
        found = hold_against(parts, Span.of_day(day, local))
        _log.info("statement.drawn_up", told=str(found), agrees=found.agrees, remarks=list(found.remarks))


def _oldest_undone(done: str, due: str) -> str:
    """The date after the last one that was done, so that a day without a daemon is stated afterwards."""
    newest = date.fromisoformat(due)
    return str(max(date.fromisoformat(done) + timedelta(days=1), newest - STATED_BACK))


def _carry_out(post: Post, epoch: int) -> None:
    for record in post.parts.ledger.plans(post.parts.account, only_open=True):
        approved = any(item.state is State.APPROVED for item in record.changes.values())
        if approved and post.parts.clock.now() < record.plan.expires_at:
            try:
                cycle.carry_out(post.parts, record.plan.fingerprint, epoch=epoch)
            finally:
                _tell(post, record)


def _tell(post: Post, before: PlanRecord) -> None:
    """Tell what became of a plan, also when something failed after the send."""
    after = post.parts.ledger.plan(before.plan.fingerprint)
    if after is None or after.changes == before.changes:
        return
    states = [item.state for item in after.changes.values()]
    _log.info(
        "plan.carried_out",
        account=str(post.parts.account),
        plan=before.plan.id,
        applied=states.count(State.APPLIED),
        capped=states.count(State.CAPPED),
        conflicts=states.count(State.CONFLICT),
        unknown=states.count(State.UNKNOWN) + states.count(State.SENDING),
    )
    post.announce("carried out", after)


def _claim(post: Post, kind: RunKind, slot: str) -> bool:
    """Claim a slot, or take up again one that failed, or was left unfinished.

    A dead daemon leaves it so, or a ledger that could not be told; the leader does one thing
    at a time, so nobody else is at it.
    """
    ledger, account = post.parts.ledger, post.parts.account
    if ledger.begin_run(account, kind, slot, post.parts.clock.now()):
        post.parts.reached(Point.RUN_BEGUN)
        return True
    last = next((run for run in ledger.runs(account, kind) if run.slot == slot), None)
    return last is not None and (last.finished_at is None or bool(last.error))


@contextmanager
def _run(post: Post, kind: RunKind, slot: str) -> Iterator[None]:
    """Write down how a run ended; what the ledger or a bug broke off stays unfinished."""

    def finish(error: str) -> None:
        parts = post.parts
        parts.ledger.finish_run(parts.account, kind, slot, parts.clock.now(), error)
        parts.reached(Point.RUN_FINISHED)

    try:
        yield
    except LedgerError:
        raise
    except GebotError as error:
        finish(str(error))
        raise
    finish("")
