"""Settling: what became of changes whose end nobody saw; by reading only, nothing is sent again."""

from collections.abc import Sequence

import structlog

from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, Unreachable
from agent.domain.outcome import Step
from agent.domain.points import Point
from agent.domain.record import PlanRecord
from agent.parts import Parts
from agent.steps import verify
from agent.steps.approve import expire

_log = structlog.get_logger()


def recover(parts: Parts, *, epoch: int) -> int:
    """Call what a dead sender left behind UNKNOWN. Returns: how many changes.

    To be called by the one leader, when no send of its own is under way.
    """
    steps = [step for record in _open(parts) for step in verify.adrift(record)]
    if steps:
        parts.ledger.advance(steps, parts.clock.now(), epoch=epoch)
        parts.reached(Point.RECOVERED)
    return len(steps)


def settle(parts: Parts, *, epoch: int) -> Sequence[Step]:
    """Settle what nobody could tell by reading, and expire what nobody carried out in time.

    Raises:
        PlatformError: The platform could not be read; what is unknown stays so.
    """
    now = parts.clock.now()
    records = _open(parts)
    expired = [step for record in records for step in expire(record, now, parts.policy)]
    if expired:
        parts.ledger.advance(expired, now, epoch=epoch)
        parts.reached(Point.EXPIRED)
    known = parts.ledger.entities(parts.account, now - parts.grace)
    try:
        found = verify.settle_unknown(parts.reader, records, now, grace=parts.grace, known=known)
    except (Unreachable, AccessDenied, Misunderstood) as error:
        raise _untold(error) from error
    parts.reached(Point.LOOKED_UP)
    if found:
        parts.ledger.advance(found, now, epoch=epoch)
        parts.reached(Point.SETTLED)
    for step in found:
        _log.info("change.settled", change=step.change_id, state=step.state, because=step.because)
    return [*expired, *found]


def _untold(error: Unreachable | AccessDenied | Misunderstood) -> PlatformError:
    """The same error, with what it means: what may stand already must be known before more is sent."""
    words = str(error).removeprefix(f"{error.account}: ")
    return type(error)(
        error.account,
        f"what became of changes cannot be looked up, so nothing is sent ({words}); "
        "it goes on by itself when the values and the change history of the account can be read",
    )


def _open(parts: Parts) -> Sequence[PlanRecord]:
    return parts.ledger.plans(parts.account, only_open=True)
