"""Policies: all that a benchmark of bids can hold side by side, by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from simulations.laboratory.bids.baselines.gaussian_levels import GaussianLevels
from simulations.laboratory.bids.baselines.raw_value import RawValue
from simulations.laboratory.bids.baselines.uniform import Uniform
from simulations.laboratory.bids.morning import Policy

POLICIES: Mapping[str, Callable[[], Policy]] = MappingProxyType(
    {"uniform_paced": Uniform, "raw_value": RawValue, "gaussian_levels": GaussianLevels}
)
"""Policies by name, ours first."""
