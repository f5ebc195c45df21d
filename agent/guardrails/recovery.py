"""Recovery: after a pause, the first steps are small ones."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

import numpy as np

from agent.domain.lever import Lever, number_of
from agent.domain.proposal import Proposal, Purpose
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Verdict
from agent.guardrails.held import ALLOW, absent, held, objection
from agent.guardrails.wording import amount, percent

PAUSED_DAYS = 3
"""An entity that did not deliver for so many days in a row starts anew."""


@dataclass(frozen=True, slots=True)
class RecoveryRamp:
    """For some days after a pause a lever moves by a share of its `max_step` alone.

    A pause is a freeze of the account that ended, a gap of two days in its readings, or three days
    on which the entity or its campaign was switched off.

    Attributes:
        max_step: As that guardrail has it; None, which denies anyway.
        days: How long it lasts.
        share: Of `max_step`, within (0, 1].
    """

    lever: Lever
    max_step: Fraction | None
    days: int = 3
    share: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        if self.days <= 0 or not 0 < self.share <= 1:
            raise ValueError(
                f"{self.name} was {self.days} days of {self.share}; days above zero and a share within "
                "(0, 1] are right"
            )

    @property
    def name(self) -> str:
        return f"{self.lever}.recovery_ramp"

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if proposal.lever is not self.lever or self.max_step is None or proposal.purpose is Purpose.UNDO:
            return ALLOW
        present = snapshot.number(proposal.ref, self.lever)
        if present is None:
            return absent(proposal)
        why = self._why(proposal, snapshot)
        if why is None:
            return ALLOW
        step = self.max_step * self.share
        reach = present * step.numerator // step.denominator
        to = held(proposal, snapshot, present, lowest=present - reach, highest=present + reach)
        if to is None:
            return ALLOW
        stands = amount(self.lever, present, snapshot.currency)
        wished = amount(self.lever, number_of(proposal.target), snapshot.currency)
        because = f"{wished} is more than {percent(step)} away from {stands}; {why}"
        return objection(proposal, snapshot, present, to, because)

    def _why(self, proposal: Proposal, snapshot: Snapshot) -> str | None:
        """What came to an end lately; None when nothing did."""
        resumed = snapshot.resumed_at
        if resumed is not None and snapshot.as_of < resumed + timedelta(days=self.days):
            return f"the account is steered again since {resumed:%Y-%m-%d %H:%M} UTC"
        row = snapshot.entities.row(proposal.ref)
        status = snapshot.memory.get(Lever.STATUS)
        if row is None or status is None:
            return None
        for one in {row, int(snapshot.entities.campaign_rows[row])}:
            stood = status.stood[one, -(self.days + PAUSED_DAYS) :] == 0
            if np.count_nonzero(stood) >= PAUSED_DAYS and _longest(stood) >= PAUSED_DAYS:
                return f"it was paused until less than {self.days} days ago"
        return None


def _longest(flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """The longest run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))
