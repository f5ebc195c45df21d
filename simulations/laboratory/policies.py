"""Policies: all that a benchmark can hold side by side, by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from simulations.laboratory.baselines.equal import Equal
from simulations.laboratory.baselines.proportional import Proportional
from simulations.laboratory.baselines.weekly_rule import WeeklyRule
from simulations.laboratory.morning import Policy
from simulations.laboratory.ours import Proposing
from strategies.thompson_budget import ThompsonBudget

OURS = "thompson_budget"

POLICIES: Mapping[str, Callable[[], Policy]] = MappingProxyType(
    {
        OURS: lambda: Proposing(ThompsonBudget(OURS)),
        "equal": Equal,
        "proportional": Proportional,
        "weekly_rule": WeeklyRule,
    }
)
"""Policies by name, ours first."""
