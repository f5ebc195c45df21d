"""Days that an account lived through: the full cycle each morning, and the plans that came of it."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from live import Live, live

from agent.clock import SteppedClock
from agent.domain.lever import Lever, Ratio
from agent.domain.money import Money
from agent.domain.plan import Change, Plan
from agent.domain.portfolio import Goal, Limits, Portfolio
from agent.ports.ledger import Ledger
from rules.decider import RuleDecider
from rules.file import parse_rules
from strategies.thompson_budget import ThompsonBudget

RULES = """
[[rule]]
id      = "slow-down-what-returns-little"
about   = "campaign"
when    = "roas_7d < 2"
then    = { lever = "daily_budget", scale = 0.95, at_least = "2.00 EUR" }
because = "returned {roas_7d}"

[[rule.example]]
name   = "little"
each   = { days = 7, cost = "10.00 EUR", conversions = 1, conversion_value = "15.00 EUR" }
now    = { daily_budget = "10.00 EUR" }
expect = { daily_budget = "9.50 EUR" }

[[rule.example]]
name   = "enough"
each   = { days = 7, cost = "10.00 EUR", conversions = 1, conversion_value = "25.00 EUR" }
now    = { daily_budget = "10.00 EUR" }
expect = "no change"
"""


def account(ledger: Ledger, *, campaigns: int = 12, clock: SteppedClock | None = None) -> Live:
    """A rule has the first word, Thompson sampling the second, under a pot, a target and steps."""
    one = live(campaigns=campaigns, clock=clock)
    pot = Money(sum(one.budgets()) // 10_000 * 10_000, "EUR")
    limits = Limits(Money.of("1", "EUR"), None, Fraction(1, 5))
    portfolio = Portfolio("all", Goal.VALUE, pot, target_roas=Ratio.of("1.5"), limits=limits)
    one.give(ledger=ledger, desks=(replace(one.parts.desks[0], portfolio=portfolio),))
    one.decide(RuleDecider(parse_rules(RULES, Path("rules/slow.toml"))), ThompsonBudget("thompson"))
    return one


def lived(one: Live, days: int) -> list[Plan]:
    """Observe, decide, carry out and read back each morning; somebody edits a budget each noon."""
    plans = []
    for _ in range(days):
        plans.append(one.carry_out().plan)
        one.step(hours=6)
        _edit(one, row=one.clock.now().day % len(one.budgets()))
        one.step(hours=18)
    return plans


def _edit(one: Live, row: int) -> None:
    table = one.adapter.entities()
    before = table.value(row, Lever.DAILY_BUDGET)
    assert isinstance(before, Money)
    after = before.times(Fraction(6, 5)).rounded_down(table.account.unit_micros)
    one.adapter.apply([Change(table.ref(row), Lever.DAILY_BUDGET, before, after)])
