"""Restored: a ledger that is not the one that was written last is taken up with care, or not at all."""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from agent import settling
from agent.domain.audit import Gap
from agent.domain.errors import LedgerError, PlatformError
from agent.domain.outcome import State, Step
from agent.domain.record import Halt, PlanRecord
from agent.folder import Folder
from agent.parts import Parts
from agent.ports.clock import Clock
from agent.ports.leases import Leases
from agent.ports.ledger import Ledger
from agent.reckoning import hold_against, is_halted_by_itself
from agent.steps.statement import SHOWN_WITHIN, Span

_log = structlog.get_logger()

ALIVE = timedelta(minutes=5)


def take_up_restored(
    ledger: Ledger, accounts: Iterable[Parts], clock: Clock, folder: Folder, leases: Leases
) -> list[str]:
    """Where the ledger is behind its anchor, or its folder is a copy: halt, void what is open, and reconcile.

    Every account gets a new epoch and is halted; open proposals and approvals expire, and what
    was being sent is unknown. Where the platform's history shows no edit of gebot's own that the
    ledger lacks, the account goes on by itself; else it stays halted until a person resumes it.
    To be called before anything is sent; broken off anywhere, it begins again at the next start.

    Args:
        accounts: All of them, with a way to read; asked for only where there is a gap.
        folder: Where we work from; a copy has an id of its own afterwards.
        leases: Held for all accounts first, and still held afterwards.

    Returns:
        What people must know, a sentence each; none where all is as it was.

    Raises:
        LedgerError: The ledger failed, or another gebot leads one of the accounts, which a ledger that
            is not what it was must not take from it. Nothing was written, and nothing may be sent.
    """
    gap = ledger.gap() or _copied(ledger, folder)
    if gap is None:
        if folder.copied:
            folder.renewed()
        return []
    now = clock.now()
    if not folder.copied and join_others(ledger, now, folder):
        return []
    because = _words(gap)
    everybody = list(accounts)
    ids = [parts.account for parts in everybody]
    led = sorted(map(str, frozenset(ids) - leases.hold(ids)))
    if led:
        raise LedgerError(f"{because}; another gebot leads {', '.join(led)}: end it, then start again")
    _log.error("ledger.restored", because=because)
    for parts in everybody:
        _stand_still(ledger, parts, because, now, machine=folder.machine)
    ledger.take_up(because, now)
    if folder.copied:
        folder.renewed()
    return [because, *(_reconciled(ledger, parts, because, gap, clock) for parts in everybody)]


def join_others(ledger: Ledger, now: datetime, folder: Folder) -> bool:
    """Begin an anchor of one's own where somebody works on this ledger from another folder: then it is true.

    Returns: Whether that was so.
    """
    gap = ledger.gap()
    if gap is None or not gap.moved or not _others_live(ledger, now, folder):
        return False
    ledger.take_up("a machine joined those that work on this ledger", now)
    return True


def _words(gap: Gap) -> str:
    what = (
        "the ledger came to another machine, or its anchor was lost"
        if gap.moved
        else ("the ledger was restored from a backup")
    )
    return f"{what}: {gap.because}"


def _copied(ledger: Ledger, folder: Folder) -> Gap | None:
    """Ledger and anchor agree where both were copied; what was sent since from elsewhere nobody knows."""
    head = ledger.head()
    if not folder.copied or head is None:
        return None
    return Gap(f"the state folder {folder.path.parent} is a copy of another one", head.at, moved=True)


def _others_live(ledger: Ledger, now: datetime, folder: Folder) -> bool:
    """Whether somebody works on this ledger right now from another state folder, on this machine or not."""
    return any(now - beat.at < ALIVE and not folder.is_of(beat.host) for beat in ledger.heartbeats())


def _stand_still(ledger: Ledger, parts: Parts, because: str, now: datetime, *, machine: str) -> None:
    epoch = ledger.take_lead(parts.account, machine, os.getpid(), now)
    if not is_halted_by_itself(ledger, parts.account):
        ledger.halt(Halt("gebot", now, because, parts.account))
    void = [step for record in ledger.plans(parts.account, only_open=True) for step in _void(record)]
    if void:
        ledger.advance(void, now, epoch=epoch)
    settling.recover(parts, epoch=epoch)


def _void(record: PlanRecord) -> list[Step]:
    """Nobody knows what else was decided on since."""
    return [
        Step(record.plan.id, change_id, State.EXPIRED, "the ledger was restored from a backup or moved")
        for change_id, item in record.changes.items()
        if item.state in (State.PROPOSED, State.APPROVED)
    ]


def _reconciled(ledger: Ledger, parts: Parts, because: str, gap: Gap, clock: Clock) -> str:
    """Hold the time since the ledger was whole against the platform's history."""
    way_out = f"look at `gebot statement`, then `gebot resume --account` ends the halt of {parts.account}"
    if not ledger.coverages(parts.account, clock.now()):
        return f"{parts.account} stays halted: the ledger knows nothing of it; {way_out}"
    span = Span(gap.since.date(), gap.since - SHOWN_WITHIN, clock.now())
    try:
        found = hold_against(parts, span)
    except PlatformError as error:
        return f"{parts.account} stays halted: its history could not be read ({error}); {way_out}"
    if found.differences or found.remarks:
        return f"{parts.account} stays halted: {(*found.differences, *found.remarks)[0]}; {way_out}"
    halt = ledger.halted(parts.account)
    if halt is None or halt.account is None or halt.because != because:
        return f"{parts.account} stays halted, as it was before"
    ledger.resume("gebot", clock.now(), parts.account)
    return f"{parts.account} goes on: the platform shows nothing of gebot's that the ledger lacks"
