"""Budgets: what a campaign spends from, a day or over its whole life. Pure."""

from dataclasses import dataclass
from typing import Any

from adapters.google_ads.words import word
from agent.domain.lever import Lever

_DAILY, _WHOLE_LIFE = 2, 5  # campaign_budget.period
_STANDARD = 2  # campaign_budget.type
AMOUNT_PATHS = {Lever.DAILY_BUDGET: "amount_micros", Lever.LIFETIME_BUDGET: "total_amount_micros"}


@dataclass(frozen=True, slots=True)
class Budget:
    """A campaign budget.

    Attributes:
        lever: Daily, or of the campaign's whole life ("custom period").
        amount_micros: 0 when Google tells none.
        shared: Explicitly, or used by more than one campaign.
        locked: Why gebot may not change it; "" when it may.
    """

    id: str
    name: str
    lever: Lever
    amount_micros: int
    shared: bool
    locked: str

    def levers(self) -> dict[Lever, int]:
        return {self.lever: self.amount_micros} if self.amount_micros > 0 else {}


def budget_of(budget: Any) -> Budget:
    """Read a campaign budget (protobuf form)."""
    locked = ""
    if budget.period not in (_DAILY, _WHOLE_LIFE):
        locked = "budget of an unknown period"
    elif budget.type_ not in (0, _STANDARD):
        locked = f"budget of type {word(budget, 'type_')}"
    whole_life = budget.period == _WHOLE_LIFE
    return Budget(
        id=str(budget.id),
        name=budget.name,
        lever=Lever.LIFETIME_BUDGET if whole_life else Lever.DAILY_BUDGET,
        amount_micros=budget.total_amount_micros if whole_life else budget.amount_micros,
        shared=is_shared(budget),
        locked=locked,
    )


def is_shared(budget: Any) -> bool:
    """True for a budget (protobuf form) that is not one campaign's own."""
    return bool(budget.explicitly_shared or budget.reference_count > 1)
