"""What a platform lets anybody do, what it refuses, and what it tells of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from simulated_account import day, everything, noon, platform, total

from agent.clock import SteppedClock
from agent.domain.lever import Status
from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.objections import Fault
from simulations.worlds import BASE


@pytest.mark.parametrize(
    ("micros", "fault"),
    [
        (0, Fault.NOT_ABOVE_ZERO),
        (-1, Fault.NOT_ABOVE_ZERO),
        (990_000, Fault.BELOW_MINIMUM),
        (1_000_001, Fault.NOT_MULTIPLE_OF_UNIT),
    ],
)
def test_amounts_that_platforms_refuse_are_refused(micros: int, fault: Fault) -> None:
    account = platform(SteppedClock(noon(2)), minimum_micros=1_000_000)
    budget = account.budgets[0]
    before = account.budget_micros(budget.id)

    objection = account.set(Kind.CAMPAIGN_BUDGET, budget.id, Field.AMOUNT, micros, by="anybody")

    assert objection is not None
    assert objection.fault is fault
    assert account.budget_micros(budget.id) == before
    assert account.edits(noon(-1)) == []


def test_experiments_and_unknown_things_cannot_be_edited() -> None:
    account = platform(SteppedClock(noon(2)), experiments=1)
    trial = account.campaigns[-1]

    objections = [
        account.set(Kind.CAMPAIGN_BUDGET, trial.budget_id, Field.AMOUNT, 5_000_000, by="anybody"),
        account.set(Kind.CAMPAIGN, trial.id, Field.STATUS, Status.PAUSED.value, by="anybody"),
        account.set(Kind.CAMPAIGN_BUDGET, "1", Field.AMOUNT, 5_000_000, by="anybody"),
        account.set(Kind.CAMPAIGN, "1", Field.STATUS, Status.PAUSED.value, by="anybody"),
    ]

    assert trial.locked == "experiment"
    faults = [objection.fault for objection in objections if objection is not None]
    assert faults == [Fault.LOCKED, Fault.LOCKED, Fault.NOT_FOUND, Fault.NOT_FOUND]


def test_edits_tell_who_changed_what_from_what_and_when() -> None:
    clock = SteppedClock(noon(2))
    account = platform(clock)
    budget = account.budgets[4]
    before = account.budget_micros(budget.id)

    account.set(Kind.CAMPAIGN_BUDGET, budget.id, Field.AMOUNT, before, by="anna", client="web")
    account.set(Kind.CAMPAIGN_BUDGET, budget.id, Field.AMOUNT, 7_000_000, by="anna", client="web")
    clock.move_to(noon(3))
    account.set(Kind.CAMPAIGN, account.campaigns[0].id, Field.STATUS, Status.PAUSED.value, by="bot")

    first, second = account.edits(noon(0))
    assert (first.at, first.id, first.before, first.after) == (noon(2), budget.id, before, 7_000_000)
    assert (first.by, first.client) == ("anna", "web")
    assert (second.before, second.after) == (1, 0)
    assert list(account.edits(noon(3))) == [second]


def test_a_shared_budget_is_split_between_its_campaigns() -> None:
    """Together they spend no more than it, and the whole of it; paused ones leave it to the others."""
    clock = SteppedClock(datetime(2026, 1, 10, 23, 0, tzinfo=UTC))
    account = platform(clock, world=replace(BASE, shortfall=0.0), shared_budgets=2)
    budget = account.budgets[0]
    one, other = budget.campaign_ids
    account.set(Kind.CAMPAIGN_BUDGET, budget.id, Field.AMOUNT, 20_000_000, by="anybody")
    clock.move_to(clock.now() + timedelta(days=1))
    account.set(Kind.CAMPAIGN, other, Field.STATUS, Status.PAUSED.value, by="anybody")
    clock.move_to(noon(20))

    table = everything(account)

    together, alone = day(10), day(11)
    assert len(account.budgets) == 18
    assert budget.shared
    assert not account.budgets[2].shared
    assert total(table, "cost_micros", together, one) > 0
    assert total(table, "cost_micros", together, other) > 0
    spent = total(table, "cost_micros", together, one) + total(table, "cost_micros", together, other)
    assert 19_970_000 <= spent <= 20_000_000
    assert total(table, "cost_micros", alone, one) == pytest.approx(20_000_000, abs=10_000)


def test_campaigns_have_names_of_their_own() -> None:
    account = platform(SteppedClock(noon(0)), world=replace(BASE, n_campaigns=500))

    assert len({campaign.name for campaign in account.campaigns}) == 500
    assert [campaign.id for campaign in account.campaigns] == sorted(c.id for c in account.campaigns)
