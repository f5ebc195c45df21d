"""Range: the lowest and the highest value that a lever may be set to, by the user and by the platform."""

from dataclasses import dataclass
from typing import ClassVar

from agent.domain.lever import Lever, Ratio, number_of
from agent.domain.money import Money
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.held import ALLOW, absent, held, objection
from agent.guardrails.wording import amount


@dataclass(frozen=True, slots=True)
class Floor:
    """A cut ends at the floor; a lever that stands below it may only rise.

    Attributes:
        floor: None denies every change of the lever.
    """

    lever: Lever
    floor: Money | Ratio | None

    def __post_init__(self) -> None:
        _check_limit(self.name, self.lever, self.floor)

    @property
    def name(self) -> str:
        return f"{self.lever}.floor"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if proposal.lever is not self.lever:
            return ALLOW
        if self.floor is None or _in_other_money(self.floor, snapshot):
            return _unusable(self.name, self.floor, snapshot)
        present = snapshot.number(proposal.ref, self.lever)
        if present is None:
            return absent(proposal)
        to, floor = held(proposal, snapshot, present, lowest=number_of(self.floor)), self.floor
        if to is None:
            return Allow(lambda: f"{proposal.target} against a floor of {floor}")
        stands = amount(self.lever, present, snapshot.currency)
        because = f"{proposal.target} is below the floor of {self.floor}; it stands at {stands}"
        return objection(proposal, snapshot, present, to, because)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A raise ends at the ceiling; a lever that stands above it may only fall.

    Attributes:
        ceiling: None denies every change of the lever.
    """

    lever: Lever
    ceiling: Money | Ratio | None

    def __post_init__(self) -> None:
        _check_limit(self.name, self.lever, self.ceiling)

    @property
    def name(self) -> str:
        return f"{self.lever}.ceiling"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if proposal.lever is not self.lever:
            return ALLOW
        if self.ceiling is None or _in_other_money(self.ceiling, snapshot):
            return _unusable(self.name, self.ceiling, snapshot)
        present = snapshot.number(proposal.ref, self.lever)
        if present is None:
            return absent(proposal)
        to, ceiling = held(proposal, snapshot, present, highest=number_of(self.ceiling)), self.ceiling
        if to is None:
            return Allow(lambda: f"{proposal.target} against a ceiling of {ceiling}")
        stands = amount(self.lever, present, snapshot.currency)
        because = f"{proposal.target} is above the ceiling of {self.ceiling}; it stands at {stands}"
        return objection(proposal, snapshot, present, to, because)


@dataclass(frozen=True, slots=True)
class PlatformMinimum:
    """No daily budget ends below the smallest that the account's platform is known to accept.

    Ask it after the other guardrails of daily budgets: one of them may have held a raise below it.
    """

    name: ClassVar[str] = "platform_minimum"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        least = snapshot.entities.account.min_daily_budget_micros
        if proposal.lever is not Lever.DAILY_BUDGET:
            return ALLOW
        if number_of(proposal.target) >= least:
            return Allow(
                lambda: (
                    f"the platform accepts {amount(proposal.lever, least, snapshot.currency)} at least"
                    if least
                    else "the platform has told no least budget"
                )
            )
        present = snapshot.number(proposal.ref, proposal.lever)
        if present is None:
            return absent(proposal)
        to = held(proposal, snapshot, present, lowest=least)
        accepted, stands = (amount(proposal.lever, micros, snapshot.currency) for micros in (least, present))
        because = (
            f"{proposal.target} is below {accepted}, the smallest daily budget that the platform accepts; "
            f"it stands at {stands}"
        )
        return objection(proposal, snapshot, present, present if to is None else to, because)


def _check_limit(name: str, lever: Lever, limit: Money | Ratio | None) -> None:
    if lever.is_switch:
        raise ValueError(f"{name}: a status has no range")
    if limit is None:
        return
    if isinstance(limit, Money) is not lever.is_money:
        kind = "money" if lever.is_money else "a ratio"
        raise ValueError(f"{name} was {limit}, {kind} is right")
    if number_of(limit) <= 0:
        raise ValueError(f"{name} was {limit}, a value above zero is right")


def _in_other_money(limit: Money | Ratio, snapshot: Snapshot) -> bool:
    return isinstance(limit, Money) and limit.currency != snapshot.currency


def _unusable(name: str, limit: Money | Ratio | None, snapshot: Snapshot) -> Deny:
    if limit is None:
        return Deny(f"no {name} is set")
    return Deny(f"{name} is {limit}, but the account's money is {snapshot.currency}")
