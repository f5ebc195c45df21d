"""Targets: where the target of a bidding strategy stands, for campaigns and portfolios alike. Pure."""

from dataclasses import dataclass
from typing import Any

from agent.domain.lever import Lever
from agent.domain.money import MICROS

# Which field holds the target, by the bidding strategy that is present.
TARGET_FIELDS = {
    "maximize_conversions": ("target_cpa_micros", Lever.TARGET_CPA),
    "target_cpa": ("target_cpa_micros", Lever.TARGET_CPA),
    "maximize_conversion_value": ("target_roas", Lever.TARGET_ROAS),
    "target_roas": ("target_roas", Lever.TARGET_ROAS),
}
OF_CAMPAIGN, OF_PORTFOLIO = "campaign_bidding_strategy", "scheme"


@dataclass(frozen=True, slots=True)
class Target:
    """A target of a bidding strategy, or of an ad group that overrides it.

    Attributes:
        path: Where it stands in its resource ("target_roas.target_roas").
        number: Micros or millionths, above zero.
    """

    lever: Lever
    path: str
    number: int


def target_of(resource: Any, oneof: str) -> Target | None:
    """The target of the strategy that is present; None where that one has none, or none is set.

    Writing the target of another strategy than the one present would switch the strategy.

    Args:
        resource: A campaign or a bidding strategy (protobuf form).
        oneof: Its group of strategies, `OF_CAMPAIGN` or `OF_PORTFOLIO`.
    """
    strategy = resource.WhichOneof(oneof)
    if strategy not in TARGET_FIELDS:
        return None
    field, lever = TARGET_FIELDS[strategy]
    number = number_at(getattr(resource, strategy), field, lever)
    return Target(lever, f"{strategy}.{field}", number) if number > 0 else None


def number_at(message: Any, field: str, lever: Lever) -> int:
    """A target as it stands in a lever column; 0 when it is not set."""
    value = getattr(message, field)
    return round(value * MICROS) if lever is Lever.TARGET_ROAS else int(value)
