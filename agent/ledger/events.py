"""Events: what a transaction decided, as the chain keeps it. Content is plain JSON with sorted keys."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, TypeAlias

from agent.domain.approval import Approval
from agent.domain.outcome import Step
from agent.domain.plan import Plan
from agent.domain.record import Freeze, Halt
from agent.domain.ref import AccountId

Json: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Event:
    """What is about to be appended.

    Attributes:
        at: UTC; None: when the entry before it was.
        what: A word, and the ids of the plans that it is about.
    """

    at: datetime | None
    what: str
    content: Mapping[str, Json]


def plan_recorded(plan: Plan, body: bytes) -> Event:
    content = {
        "account": str(plan.account),
        "fingerprint": plan.fingerprint,
        "body": digest(body),
        "changes": list(dict.fromkeys(change.id for change in plan.changes)),
    }
    return Event(plan.drawn_up_at, f"plan {plan.id}", content)


def approval_recorded(approval: Approval, steps: Sequence[Step]) -> Event:
    content = {
        "fingerprint": approval.fingerprint,
        "approved": sorted(approval.approved),
        "rejected": sorted(approval.rejected),
        "by": approval.by,
        "comment": approval.comment,
        "signature": approval.signature,
        "steps": _steps(steps),
    }
    return Event(approval.at, f"approval {approval.plan_id}", content)


def advanced(steps: Sequence[Step], at: datetime, epoch: int) -> Event:
    plans = dict.fromkeys(step.plan_id for step in steps)
    return Event(at, " ".join(["steps", *plans]), {"epoch": epoch, "steps": _steps(steps)})


def lead_taken(account: AccountId, epoch: int, host: str, pid: int, at: datetime) -> Event:
    return Event(at, "lead", {"account": str(account), "epoch": epoch, "host": host, "pid": pid})


def halted(halt: Halt) -> Event:
    return Event(halt.at, "halt", {"account": _name(halt.account), "by": halt.by, "because": halt.because})


def resumed(by: str, at: datetime, account: AccountId | None) -> Event:
    return Event(at, "resume", {"account": _name(account), "by": by})


def frozen(freeze: Freeze) -> Event:
    content = {
        "account": str(freeze.account),
        "begins": freeze.begins.astimezone(UTC).isoformat(),
        "because": freeze.because,
    }
    return Event(freeze.at, "freeze", content)


def thawed(account: AccountId, by: str, at: datetime) -> Event:
    return Event(at, "thaw", {"account": str(account), "by": by})


def policy_recorded(name: str, body: bytes, at: datetime | None) -> Event:
    return Event(at, "policy", {"digest": name, "body": digest(body)})


def restored(because: str, lost: str, at: datetime) -> Event:
    """The ledger was found to be an older one; `lost` is the seal of the last head that was anchored."""
    return Event(at, "restored", {"because": because, "lost": lost})


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _steps(steps: Sequence[Step]) -> list[Json]:
    """In their order; those of one plan, state and reason that follow each other share them."""
    runs = groupby(steps, key=lambda step: (step.plan_id, step.state.value, step.because))
    return [[*key, [step.change_id for step in run]] for key, run in runs]


def _name(account: AccountId | None) -> str:
    return "" if account is None else str(account)
