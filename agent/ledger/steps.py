"""Steps of changes: what is legal from where each change stands."""

from collections.abc import Iterable, Mapping

from agent.domain.approval import Approval
from agent.domain.errors import Deposed, Halted, LedgerError, Mistake
from agent.domain.outcome import State, Step
from agent.domain.record import Halt

Key = tuple[str, str]
"""Plan id and change id."""


def stepped(standing: Mapping[Key, State], steps: Iterable[Step]) -> dict[Key, Step]:
    """The last step of each change, after all were taken in order.

    Raises:
        LedgerError: A change is unknown, or a step is not legal from where it stands.
    """
    now = dict(standing)
    last: dict[Key, Step] = {}
    for step in steps:
        key = (step.plan_id, step.change_id)
        state = now.get(key)
        if state is None:
            raise LedgerError(f"ledger: plan {step.plan_id} has no change {step.change_id}")
        if not state.may_become(step.state):
            raise LedgerError(
                f"ledger: change {step.change_id} of plan {step.plan_id} is {state}, "
                f"it cannot become {step.state}"
            )
        now[key] = step.state
        last[key] = step
    return last


def sends(steps: Iterable[Step]) -> bool:
    """True when any of the steps lets a change onto the wire."""
    return any(step.state is State.SENDING for step in steps)


def check_leads(epoch: int, leads: int) -> None:
    """Refuse the word of who no longer leads: what it saw may be long past when it wakes.

    Raises:
        Deposed: The epoch is not the one that leads.
    """
    if epoch != leads:
        raise Deposed(f"ledger: the epoch was {epoch}, {leads} leads; another gebot took over")


def check_sending(halt: Halt | None) -> None:
    """Refuse to let anything onto the wire while stopped.

    Raises:
        Halted: A halt is in force.
    """
    if halt is not None:
        raise Halted(f"{halt.by} stopped gebot at {halt.at}: {halt.because}; `gebot resume` ends it")


def check_approval(
    approval: Approval, steps: Iterable[Step], fingerprint: str | None, standing: Mapping[str, State]
) -> None:
    """Refuse a word that is not on this plan as it stands.

    Args:
        fingerprint: Of the stored plan; None when there is none of this id.
        standing: State of each change of the plan, by change id.

    Raises:
        Mistake: See `Ledger.record_approval`.
    """
    where = f"plan {approval.plan_id}"
    if fingerprint is None:
        raise Mistake(where, "is not in the ledger", "`gebot review` lists the plans")
    if approval.fingerprint != fingerprint:
        raise Mistake(where, f"its fingerprint was {approval.fingerprint}", f"{fingerprint} is right")
    named = approval.approved | approval.rejected
    both = approval.approved & approval.rejected
    if both:
        raise Mistake(where, f"change {_listed(both)} was both approved and rejected", "choose one")
    unknown = named - standing.keys()
    if unknown:
        raise Mistake(where, f"it has no change {_listed(unknown)}", f"`gebot review {approval.plan_id}`")
    for change_id in sorted(named):
        state = standing[change_id]
        if state is not State.PROPOSED:
            raise Mistake(where, f"change {change_id} is {state}", "only what is proposed can be decided on")
    words = {State.APPROVED: approval.approved, State.REJECTED: approval.rejected}
    for step in steps:
        if step.plan_id != approval.plan_id or step.change_id not in words.get(step.state, frozenset()):
            raise Mistake(
                where, f"change {step.change_id} was to be {step.state}", "the approval says no such"
            )


def _listed(change_ids: Iterable[str]) -> str:
    return ", ".join(sorted(change_ids))
