"""Notices: all that people may have to be told of, as the ledger shows it now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.domain.board import Board, listed
from agent.domain.due import Due, DueKind, due
from agent.domain.notice import Event, Notice
from agent.domain.record import Halt, Heartbeat, PlanRecord, RunKind
from agent.domain.ref import AccountId
from agent.domain.seal import Seal
from agent.domain.tracking_break import in_force, words
from agent.notify.plain_words import plain_words
from agent.notify.plan_words import applied, changes_of, denied
from agent.ports.ledger import Ledger

NEWS_FOR = timedelta(days=1)
"""What came about longer ago and is over is told no more, as after a day without gebot."""

A_MOMENT = timedelta(minutes=1)
"""A plan that the policy lets through waits for nobody, but does so in the ledger for a moment."""

_MANY_RUNS = 100
_RECENT_PLANS = 5

_EVENTS = {
    DueKind.WAITS: Event.WAITING,
    DueKind.REMINDER: Event.REMINDER,
    DueKind.ESCALATED: Event.ESCALATION,
}

_WAITS = {
    DueKind.WAITS: "waits for approval",
    DueKind.REMINDER: "still waits for approval",
    DueKind.ESCALATED: "waits for you as well",
}


@dataclass(frozen=True, slots=True)
class Watched:
    """What is looked at.

    Attributes:
        names: What people call each account.
        stopped: Why this machine sends nothing; "" when it may.
        silent_after: How old the newest sign of life may be; spans are of the accounts' clock.
    """

    ledger: Ledger
    names: dict[AccountId, str]
    board: Board
    seal: Seal
    now: datetime
    stopped: str
    silent_after: timedelta


def notices(watched: Watched) -> list[Notice]:
    """All there is, told before or not: keys tell which is which; oldest first.

    What waits, is frozen or is halted is in it however long ago that began, the rest for a day.

    Raises:
        LedgerError: The ledger did not answer.
    """
    found = [*_halts(watched), *_silence(watched)]
    for account, name in watched.names.items():
        for record in _plans(watched.ledger, account):
            found += _of_plan(watched, record, name)
        found += [*_freezes(watched, account, name), *_failures(watched, account, name)]
    return sorted(found, key=lambda one: (one.at, one.key))


def _plans(ledger: Ledger, account: AccountId) -> list[PlanRecord]:
    """Those that are open, and the newest ones."""
    found = [*ledger.plans(account, only_open=True), *ledger.plans(account, limit=_RECENT_PLANS)]
    return list({record.plan.fingerprint: record for record in found}.values())


def _of_plan(watched: Watched, record: PlanRecord, name: str) -> Iterator[Notice]:
    plan = record.plan
    account, news = str(plan.account), plan.drawn_up_at > watched.now - NEWS_FOR
    if record.waiting and watched.now - plan.drawn_up_at >= A_MOMENT:
        yield from _waiting(watched, record, name)
    titled = f"{name}: plan {plan.id}"
    told = applied(record, plan.drawn_up_at if news else watched.now - NEWS_FOR)
    if told is not None:
        key = f"{Event.APPLIED} {plan.fingerprint} {told.n_settled}"
        lines = (*told.lines, *changes_of(watched.ledger, record, told.ids))
        yield Notice(Event.APPLIED, key, told.at, account, f"{titled}: {told.words}", lines, plan.id)
    refused = denied(record)
    if news and refused is not None:
        key = f"{Event.DENIED} {plan.fingerprint}"
        title = f"{titled}: {refused.words}"
        yield Notice(Event.DENIED, key, plan.drawn_up_at, account, title, refused.lines, plan.id)


def _waiting(watched: Watched, record: PlanRecord, name: str) -> Iterator[Notice]:
    """Of several who are asked for one reason at one moment, one notice."""
    plan, together = record.plan, dict[tuple[datetime, DueKind], list[Due]]()
    for one in due(record, watched.board, watched.seal, watched.now):
        together.setdefault((one.since, one.kind), []).append(one)
    for (since, kind), dues in together.items():
        ids = list(dict.fromkeys(id_ for one in dues for id_ in one.change_ids))
        everybody = any(not one.to for one in dues)
        to = () if everybody else tuple(sorted({who for one in dues for who in one.to}))
        n = f"{len(ids)} change{'s' if len(ids) != 1 else ''}"
        title = f"{name}: plan {plan.id} {_WAITS[kind]}: {n}"
        lines = [f"It expires at {plan.expires_at:%Y-%m-%d %H:%M} UTC; then nothing of it is applied."]
        if to:
            lines.insert(0, f"Asked: {plain_words(listed(to, 'and'))}.")
        lines += [*changes_of(watched.ledger, record, ids), f"Or: gebot review {plan.id}"]
        key = f"{_EVENTS[kind]} {plan.fingerprint} {since.isoformat()}"
        yield Notice(_EVENTS[kind], key, since, str(plan.account), title, tuple(lines), plan.id, to)


def _freezes(watched: Watched, account: AccountId, name: str) -> Iterator[Notice]:
    freeze = in_force(watched.ledger.freezes(account, watched.now))
    if freeze is None:
        return
    facts = watched.ledger.facts(account, watched.now)
    because = words(freeze, "UTC" if facts is None else facts.time_zone)
    lines = (
        f"{plain_words(because, 400)}.",
        "Nothing of it is changed until conversions are back or somebody thaws it: gebot thaw.",
    )
    key = f"{Event.FROZEN} {account} {freeze.at.isoformat()}"
    yield Notice(Event.FROZEN, key, freeze.at, str(account), f"{name} is frozen", lines)


def _halts(watched: Watched) -> Iterator[Notice]:
    for halt in watched.ledger.halts():
        if halt.account is None or halt.account in watched.names:
            yield _halt(halt, watched)
    if watched.stopped:
        key = f"{Event.HALTED} here {watched.now:%Y-%m-%d} {watched.stopped}"
        lines = (f"{plain_words(watched.stopped, 400)}.",)
        yield Notice(Event.HALTED, key, watched.now, "", "everything is stopped on this machine", lines)


def _halt(halt: Halt, watched: Watched) -> Notice:
    what = "everything" if halt.account is None else watched.names[halt.account]
    account = "" if halt.account is None else str(halt.account)
    lines = (
        f"By {plain_words(halt.by)} at {halt.at:%Y-%m-%d %H:%M} UTC: {plain_words(halt.because, 400)}.",
        "Nothing is sent until somebody resumes: gebot resume.",
    )
    key = f"{Event.HALTED} {account or 'all'} {halt.at.isoformat()}"
    return Notice(Event.HALTED, key, halt.at, account, f"{what} is stopped", lines)


def _failures(watched: Watched, account: AccountId, name: str) -> Iterator[Notice]:
    """Of runs that fail one after the other, the first."""
    for kind in RunKind:
        first = None
        for run in watched.ledger.runs(account, kind, limit=_MANY_RUNS):
            if run.finished_at is None:
                continue
            if not run.error:
                break
            first = run
        if first is None or first.finished_at is None or first.finished_at < watched.now - NEWS_FOR:
            continue
        key = f"{Event.FAILED} {account} {kind} {first.slot}"
        lines = (f"{plain_words(first.error, 400)}.", "It is tried again; gebot status tells how it is.")
        yield Notice(Event.FAILED, key, first.finished_at, str(account), f"{name}: {kind} failed", lines)


def _silence(watched: Watched) -> Iterator[Notice]:
    """Who led gives no sign of life; told by another process, such as `gebot notify send`."""
    beats: Sequence[Heartbeat] = watched.ledger.heartbeats()
    leading = [beat for beat in beats if beat.accounts]
    last = max(leading or beats, key=lambda beat: beat.at, default=None)
    if last is None or watched.now - last.at <= watched.silent_after:
        return
    key = f"{Event.FAILED} silent {last.host} {last.pid} {last.at.isoformat()}"
    lines = (f"The last sign of life of {plain_words(last.host)} was at {last.at:%Y-%m-%d %H:%M} UTC.",)
    yield Notice(Event.FAILED, key, last.at, "", "the agent is silent", lines)
