"""Reckoning: once a day, what was approved, what was sent and what the platform tells are held together."""

import structlog

from agent.domain.record import Halt
from agent.domain.ref import AccountId
from agent.domain.statement import Statement
from agent.parts import Parts
from agent.ports.ledger import Ledger
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
    if not found.agrees and not is_halted_by_itself(parts.ledger, parts.account):
        because = f"the statement of {span.day} differs: {found.differences[0]}"
        parts.ledger.halt(Halt("gebot", parts.clock.now(), because, parts.account))
    return found


def is_halted_by_itself(ledger: Ledger, account: AccountId) -> bool:
    """Whether the account has a halt of its own: one of everything may end before anybody looked at it."""
    return any(halt.account == account for halt in ledger.halts())
