"""Sane: a wish is one that the account could carry out as it is written."""

from dataclasses import dataclass
from typing import ClassVar

from agent.domain.lever import Lever, Ratio, Status, Value, number_of
from agent.domain.money import Money
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.held import absent
from agent.guardrails.wording import amount


@dataclass(frozen=True, slots=True)
class Sane:
    """Denies what is locked, paused, unchanged, zero, negative or not in whole steps.

    What is in a locked campaign is locked.

    Ask it first: the other guardrails count in the numbers that it has checked.
    """

    name: ClassVar[str] = "sane"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        row = snapshot.entities.row(proposal.ref)
        present = snapshot.number(proposal.ref, proposal.lever)
        if present is None:
            return absent(proposal)
        because = (
            _wrong_target(proposal.lever, proposal.target, snapshot)
            or _unchanged(proposal, present, snapshot)
            or _unsteerable(proposal, row, snapshot)
        )
        if because:
            return Deny(because)
        stands = present
        return Allow(
            lambda: (
                f"{proposal.target} can be set as it is; it stands at "
                f"{amount(proposal.lever, stands, snapshot.currency)}"
            )
        )


def _wrong_target(lever: Lever, target: Value, snapshot: Snapshot) -> str:
    """What is wrong with a value for this lever, "" when nothing is."""
    if isinstance(target, Status):
        return "" if lever.is_switch else f"{lever} cannot be {target}"
    if isinstance(target, Ratio):
        if not lever.is_ratio:
            return f"{lever} cannot be a ratio of {target}"
        return "" if target.millionths > 0 else f"{lever} cannot be {target}"
    return _wrong_money(lever, target, snapshot)


def _wrong_money(lever: Lever, target: Money, snapshot: Snapshot) -> str:
    account = snapshot.entities.account
    if not lever.is_money:
        return f"{lever} cannot be {target}"
    if target.currency != account.currency:
        return f"{target} is not in the account's money, {account.currency}"
    if target.micros <= 0:
        return f"{lever} cannot be {target}"
    if target.micros % account.unit_micros:
        return f"{target} is not a multiple of {Money(account.unit_micros, account.currency)}"
    return ""


def _unchanged(proposal: Proposal, present: int, snapshot: Snapshot) -> str:
    if number_of(proposal.target) != present:
        return ""
    return f"it stands at {amount(proposal.lever, present, snapshot.currency)} already"


def _unsteerable(proposal: Proposal, row: int | None, snapshot: Snapshot) -> str:
    if row is None:  # marked hours
        return ""
    table = snapshot.entities
    locked = str(table.locked[row] or table.locked[table.campaign_rows[row]])
    if locked:
        return f"it is locked: {locked}"
    if not proposal.lever.is_switch and snapshot.entities.number(proposal.ref, Lever.STATUS) == 0:
        return "it is paused"
    return ""
