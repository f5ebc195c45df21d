"""Held: how far a wish may go from where its lever stands."""

from agent.domain.lever import number_of, value_of
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Clamp, Deny, Verdict

ALLOW = Allow()


def held(
    proposal: Proposal,
    snapshot: Snapshot,
    present: int,
    *,
    lowest: int | None = None,
    highest: int | None = None,
) -> int | None:
    """The number nearest to the wish, on its way from the present one, that the bounds permit.

    By construction a cut stays a cut and a raise stays a raise: a lever that stands outside
    the bounds may move towards them, and not further away.

    Args:
        present: Where the lever stands.
        lowest, highest: Micros or millionths, rounded inwards to the account's smallest step;
            None for no such bound.

    Returns:
        None when the wish is permitted as it is, else a number from `present` up to the
        target; `present` itself when no move is permitted.
    """
    target = number_of(proposal.target)
    if target > present:
        if highest is None or target <= highest:
            return None
        unit = _unit(proposal, snapshot)
        return max(present, highest // unit * unit)
    if lowest is None or target >= lowest:
        return None
    unit = _unit(proposal, snapshot)
    return min(present, -(-lowest // unit) * unit)


def objection(proposal: Proposal, snapshot: Snapshot, present: int, to: int, because: str) -> Verdict:
    """Clamp to a number that `held` gave, or deny when that is where the lever stands."""
    if to == present:
        return Deny(because)
    return Clamp(value_of(proposal.lever, to, snapshot.currency), because)


def absent(proposal: Proposal) -> Deny:
    """The verdict on a lever that the snapshot does not hold."""
    return Deny(f"{proposal.ref} has no {proposal.lever} in this account's data")


def _unit(proposal: Proposal, snapshot: Snapshot) -> int:
    return snapshot.entities.account.step(proposal.lever)
