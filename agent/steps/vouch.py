"""Vouch: right before the send, whose word stands behind each change. A row in a table is no word."""

from collections.abc import Iterable, Mapping

import structlog

from agent.domain.approval import POLICY, Approval
from agent.domain.asking import Asked, asked_of, sentence, sound_words
from agent.domain.board import Board
from agent.domain.plan import Change
from agent.domain.record import PlanRecord
from agent.domain.role import Act
from agent.domain.seal import Seal

_log = structlog.get_logger()


def unvouched(
    record: PlanRecord, changes: Iterable[Change], *, seal: Seal, board: Board, again: Approval | None
) -> dict[str, str]:
    """Why changes may not go although the ledger calls them approved, by change id.

    A change may go when signed approvals name it, of this plan as it stands, by as many people as
    the board asks for now, each of whom might say so when they did; and no signed word rejects it.

    Args:
        again: What the policy says of the plan now; its word of before does not count.
    """
    asked = asked_of(record, board, seal, record.plan.expires_at)
    rejected = {id_ for word in sound_words(record, seal) for id_ in word.rejected}
    objections = {}
    for change in changes:
        if change.id in rejected:
            because = "somebody has rejected it"
        elif change.id in asked and asked[change.id].met:
            continue
        else:
            policy = _policy_objects(record, change.id, seal, again)
            because = _short_of(record, change.id, asked, seal, board) if policy is None else policy
        if because:
            objections[change.id] = f"not sent: {because}"
    for change_id, because in sorted(objections.items()):
        _log.error("change.unvouched", plan=record.plan.id, change=change_id, because=because)
    return objections


def _policy_objects(record: PlanRecord, change_id: str, seal: Seal, again: Approval | None) -> str | None:
    """What the policy has against a change that it let through; "" when nothing, None when it did not."""
    said = again is not None and any(
        word.by == again.by and change_id in word.approved and not _fault(word, record, seal)
        for word in record.approvals
    )
    if again is None or not said:
        return None
    return "" if change_id in again.approved else "the policy would not let it through now"


def _short_of(
    record: PlanRecord, change_id: str, asked: Mapping[str, Asked], seal: Seal, board: Board
) -> str:
    """Why the people's words are not enough."""
    named = [word for word in record.approvals if change_id in word.approved]
    faults = [fault for word in named if (fault := _fault(word, record, seal) or _whose(word, board))]
    if faults:
        return faults[-1]
    if not named or change_id not in asked:
        return "nobody has approved it"
    short = next(need for need in asked[change_id].needs if need.missing)
    words = sentence(short, named[-1].at)
    return f"of {short.approvals} approvals it needs it has {len(short.given)}: it {words}"


def _fault(word: Approval, record: PlanRecord, seal: Seal) -> str:
    """What is wrong with the whole approval, whoever said it; "" when nothing is."""
    if not word.bears(seal):
        return f"its approval by {word.by!r} does not bear gebot's seal"
    if (word.fingerprint, word.plan_id) != (record.plan.fingerprint, record.plan.id):
        return "the plan is not the one that was approved"
    if word.at >= record.plan.expires_at:
        return f"its approval by {word.by!r} came when the plan had expired"
    return ""


def _whose(word: Approval, board: Board) -> str:
    """What is wrong with whose word it is; "" when they may decide."""
    if word.by == POLICY:
        return "the policy lets nothing through now"
    if not board.may(word.by, Act.DECIDE):
        return f"{word.by!r}, who approved it, is not an approver"
    return ""
