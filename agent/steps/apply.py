"""Apply: compare, write the word down, then send once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from agent.domain.errors import AccessDenied, Deposed, Halted, LedgerError, PlatformError, RateLimited
from agent.domain.lever import Lever, Value
from agent.domain.outcome import Accepted, Ambiguous, Edit, Receipt, Refused, State, Step
from agent.domain.plan import Change
from agent.domain.points import Point, unwatched
from agent.domain.ref import Ref
from agent.ports.clock import Clock
from agent.ports.ledger import Ledger
from agent.ports.platform import Adapter

_log = structlog.get_logger()

Unrecorded: TypeAlias = Callable[[Sequence[Step], datetime], None]
"""Keeps outcomes that the ledger could not be told, and when they were seen, beyond the process."""


def unheard(_steps: Sequence[Step], _at: datetime) -> None:
    """Where nobody keeps them they are found out by reading."""


FRESH = timedelta(seconds=30)
"""How old a comparison may be when the request leaves: what a person edits later is not seen."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where levers stood when they were asked for; waiting for the answer makes it older."""

    values: Mapping[tuple[Ref, Lever], Value]
    asked_at: datetime

    def of(self, change: Change) -> Value | None:
        return self.values.get((change.ref, change.lever))

    def moved(self, changes: Sequence[Change]) -> list[Change]:
        """The changes that somebody has taken the ground from."""
        return [change for change in changes if self.of(change) != change.before]

    def fresh(self, clock: Clock, pace: float) -> bool:
        """Whether the process went on without standing still; a clock that was set back tells nothing."""
        return timedelta(0) <= clock.now() - self.asked_at <= FRESH * pace


def apply(
    adapter: Adapter,
    ledger: Ledger,
    plan_id: str,
    changes: Sequence[Change],
    *,
    clock: Clock,
    epoch: int,
    expires_at: datetime,
    check_stop: Callable[[], None],
    reached: Callable[[Point], None] = unwatched,
    unrecorded: Unrecorded = unheard,
    pace: float = 1.0,
) -> list[Step]:
    """Carry out approved changes; every outcome is in the ledger before this returns.

    A change whose lever no longer stands where the plan says is not sent (CONFLICT), and from
    `expires_at` on none is (EXPIRED). The others are committed as SENDING before the wire and
    sent in one call that is never repeated; when more than `FRESH` goes by between the two, the
    levers are compared once more. An accepted change stays SENDING until it has been read back
    (see `verify`).

    Args:
        pace: How many times faster than this machine works the clock runs, at least 1.

    Raises:
        Halted: Somebody stopped gebot; nothing was sent.
        LedgerError: The word could not be written, or another gebot has taken the changes over
            since; nothing was sent. Or the outcome could not be: what was sent stays SENDING.
        RateLimited, AccessDenied: The platform refused the send so: nothing was applied, which is
            in the ledger, and the account must not be asked again now.
        PlatformError: The platform could not be read; nothing was sent.
    """
    check_stop()
    standing = _standing(adapter, changes, clock)
    reached(Point.COMPARED)
    moved = standing.moved(changes)
    ready = [change for change in changes if change not in moved]
    now = clock.now()
    barred: PlatformError | None = None
    if now >= expires_at:
        because = f"not carried out by {expires_at:%Y-%m-%d %H:%M} UTC"
        outcome = [Step(plan_id, change.id, State.EXPIRED, because) for change in ready]
    else:
        sending = [Step(plan_id, change.id, State.SENDING) for change in ready]
        ledger.advance(sending, now, epoch=epoch)
        reached(Point.WORD_WRITTEN)
        outcome = []
        if ready:
            outcome, barred = _send(
                adapter,
                ledger,
                plan_id,
                ready,
                standing,
                clock=clock,
                epoch=epoch,
                expires_at=expires_at,
                check_stop=check_stop,
                reached=reached,
                pace=pace,
            )
    try:
        ledger.advance(outcome, clock.now(), epoch=epoch)
    except Deposed:
        raise  # whoever leads now finds it out by reading
    except LedgerError as error:
        _log.error("outcome.unrecorded", plan=plan_id, changes=len(outcome), error=str(error))
        unrecorded(outcome, clock.now())
        raise
    reached(Point.OUTCOME_RECORDED)
    # Told last: asking for the history takes a while, in which what was read could move.
    ask = None if barred else adapter
    conflicts = _conflicts(ask, plan_id, moved, standing, clock.now())
    ledger.advance(conflicts, clock.now(), epoch=epoch)
    reached(Point.CONFLICTS_RECORDED)
    if barred is not None:
        raise barred
    return outcome + conflicts


def _standing(adapter: Adapter, changes: Sequence[Change], clock: Clock) -> _Standing:
    asked_at = clock.now()
    return _Standing(adapter.read([(change.ref, change.lever) for change in changes]), asked_at)


def _send(
    adapter: Adapter,
    ledger: Ledger,
    plan_id: str,
    changes: Sequence[Change],
    standing: _Standing,
    *,
    clock: Clock,
    epoch: int,
    expires_at: datetime,
    check_stop: Callable[[], None],
    reached: Callable[[Point], None],
    pace: float,
) -> tuple[list[Step], PlatformError | None]:
    """Send once and put each receipt into words; what was accepted has no step yet.

    Returns: The steps, and the error after which the account must not be asked again now.
    """
    try:
        if not standing.fresh(clock, pace):
            standing = _standing(adapter, changes, clock)
        check_stop()
    except (Halted, PlatformError) as reason:
        return _none_applied(plan_id, changes, f"not sent: {reason}"), _barring(reason)
    _check_still_ours(ledger, plan_id, changes, epoch)
    if not standing.fresh(clock, pace) or clock.now() >= expires_at:
        because = f"not sent: too long after {standing.asked_at:%H:%M:%S} UTC, when the levers were compared"
        return _none_applied(plan_id, changes, because), None
    moved = standing.moved(changes)
    steps = _conflicts(None, plan_id, moved, standing, clock.now())
    changes = [change for change in changes if change not in moved]
    if not changes:
        return steps, None
    reached(Point.BEFORE_WIRE)
    receipts: Sequence[Receipt]
    try:
        receipts = adapter.apply(changes)
    except PlatformError as error:
        _log.error("change.refused", plan=plan_id, changes=len(changes), error=str(error))
        return [*steps, *_none_applied(plan_id, changes, str(error))], _barring(error)
    reached(Point.REPLIED)
    unlisted = [Ambiguous("the reply did not mention it")] * (len(changes) - len(receipts))
    for change, receipt in zip(changes, [*receipts, *unlisted], strict=False):
        match receipt:
            case Refused(because=because):
                steps.append(Step(plan_id, change.id, State.NOT_APPLIED, f"refused: {because}"))
            case Ambiguous(because=because):
                steps.append(Step(plan_id, change.id, State.UNKNOWN, because))
            case Accepted():
                pass
    return steps, None


def _none_applied(plan_id: str, changes: Sequence[Change], because: str) -> list[Step]:
    return [Step(plan_id, change.id, State.NOT_APPLIED, because) for change in changes]


def _barring(reason: Exception) -> PlatformError | None:
    """The reason where it is one to leave the account alone for now."""
    return reason if isinstance(reason, RateLimited | AccessDenied) else None


def _check_still_ours(ledger: Ledger, plan_id: str, changes: Sequence[Change], epoch: int) -> None:
    """A process that stood still after its word may wake when another one leads, or has settled it."""
    record = ledger.plan(plan_id)
    if (
        record is None
        or ledger.epoch(record.plan.account) != epoch
        or any(record.changes[change.id].state is not State.SENDING for change in changes)
    ):
        raise Deposed(f"plan {plan_id}: another gebot took over before it was sent; nothing was sent")


def _conflicts(
    adapter: Adapter | None,
    plan_id: str,
    moved: Sequence[Change],
    standing: _Standing,
    now: datetime,
) -> list[Step]:
    """Say what stands instead, and who set it where the platform tells and may be asked."""
    if not moved:
        return []
    try:
        told = [] if adapter is None else adapter.history(now - timedelta(days=2))
    except PlatformError:
        told = []  # whose edit it is can be looked up; that it wins must be on record
    edits = {(edit.ref, edit.lever): edit for edit in told}
    return [
        Step(
            plan_id,
            change.id,
            State.CONFLICT,
            _words(change, standing.of(change), edits.get((change.ref, change.lever))),
        )
        for change in moved
    ]


def _words(change: Change, stands: Value | None, edit: Edit | None) -> str:
    if stands is None:
        return f"{change.lever} is gone; the plan started from {change.before}"
    words = f"stands at {stands}, the plan started from {change.before}"
    if edit is None or edit.after != stands:
        return words
    return f"{words}: set by {edit.by} on {edit.at:%Y-%m-%d %H:%M} UTC"
