"""Policies: all that a benchmark of bids can hold side by side, by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from simulations.laboratory.bids.baselines.gaussian_levels import GaussianLevels
from simulations.laboratory.bids.baselines.raw_value import RawValue
from simulations.laboratory.bids.baselines.uniform import Uniform
from simulations.laboratory.bids.morning import Policy
from simulations.laboratory.bids.ours import Proposing
from strategies.thompson_bid import ThompsonBid

OURS = "thompson_bid"

POLICIES: Mapping[str, Callable[[], Policy]] = MappingProxyType(
    {
        OURS: lambda: Proposing(ThompsonBid(OURS)),
        "uniform_paced": Uniform,
        "raw_value": RawValue,
        "gaussian_levels": GaussianLevels,
    }
)
"""Policies by name, ours first."""
