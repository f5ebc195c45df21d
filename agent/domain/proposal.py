"""Proposal: a wish for one lever, with the evidence it rests on."""

from dataclasses import dataclass
from enum import StrEnum

from agent.domain.lever import Lever, Value
from agent.domain.ref import Ref


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the range that should hold it in 80 of 100 cases."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that was used, as a reviewer should read it: ``cpa_14d = 31.20 EUR``."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a proposal rests on.

    Attributes:
        figures: In the order in which a reader wants them.
        posterior: Of `posterior_of` ("conversion value per day at the new budget"), in the
            units named there; None for deciders without a model.
        expected_effect: Change per day in the goal's unit (currency units of conversion
            value, or conversions) if this one proposal is carried out; where one pot is paced
            by all bids together, its share of the whole plan's effect, and `posterior_of` says so.
        maturity: Share of the conversions used that has been reported, in (0, 1].
        seed: Of the generator that the decision drew from; None where nothing was drawn.
        propensity: Probability with which the decider would have drawn this choice.
    """

    figures: tuple[Figure, ...] = ()
    posterior_of: str = ""
    posterior: Interval | None = None
    expected_effect: Interval | None = None
    maturity: float | None = None
    seed: int | None = None
    propensity: float | None = None


class Purpose(StrEnum):
    """What a wish is for; it decides which guardrails are asked."""

    STEER = "steer"
    UNDO = "undo"  # a person takes back what gebot did: it needs no evidence and waits for no cooldown


@dataclass(frozen=True, slots=True)
class Proposal:
    """A wish; absolute, so that twice is once.

    Attributes:
        because: One sentence for a reviewer, with the numbers filled in.
        source: The decider that made it, as named in config.toml (a rule: ``file/rule-id``).
        group: Proposals that must be settled together (the portfolio's name), "" if alone.
    """

    ref: Ref
    lever: Lever
    target: Value
    because: str
    source: str
    group: str = ""
    evidence: Evidence = Evidence()
    purpose: Purpose = Purpose.STEER
