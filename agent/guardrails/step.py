"""Step: how far a lever may move at once, and within seven days."""

from dataclasses import dataclass
from fractions import Fraction

from agent.domain.lever import Lever, number_of
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.held import ALLOW, absent, held, objection
from agent.guardrails.wording import amount, percent


@dataclass(frozen=True, slots=True)
class MaxStep:
    """A change moves a lever by at most this share of where it stands.

    Attributes:
        max_step: 1/5 permits 40 to 60 from 50; None denies every change of the lever.
    """

    lever: Lever
    max_step: Fraction | None

    def __post_init__(self) -> None:
        _check_share(self.name, self.lever, self.max_step)

    @property
    def name(self) -> str:
        return f"{self.lever}.max_step"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if proposal.lever is not self.lever:
            return ALLOW
        if self.max_step is None:
            return Deny(f"no {self.name} is set")
        present = snapshot.number(proposal.ref, self.lever)
        if present is None:
            return absent(proposal)
        max_step = self.max_step
        to = _held_around(present, max_step, proposal, snapshot, present)
        if to is None:
            return Allow(lambda: _moves(proposal, snapshot, present, max_step))
        stands = amount(self.lever, present, snapshot.currency)
        because = f"{proposal.target} is more than {percent(self.max_step)} away from {stands}"
        return objection(proposal, snapshot, present, to, because)


@dataclass(frozen=True, slots=True)
class RollingCap:
    """A lever stays within this share of where it stood seven days ago.

    Many small legal steps multiply: nine of +30 % make x10.6.

    Attributes:
        max_change: 1/2 permits 25 to 75 when the baseline is 50; None denies every change.
    """

    lever: Lever
    max_change: Fraction | None

    def __post_init__(self) -> None:
        _check_share(self.name, self.lever, self.max_change)

    @property
    def name(self) -> str:
        return f"{self.lever}.max_change_7d"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if proposal.lever is not self.lever:
            return ALLOW
        if self.max_change is None:
            return Deny(f"no {self.name} is set")
        present = snapshot.number(proposal.ref, self.lever)
        if present is None:
            return absent(proposal)
        row, memory = snapshot.entities.row(proposal.ref), snapshot.memory.get(self.lever)
        if self.lever.is_of_hours:  # nobody watches what becomes of them
            baseline = present
        else:
            baseline = 0 if row is None or memory is None else int(memory.baseline[row])
        if baseline <= 0:
            return Deny(f"nobody knows where {self.lever} stood 7 days ago")
        max_change = self.max_change
        to = _held_around(baseline, max_change, proposal, snapshot, present)
        if to is None:
            return Allow(lambda: _moves(proposal, snapshot, baseline, max_change, when=" 7 days ago"))
        stood = amount(self.lever, baseline, snapshot.currency)
        because = f"{proposal.target} is more than {percent(self.max_change)} away from {stood} 7 days ago"
        return objection(proposal, snapshot, present, to, because)


def _moves(proposal: Proposal, snapshot: Snapshot, centre: int, share: Fraction, when: str = "") -> str:
    """``+10 % of 50.00 EUR; 20 % is allowed``."""
    far = Fraction(number_of(proposal.target) - centre, max(centre, 1))
    stands = amount(proposal.lever, centre, snapshot.currency)
    return f"{'+' if far >= 0 else ''}{percent(far)} of {stands}{when}; {percent(share)} is allowed"


def _check_share(name: str, lever: Lever, share: Fraction | None) -> None:
    if lever.is_switch:
        raise ValueError(f"{name}: a status has no steps")
    if share is not None and share <= 0:
        raise ValueError(f"{name} was {share}, a share above zero is right")


def _held_around(
    centre: int, share: Fraction, proposal: Proposal, snapshot: Snapshot, present: int
) -> int | None:
    """Hold the wish within `share` of `centre`: rounded down to a whole micro, so inside the share."""
    reach = centre * share.numerator // share.denominator
    return held(proposal, snapshot, present, lowest=centre - reach, highest=centre + reach)
