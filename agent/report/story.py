"""Story: all that befell one change, as plain records and as lines for people."""

import json
from collections.abc import Iterator, Sequence
from typing import TypedDict

from agent.domain.audit import Entry
from agent.domain.outcome import Edit
from agent.domain.plan import Decision
from agent.domain.record import PlanRecord
from agent.domain.seal import Seal
from agent.domain.story import Stepped
from agent.domain.verdict import Allow, Clamp, Deny, Word


class ToldApproval(TypedDict):
    """A word on the change; `sealed` is whether it bears gebot's seal."""

    by: str
    at: str
    said: str
    comment: str
    sealed: bool


class ToldStep(TypedDict):
    """A step of the change; moments as ISO 8601 in UTC."""

    at: str
    state: str
    because: str
    epoch: int | None


class ToldEdit(TypedDict):
    """What the platform's history shows of the lever since the change was sent."""

    at: str
    by: str
    ours: bool
    before: str
    after: str


class Told(TypedDict):
    """The whole story of one change in one plan.

    `entries` are the numbers of the audit entries that name it; `history` is None where the
    platform was not asked.
    """

    change: str
    plan: str
    account: str
    entity: str
    lever: str
    before: str
    after: str
    state: str
    proposed_by: str
    because: str
    figures: dict[str, str]
    guardrails: list[str]
    drawn_up_at: str
    expires_at: str
    policy: str
    code: str
    seed: int
    fingerprint: str
    approvals: list[ToldApproval]
    steps: list[ToldStep]
    entries: list[int]
    doubt: str
    history: list[ToldEdit] | None


def told_of(
    record: PlanRecord,
    change_id: str,
    steps: Sequence[Stepped],
    entries: Sequence[Entry],
    *,
    seal: Seal,
    doubt: str,
    edits: Sequence[Edit] | None,
) -> Told:
    """Put the story together.

    Args:
        entries: Of the audit chain, about the plan.
        doubt: Why the change must not be sent as it stands; "" when nothing speaks against it.
        edits: Of its lever in the platform's history; None: it was not asked.
    """
    plan, item = record.plan, record.changes[change_id]
    decision = _decision(record, change_id)
    wish = decision.proposal
    return Told(
        change=change_id,
        plan=plan.id,
        account=str(plan.account),
        entity=str(item.change.ref),
        lever=item.change.lever.value,
        before=str(item.change.before),
        after=str(item.change.after),
        state=item.state.value,
        proposed_by=wish.source,
        because=wish.because,
        figures={figure.name: figure.text for figure in wish.evidence.figures},
        guardrails=[_word(word) for word in decision.words],
        drawn_up_at=plan.drawn_up_at.isoformat(),
        expires_at=plan.expires_at.isoformat(),
        policy=plan.policy,
        code=plan.code,
        seed=plan.seed,
        fingerprint=plan.fingerprint,
        approvals=[
            ToldApproval(
                by=word.by,
                at=word.at.isoformat(),
                said="approved" if change_id in word.approved else "rejected",
                comment=word.comment,
                sealed=word.bears(seal),
            )
            for word in record.approvals
            if change_id in word.approved | word.rejected
        ],
        steps=[
            ToldStep(at=one.at.isoformat(), state=one.state.value, because=one.because, epoch=one.epoch)
            for one in steps
        ],
        entries=[entry.number for entry in entries if _names(entry, change_id)],
        doubt=doubt,
        history=None
        if edits is None
        else [
            ToldEdit(
                at=edit.at.isoformat(),
                by=edit.by,
                ours=edit.ours,
                before=str(edit.before),
                after=str(edit.after),
            )
            for edit in edits
        ],
    )


def story_lines(told: Told) -> Iterator[str]:
    """For people, in the order in which it befell."""
    yield f"change {told['change']} of plan {told['plan']}, {told['account']}"
    yield f"  {told['entity']} {told['lever']}: {told['before']} -> {told['after']}, now {told['state']}"
    yield f"proposed by {told['proposed_by']}: {told['because']}"
    for name, text in told["figures"].items():
        yield f"  {name} = {text}"
    for objection in told["guardrails"] or ["no guardrail objected"]:
        yield f"  {objection}"
    yield f"drawn up {_short(told['drawn_up_at'])} UTC, good until {_short(told['expires_at'])} UTC"
    yield f"  fingerprint {told['fingerprint']}"
    yield f"  policy {told['policy'] or 'unknown'}, code {told['code'] or 'unknown'}, seed {told['seed']}"
    for word in told["approvals"]:
        comment = f": {word['comment']}" if word["comment"] else ""
        sealed = "sealed" if word["sealed"] else "WITHOUT A VALID SEAL"
        yield f"{word['said']} by {word['by']} {_short(word['at'])} UTC, {sealed}{comment}"
    if not told["approvals"]:
        yield "nobody has decided on it"
    for step in told["steps"]:
        epoch = "" if step["epoch"] is None else f" (epoch {step['epoch']})"
        because = f": {step['because']}" if step["because"] else ""
        yield f"{_short(step['at'])} UTC {step['state']}{epoch}{because}"
    for edit in told["history"] or ():
        who = "gebot" if edit["ours"] else "somebody else"
        moved = f"{edit['before']} -> {edit['after']}"
        yield f"{_short(edit['at'])} UTC in the platform's history: {moved} by {edit['by']} ({who})"
    if told["history"] == []:
        yield "the platform's history shows nothing of this lever since"
    numbers = ", ".join(map(str, told["entries"])) or "none: it is from before the chain began"
    yield f"audit entries: {numbers}"
    if told["doubt"]:
        yield f"NOT AS IT WAS DECIDED: {told['doubt']}"


def _decision(record: PlanRecord, change_id: str) -> Decision:
    return next(one for one in record.plan.decisions if one.change is not None and one.change.id == change_id)


def _word(word: Word) -> str:
    match word.verdict:
        case Deny(because=because):
            return f"{word.guardrail} denied: {because}"
        case Clamp(to=to, because=because):
            return f"{word.guardrail} clamped to {to}: {because}"
        case Allow(because=because):
            return f"{word.guardrail} allowed: {because}"


def _names(entry: Entry, change_id: str) -> bool:
    return f'"{change_id}"' in entry.content and json.loads(entry.content) is not None


def _short(at: str) -> str:
    return at[:19].replace("T", " ")
