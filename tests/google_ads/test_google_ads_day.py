"""A day on the smallest access that Google gives: 2,880 operations in 24 hours."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from google_ads_account import START, adapter_on, opened
from google_ads_changes import campaign, stands, to_budget, to_status

from agent.domain.errors import RateLimited
from agent.domain.lever import Status
from agent.domain.outcome import Accepted, Refused
from agent.ports.platform import Adapter
from simulations.sandbox.google_ads.serve import Sandbox

EXPLORER = 2_880
DEEP = {"groups_per_campaign": 2, "keywords_per_group": 2, "portfolio_strategies": 1}
READ_AN_HOUR = 18  # at all levels, with labels, strategies and advice


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Sandbox]:
    running = opened(tmp_path, **DEEP)
    yield running
    running.stop()


def observe(adapter: Adapter) -> None:
    """All that can be read, as once an hour."""
    today = START.date()
    adapter.account()
    adapter.entities()
    adapter.metrics(today - timedelta(days=30), today)
    adapter.hours(today - timedelta(days=3), today)
    adapter.advice()
    adapter.history(START - timedelta(days=2))


def test_an_hour_of_reading_everything_takes_few_operations(deep: Sandbox) -> None:
    """Few wide queries: 24 hours at all levels take a sixth of the smallest quota."""
    adapter = adapter_on(deep, levels=["ad_group", "keyword"], operations_per_day=EXPLORER)

    observe(adapter)
    first = len(deep.journal.requests())
    observe(adapter)

    assert (first, len(deep.journal.requests()) - first) == (READ_AN_HOUR, READ_AN_HOUR - 1)
    assert 24 * READ_AN_HOUR < EXPLORER / 6


def test_reading_campaigns_alone_takes_fewer_still(sandbox: Sandbox, adapter: Adapter) -> None:
    """What most accounts do."""
    observe(adapter)

    assert len(sandbox.journal.requests()) == 13


def test_a_budget_takes_one_query_for_all_and_one_operation_each(sandbox: Sandbox, adapter: Adapter) -> None:
    """The state is read once before a batch, however large."""
    adapter.account()
    asked = len(sandbox.journal.requests())

    adapter.apply([to_budget(campaign(sandbox, row), "20.00") for row in (2, 3, 4)])

    methods = [request.method for request in sandbox.journal.requests()[asked:]]
    assert methods == ["SearchStream", "Mutate campaignBudgets"]


def test_what_stands_already_takes_no_operation(sandbox: Sandbox, adapter: Adapter) -> None:
    """It was read a moment ago; saying it again would cost and change nothing."""
    adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])
    asked = len(sandbox.journal.requests())

    receipts = adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])

    assert [type(receipt) for receipt in receipts] == [Accepted]
    assert [request.method for request in sandbox.journal.requests()[asked:]] == ["SearchStream"]


def test_reading_ends_before_writing_must(sandbox: Sandbox) -> None:
    """What is kept back lets a plan be carried out and read back."""
    adapter = adapter_on(sandbox, operations_per_day=20)
    with pytest.raises(RateLimited, match="of 20 operations of 24 hours are used, 4 are kept for writes"):
        for _ in range(20):
            adapter.entities()
    asked = len(sandbox.journal.requests())

    change = to_budget(campaign(sandbox, 2), "20.00")
    receipts = adapter.apply([change])
    values = adapter.read([(change.ref, change.lever)])

    assert [type(receipt) for receipt in receipts] == [Accepted]
    assert values == {(change.ref, change.lever): change.after}
    assert len(sandbox.journal.requests()) - asked == 3


def test_what_the_quota_has_no_room_for_is_refused_and_the_rest_goes(sandbox: Sandbox) -> None:
    """Nothing is in doubt, and the next plan asks again."""
    adapter = adapter_on(sandbox, operations_per_day=5)
    adapter.account()  # two, and one for the state of campaigns: two are left

    receipts = adapter.apply(
        [
            to_budget(campaign(sandbox, 2), "20.00"),
            to_budget(campaign(sandbox, 3), "20.00"),
            to_budget(campaign(sandbox, 4), "20.00"),
            to_status(campaign(sandbox, 5), Status.PAUSED),
        ]
    )

    assert [type(receipt) for receipt in receipts] == [Accepted, Accepted, Refused, Refused]
    assert "24 hours are used up" in str(receipts[2])
    assert (stands(sandbox, 3), stands(sandbox, 4) != 20_000_000) == (20_000_000, True)


def test_without_any_room_a_write_raises_and_nothing_is_sent(sandbox: Sandbox) -> None:
    """Nothing was applied, so the plan stands and may be tried again."""
    adapter = adapter_on(sandbox, operations_per_day=3)
    adapter.account()

    with pytest.raises(RateLimited):
        adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])

    assert sandbox.journal.mutations() == ()


def test_the_count_outlives_the_process(sandbox: Sandbox, tmp_path: Path) -> None:
    """A restart does not make the quota larger; nor does a second account of the project."""
    state = tmp_path / "state"
    adapter_on(sandbox, state=state, operations_per_day=4).account()

    with pytest.raises(RateLimited):
        adapter_on(sandbox, state=state, operations_per_day=4).metrics(START.date(), START.date())
