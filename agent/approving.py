"""Approving: a person's word on a plan; the one way to approve or reject, for command line and page."""

from collections.abc import Collection, Mapping

from agent.config.may import check_may
from agent.daemon.restored import join_others
from agent.domain.approval import Approval
from agent.domain.asking import Asked, waiting
from agent.domain.board import Board
from agent.domain.errors import Mistake
from agent.domain.record import PlanRecord
from agent.domain.role import Act
from agent.domain.seal import UNKEYED
from agent.office import Office
from agent.steps.approve import approve as approve_step
from agent.wiring.sealing import known_seal, own_folder, seal_of

_TRIES = 5


def board_of(office: Office) -> Board:
    """The board of config.toml."""
    return office.settings.approval.board


def asked_now(office: Office, record: PlanRecord) -> Mapping[str, Asked]:
    """What each change that waits still needs, by change id; nothing is written."""
    seal = known_seal(office.settings) or UNKEYED
    return waiting(record, board_of(office), seal, office.clock.now())


def decidable(office: Office, record: PlanRecord, by: str) -> frozenset[str]:
    """Changes that wait and that this person's yes would bring nearer."""
    board = board_of(office)
    return frozenset(
        id_
        for id_, asked in asked_now(office, record).items()
        if not board.named or board.spelled(by) in asked.asked
    )


def decide(
    office: Office,
    fingerprint: str,
    *,
    approve: Collection[str],
    reject: Collection[str],
    by: str,
    comment: str = "",
) -> PlanRecord:
    """Record a person's word on changes of a plan, or nothing if anything speaks against it.

    A change goes on to APPROVED when everybody that its tiers ask for has said yes; until then it
    stays PROPOSED and the word is on record. One rejection is enough to reject it.

    Args:
        fingerprint: Of the plan as the person has read it.
        approve, reject: Ids of changes.

    Returns: The plan as it stands after it.

    Raises:
        Mistake, Mistakes: All that speaks against it.
        LedgerError: The ledger failed; nothing was recorded.
    """
    name, seal = check_may(office.settings, by, Act.DECIDE), seal_of(office.settings)
    for tries in range(_TRIES):
        record = office.plan(fingerprint)
        now = office.clock.now()
        word = Approval(
            record.plan.id, fingerprint, frozenset(approve), frozenset(reject), name, now, comment
        ).sealed(seal)
        steps = approve_step(record, word, board=board_of(office), seal=seal, now=now)
        if tries == 0:
            join_others(office.memory, now, own_folder(office.settings))
        if office.memory.record_approval(word, steps, known=len(record.approvals)):
            return office.plan(fingerprint)
    raise Mistake(f"plan {fingerprint[:8]}", "others decide on it right now", "try again")
