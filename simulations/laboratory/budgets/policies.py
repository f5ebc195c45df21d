"""Policies: all that a benchmark can hold side by side, by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from simulations.laboratory.budgets.baselines.adcomb import AdComB, Choice
from simulations.laboratory.budgets.baselines.arm_thompson import ArmThompson
from simulations.laboratory.budgets.baselines.beta_thompson import BetaThompson
from simulations.laboratory.budgets.baselines.equal import Equal
from simulations.laboratory.budgets.baselines.log_log import LogLog
from simulations.laboratory.budgets.baselines.marketing_mix import MarketingMix
from simulations.laboratory.budgets.baselines.proportional import Proportional
from simulations.laboratory.budgets.baselines.weekly_rule import WeeklyRule
from simulations.laboratory.budgets.morning import Policy
from simulations.laboratory.budgets.ours import Proposing
from strategies.thompson_budget import ThompsonBudget

OURS = "thompson_budget"

POLICIES: Mapping[str, Callable[[], Policy]] = MappingProxyType(
    {
        OURS: lambda: Proposing(ThompsonBudget(OURS)),
        "equal": Equal,
        "proportional": Proportional,
        "weekly_rule": WeeklyRule,
        "beta_thompson": BetaThompson,
        "arm_thompson": ArmThompson,
        "adcomb_ts": lambda: AdComB(Choice.TS),
        "adcomb_mean": lambda: AdComB(Choice.MEAN),
        "adcomb_bucb": lambda: AdComB(Choice.BUCB),
        "log_log_ts": lambda: LogLog(draw=True),
        "log_log_mean": lambda: LogLog(draw=False),
        "marketing_mix": MarketingMix,
    }
)
"""Policies by name, ours first."""
