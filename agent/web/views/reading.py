"""Reading: a plan as somebody reads it, what they may say on it, and what was said."""

from dataclasses import dataclass
from datetime import datetime

from agent import approving
from agent.domain.asking import waiting as still_asked
from agent.domain.board import listed
from agent.domain.record import PlanRecord
from agent.domain.role import Act
from agent.office import Office
from agent.report.rows import plain
from agent.web.views.plan_lines import Line, Lookout, plan_lines
from agent.wiring.joined import joined_of
from agent.wiring.sealing import seal_of


@dataclass(frozen=True, slots=True)
class WordLine:
    """What somebody said on the plan."""

    by: str
    at: datetime
    approved: int
    rejected: int
    comment: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan that somebody reads: all of its lines, as they stand at this moment."""

    record: PlanRecord
    account: str
    lines: tuple[Line, ...]
    zone: str
    now: datetime


def reading_of(office: Office, record: PlanRecord, name: str) -> Reading:
    """Ask the ledger what is needed to read a plan.

    Raises:
        LedgerError: It did not answer.
    """
    plan, board, now = record.plan, approving.board_of(office), office.clock.now()
    table = office.memory.entities(plan.account, plan.drawn_up_at)
    zone = "UTC" if table is None else table.account.time_zone
    asked = still_asked(record, board, seal_of(office.settings), now)
    helps = frozenset(
        id_ for id_, one in asked.items() if not board.named or board.spelled(name) in one.asked
    )
    names = {joined_of(office.settings, one).id: one.name for one in office.accounts}
    account = names.get(plan.account, str(plan.account))
    return Reading(
        record, account, tuple(plan_lines(record, table, Lookout(asked, helps, now, zone))), zone, now
    )


def why_not(office: Office, read: Reading, name: str) -> str:
    """Why this reader can say nothing now; "" when they can."""
    if not read.record.waiting:
        return "Nothing in this plan waits for a word."
    if read.now >= read.record.plan.expires_at:
        return "This plan has expired; nothing of it will be sent. The next plan takes its place."
    board = approving.board_of(office)
    if not board.may(name, Act.DECIDE):
        return f"You may read this plan; {listed(board.who_may(Act.DECIDE))} may decide on it."
    return ""


def words_on(record: PlanRecord, change: str = "") -> tuple[WordLine, ...]:
    """What was said on the plan, or on one change of it."""
    return tuple(
        WordLine(plain(one.by), one.at, len(one.approved), len(one.rejected), plain(one.comment))
        if not change
        else WordLine(
            plain(one.by), one.at, change in one.approved, change in one.rejected, plain(one.comment)
        )
        for one in record.approvals
        if not change or change in one.approved | one.rejected
    )
