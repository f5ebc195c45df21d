"""Doubts: why the rows of a plan are not what the chain says that was decided."""

import json
from collections.abc import Mapping

from sqlmodel import Session, select

from agent.domain.outcome import State
from agent.domain.seal import Seal
from agent.ledger.events import Json, digest
from agent.ledger.sql.audit import entry_holds, entry_of, seal_of
from agent.ledger.sql.decided_tables import AuditRow, ChangeRow, PlanRow
from agent.ledger.sql.pages import backwards


def doubts(session: Session, plan_id: str, seal: Seal | None) -> Mapping[str, str]:
    """Why approved changes of a plan must not be sent, by change id; empty where all is well.

    The chain is gone through backwards, to the entry with which the plan was recorded.
    """
    if seal is None:
        return {}
    row = session.exec(select(PlanRow).where(PlanRow.id == plan_id)).one_or_none()
    if row is None:
        return {}
    approved = session.exec(
        select(ChangeRow.id).where(ChangeRow.plan == row.number, ChangeRow.state == State.APPROVED.value)
    ).all()
    told = _told(session, plan_id, seal)
    if isinstance(told, str):
        return dict.fromkeys(approved, told)
    drawn_up = told.pop(0) if told else {}
    if (drawn_up.get("fingerprint"), drawn_up.get("body")) != (row.fingerprint, digest(row.body)):
        return dict.fromkeys(approved, "the audit chain does not know the plan as it stands")
    states: dict[str, str] = {}
    for content in told:
        for plan, state, _, change_ids in content["steps"]:
            if plan == plan_id:
                states.update(dict.fromkeys(change_ids, state))
    return {
        change_id: f"the audit chain says that it is {states.get(change_id, State.PROPOSED.value)}"
        for change_id in approved
        if states.get(change_id) != State.APPROVED.value
    }


def _told(session: Session, plan_id: str, seal: Seal) -> list[Json] | str:
    """Contents of the entries about a plan, oldest first; in words where the chain is broken."""
    found: list[Json] = []
    later: AuditRow | None = None  # the entry whose seal is over the one that comes next here
    for row in backwards(session, AuditRow):
        if later is not None and not entry_holds(later, row.seal, seal):
            return f"entry {later.number} of the audit chain does not bear gebot's seal"
        later = row
        what, *plans = row.what.split(" ")
        if plan_id in plans:
            content = json.loads(entry_of(row).content)
            if content is None:
                return f"entry {row.number} of the audit chain cannot be read"
            found.append(content)
            if what == "plan":
                before = seal_of(session, row.number - 1) or ""
                if not entry_holds(row, before, seal):
                    return f"entry {row.number} of the audit chain does not bear gebot's seal"
                return found[::-1]
    return []
