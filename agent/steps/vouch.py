"""Vouch: right before the send, whose word stands behind each change. A row in a table is no word."""

from collections.abc import Collection, Iterable

import structlog

from agent.domain.approval import POLICY, Approval
from agent.domain.plan import Change
from agent.domain.record import PlanRecord
from agent.domain.seal import Seal

_log = structlog.get_logger()


def unvouched(
    record: PlanRecord,
    changes: Iterable[Change],
    *,
    seal: Seal,
    approvers: Collection[str],
    again: Approval | None,
) -> dict[str, str]:
    """Why changes may not go although the ledger calls them approved, by change id.

    A change may go when a signed approval names it, of this plan as it stands, by somebody who
    may approve.

    Args:
        approvers: Who may approve; empty: every person.
        again: What the policy says of the plan now; its word of before does not count.
    """
    objections = {change.id: "not sent: nobody has approved it" for change in changes}
    for approval in record.approvals:
        named = approval.approved & objections.keys()
        fault = _fault(record, approval, seal, approvers, again) if named else ""
        for change_id in named:
            if fault:
                objections[change_id] = f"not sent: {fault}"
            elif again is not None and approval.by == again.by and change_id not in again.approved:
                objections[change_id] = "not sent: the policy would not let it through now"
            else:
                del objections[change_id]
    for change_id, because in sorted(objections.items()):
        _log.error("change.unvouched", plan=record.plan.id, change=change_id, because=because)
    return objections


def _fault(
    record: PlanRecord, approval: Approval, seal: Seal, approvers: Collection[str], again: Approval | None
) -> str:
    """What is wrong with the whole approval; "" when nothing is."""
    if not approval.bears(seal):
        return f"its approval by {approval.by!r} does not bear gebot's seal"
    if approval.fingerprint != record.plan.fingerprint:
        return "the plan is not the one that was approved"
    if again is not None and approval.by == again.by:
        return ""
    if approval.by == POLICY:
        return "the policy lets nothing through now"
    if approvers and approval.by not in approvers:
        return f"{approval.by!r}, who approved it, is not an approver"
    return ""
