"""Whole months of a live account: the month's budget holds, whoever shares the pots of its days."""

from dataclasses import replace
from datetime import date

import live
import pytest

from agent.domain.money import Money
from agent.domain.month.budget import MonthBudget
from agent.domain.portfolio import Limits
from agent.ports.deciding import Strategy
from strategies.pacing import Pacing
from strategies.thompson_budget import ThompsonBudget


@pytest.mark.parametrize(("decider", "share"), [(Pacing("pacing"), 0.8), (ThompsonBudget("thompson"), 1.1)])
def test_december_costs_its_budget(decider: Strategy, share: float) -> None:
    """From a fifth less than budgets would cost to a tenth more: within 1.5 % below, 0.3 % above."""
    account = live.live()
    usual = sum(account.budgets())
    amount = Money(int(31 * usual * share), "EUR")
    (desk,) = account.parts.desks
    portfolio = replace(
        desk.portfolio,
        month=MonthBudget(amount),
        limits=Limits(Money.of(1, "EUR"), Money.of(10_000, "EUR"), live.fence().guardrails[-1].max_step),  # type: ignore[attr-defined]  # the last one is MaxStep
    )
    account.give(desks=(replace(desk, portfolio=portfolio),))
    account.decide(decider)

    while account.clock.now().date() < date(2027, 1, 1):
        plan = account.plan()
        account.carry_out()
        account.step(days=1)

    table = account.adapter.metrics(date(2026, 12, 1), date(2026, 12, 31))
    assert 0.985 < int(table.cost_micros.sum()) / amount.micros < 1.003
    assert any("of the month's" in note for note in plan.notes)
