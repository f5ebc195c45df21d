"""Taking up: tell the ledger what it could not be told when it befell."""

import structlog

from agent.emergency import Emergency
from agent.parts import Parts

_log = structlog.get_logger()


def take_up(parts: Parts, emergency: Emergency, *, epoch: int) -> None:
    """Record the account's outcomes that are kept in the state folder, and blank them there.

    What has been found out by reading since, or is of a plan that the ledger does not know, is
    let go. A file that cannot be read stays as it is, and nothing is sent.

    Raises:
        LedgerError: The ledger still cannot be told; all stays kept.
    """
    try:
        kept = emergency.kept()
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.error("emergency.unreadable", error=str(error))
        return
    told = []
    for one in kept:
        record = parts.ledger.plan(one.step.plan_id)
        if record is not None and record.plan.account != parts.account:
            continue
        standing = None if record is None else record.changes.get(one.step.change_id)
        if standing is not None and standing.state.may_become(one.step.state):
            parts.ledger.advance([one.step], parts.clock.now(), epoch=epoch)
        told.append(one)
    if not told:
        return
    try:
        emergency.forget(told)
    except (OSError, ValueError) as error:
        _log.error("emergency.unwritable", error=str(error))
    else:
        _log.info("emergency.taken_up", account=str(parts.account), changes=len(told))
