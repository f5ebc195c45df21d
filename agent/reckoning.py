"""Reckoning: once a day, what was approved, what was sent and what the platform tells are held together."""

import structlog

from agent.domain.record import Halt
from agent.domain.statement import Statement
from agent.parts import Parts
from agent.steps.statement import Span, statement

_log = structlog.get_logger()


def hold_against(parts: Parts, span: Span) -> Statement:
    """Hold approvals, ledger and platform history against each other; a difference halts the account.

    Raises:
        PlatformError: The history could not be read.
    """
    found = statement(
        parts.reader, parts.ledger, parts.account, span, seal=parts.seal, knows_itself=parts.knows_itself
    )
    for difference in found.differences:
        _log.error("statement.differs", account=str(parts.account), day=str(span.day), because=difference)
    in_force = parts.ledger.halted(parts.account)
    # A halt of everything may end before anybody has looked at this account.
    if not found.agrees and (in_force is None or in_force.account is None):
        because = f"the statement of {span.day} differs: {found.differences[0]}"
        parts.ledger.halt(Halt("gebot", parts.clock.now(), because, parts.account))
    return found
