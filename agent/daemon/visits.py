"""Visits: one account's round, unless it is left alone; what befalls one account holds up no other."""

import traceback

import structlog

from agent import settling
from agent.daemon.pauses import Cause, Pause, Pauses, broken_off, pause_after
from agent.daemon.rounds import Post, go_round
from agent.domain.errors import Deposed, GebotError, LedgerError
from agent.ports.clock import Clock

_log = structlog.get_logger()


def visit(post: Post, epoch: int, pauses: Pauses, clock: Clock) -> None:
    """Go round the account if it may be asked now, and remember how long it may not be.

    Args:
        clock: The daemon's; an account's own may stand still.

    Raises:
        Deposed: Another gebot leads the account since, whatever else the ledger objected to.
        LedgerError: The memory failed; nothing can go on.
    """
    account = str(post.parts.account)
    last = pauses.of(account)
    if last is not None and not last.over(clock.now()):
        return
    try:
        go_round(post, epoch)
    except LedgerError as error:
        _check_leads(post, epoch, error)
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  # the one place that isolates an account, Rust's panics too
        pause = pause_after(error, clock.now(), last)
        if pause is None and isinstance(error, GebotError):
            pauses.begin(account, broken_off(error, clock.now(), last))
            _log.warning("round.ended_early", account=account, error=str(error))
            return
        assert pause is not None, "only errors of ours are tried again at the next tick"
        pauses.begin(account, pause)
        _tell(account, pause, error)
        if pause.cause is Cause.FAILED:
            # It may have broken off between the word and the outcome: that is found out by reading.
            settling.recover(post.parts, epoch=epoch)
        return
    if last is not None:
        pauses.end(account)
        _log.info("account.resumed", account=account, since=str(last.since), cause=last.cause)


def _check_leads(post: Post, epoch: int, error: LedgerError) -> None:
    """A new leader has looked since, so that what was seen before comes too late: the memory is well."""
    account = post.parts.account
    if not isinstance(error, Deposed) and post.parts.ledger.epoch(account) != epoch:
        raise Deposed(f"{account}: another gebot took over ({error})") from error


def _tell(account: str, pause: Pause, error: BaseException) -> None:
    """Once for a denial, whoever must act has been told; each time for what comes ever more rarely."""
    log = _log.bind(account=account, because=pause.because, tried_again=str(pause.until), times=pause.times)
    match pause.cause:
        case Cause.STOPPED if pause.times > 1:
            log.debug("account.stopped")
        case Cause.STOPPED:
            log.error("account.stopped")
        case Cause.WAITS:
            log.warning("account.waits")
        case Cause.REFUSED:
            log.warning("account.refused")
        case Cause.SILENT:
            log.warning("round.ended_early")
        case Cause.FAILED:
            log.error("account.failed", frames=traceback.format_tb(error.__traceback__))
