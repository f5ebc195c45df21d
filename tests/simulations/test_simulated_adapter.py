"""The simulated adapter: gebot's port over a simulated account."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from simulated_account import FIRST_DAY, noon, platform

from agent.clock import SteppedClock
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind, Ref
from agent.ports.platform import Adapter
from simulations.journal import Field
from simulations.simulated.adapter import SimulatedAdapter


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def adapter(day: int = 5, *, shared_budgets: int = 0, experiments: int = 0) -> Adapter:
    account = platform(
        SteppedClock(noon(day)),
        shared_budgets=shared_budgets,
        experiments=experiments,
        minimum_micros=1_000_000,
    )
    return SimulatedAdapter(account)


def budget_change(of: Adapter, row: int, after: Value) -> Change:
    table = of.entities()
    before = table.value(row, Lever.DAILY_BUDGET)
    assert before is not None
    return Change(table.ref(row), Lever.DAILY_BUDGET, before, after)


def test_entities_are_sorted_and_have_their_levers() -> None:
    table = adapter(shared_budgets=1).entities()

    keys = list(zip(table.kinds.tolist(), table.ids.tolist(), strict=True))
    assert keys == sorted(keys)
    assert len(table) == 21
    assert set(table.levers) == {Lever.DAILY_BUDGET, Lever.STATUS}


def test_campaigns_on_a_shared_budget_have_no_budget_of_their_own() -> None:
    """The budget is the entity that has it; it has no status."""
    table = adapter(shared_budgets=1).entities()
    shared = len(table) - 1

    assert table.kinds[shared] == Kind.CAMPAIGN_BUDGET
    assert table.value(0, Lever.DAILY_BUDGET) is table.value(1, Lever.DAILY_BUDGET) is None
    assert table.value(2, Lever.DAILY_BUDGET) is not None
    assert table.value(shared, Lever.DAILY_BUDGET) is not None
    assert table.value(shared, Lever.STATUS) is None
    assert table.value(0, Lever.STATUS) is Status.ENABLED


def test_changes_stand_after_they_are_accepted() -> None:
    simulated = adapter()
    raised = budget_change(simulated, 0, euros("33.00"))
    paused = Change(simulated.entities().ref(1), Lever.STATUS, Status.ENABLED, Status.PAUSED)

    receipts = simulated.apply([raised, paused])

    assert receipts == [Accepted(), Accepted()]
    read = simulated.read([(raised.ref, Lever.DAILY_BUDGET), (paused.ref, Lever.STATUS)])
    assert read == {
        (raised.ref, Lever.DAILY_BUDGET): euros("33.00"),
        (paused.ref, Lever.STATUS): Status.PAUSED,
    }
    assert simulated.entities().value(0, Lever.DAILY_BUDGET) == euros("33.00")


def test_the_same_change_twice_is_once() -> None:
    simulated = adapter()
    change = budget_change(simulated, 0, euros("33.00"))

    receipts = [*simulated.apply([change]), *simulated.apply([change])]

    assert receipts == [Accepted(), Accepted()]
    assert len(simulated.history(noon(0))) == 1


BAD: list[tuple[str, Callable[[Change], Change]]] = [
    ("more than 0 is right", lambda good: replace(good, after=euros("0"))),
    ("more than 0 is right", lambda good: replace(good, after=euros("-5"))),
    ("at least 1000000 is right", lambda good: replace(good, after=euros("0.50"))),
    ("a multiple of 10000 is right", lambda good: replace(good, after=euros("5.001"))),
    ("EUR is right", lambda good: replace(good, after=Money.of(5, "USD"))),
    ("there is no campaign 1", lambda good: replace(good, ref=replace(good.ref, id="1"))),
    ("there is no keyword", lambda good: replace(good, ref=replace(good.ref, kind=Kind.KEYWORD))),
    ("simulated:demo is right", lambda good: replace(good, ref=replace(good.ref, account="else"))),
    ("simulated:demo is right", lambda good: replace(good, ref=replace(good.ref, platform="google_ads"))),
    ("cannot be set to paused", lambda good: replace(good, after=Status.PAUSED)),
    ("cannot be set to 4.00", lambda good: replace(good, after=Ratio.of(4))),
    ("a target ROAS does nothing", lambda good: replace(good, lever=Lever.TARGET_ROAS, after=Ratio.of(4))),
    ("there is no campaign 1", lambda good: status_of(good, replace(good.ref, id="1"))),
    ("there is no budget", lambda good: status_of(good, replace(good.ref, kind=Kind.CAMPAIGN_BUDGET))),
]


def status_of(change: Change, ref: Ref) -> Change:
    return replace(change, ref=ref, lever=Lever.STATUS, after=Status.PAUSED)


@pytest.mark.parametrize(("because", "spoil"), BAD)
def test_bad_changes_are_refused_alone_with_a_reason(because: str, spoil: Callable[[Change], Change]) -> None:
    """One receipt for each change, in order; the good ones around it are applied."""
    simulated = adapter()
    first, last = (budget_change(simulated, row, euros("8.00")) for row in (0, 2))
    bad = spoil(budget_change(simulated, 1, euros("8.00")))

    rehearsed = simulated.rehearse([first, bad, last])
    unchanged = simulated.history(noon(0))
    applied = simulated.apply([first, bad, last])

    assert unchanged == []
    assert rehearsed == applied
    assert [type(receipt) for receipt in applied] == [Accepted, Refused, Accepted]
    assert because in reason(applied[1])
    assert [edit.ref for edit in simulated.history(noon(0))] == [first.ref, last.ref]


def reason(receipt: Receipt) -> str:
    return receipt.because if isinstance(receipt, Refused) else ""


def test_experiments_are_locked() -> None:
    simulated = adapter(experiments=2)
    last = len(simulated.entities()) - 1

    (receipt,) = simulated.apply([budget_change(simulated, last, euros("8.00"))])

    assert simulated.entities().locked.tolist().count("experiment") == 2
    assert "experiment" in reason(receipt)


def test_unknown_levers_are_left_out_of_a_reading() -> None:
    simulated = adapter()
    known = simulated.entities().ref(0)

    read = simulated.read(
        [(known, Lever.DAILY_BUDGET), (known, Lever.CPC_BID), (replace(known, id="1"), Lever.STATUS)]
    )

    assert list(read) == [(known, Lever.DAILY_BUDGET)]


def test_history_tells_own_edits_from_those_of_others() -> None:
    clock = SteppedClock(noon(5))
    account = platform(clock, shared_budgets=1)
    simulated = SimulatedAdapter(account, user="gebot@example.com")
    shared = len(simulated.entities()) - 1
    simulated.apply([budget_change(simulated, shared, euros("90.00"))])
    clock.move_to(noon(6))
    account.set(Kind.CAMPAIGN_BUDGET, account.budgets[3].id, Field.AMOUNT, 5_000_000, by="anna", client="web")

    ours, theirs = simulated.history(noon(5))

    assert (ours.ours, theirs.ours) == (True, False)
    assert (ours.ref.kind, theirs.ref.kind) == (Kind.CAMPAIGN_BUDGET, Kind.CAMPAIGN)
    assert theirs.ref.id == account.budgets[3].campaign_ids[0]
    assert (theirs.by, theirs.after) == ("anna", euros("5"))
    assert simulated.history(noon(5) + timedelta(seconds=1)) == [theirs]


def test_a_shared_budget_has_the_sum_of_its_campaigns() -> None:
    """Days, money and counts are added; shares are averaged where all campaigns have them."""
    clock = SteppedClock(noon(20))
    account = platform(clock, shared_budgets=9)
    simulated = SimulatedAdapter(account)

    table = simulated.metrics(FIRST_DAY, account.today())

    for budget in account.budgets[:9]:
        own = (table.kinds == Kind.CAMPAIGN_BUDGET) & (table.ids == budget.id)
        members = np.isin(table.ids, budget.campaign_ids)
        for column in ("cost_micros", "clicks", "conversions", "conversion_value_micros"):
            figures = getattr(table, column)
            assert figures[own].sum() == figures[members].sum()
        assert len(np.unique(table.days[own])) == own.sum() == 20 + 1
        channels = {account.campaign(id_).channel for id_ in budget.campaign_ids}
        shares = table.search_impression_share[own]
        if channels <= {"search", "shopping"}:
            assert (shares <= table.search_impression_share[members].max()).all()
        else:
            assert np.isnan(shares).all()
    assert table.cost_micros.dtype == np.int64


def test_a_reading_of_four_weeks_has_a_row_for_each_campaign_and_day() -> None:
    simulated = adapter(day=40)

    table = simulated.metrics(FIRST_DAY + timedelta(days=12), FIRST_DAY + timedelta(days=39))

    keys = set(zip(table.ids.tolist(), table.days.tolist(), strict=True))
    assert len(table) == len(keys) == 20 * 28
    assert table.partial_since is None
