"""Below and beside the campaign over the wire: ad groups, keywords, strategies, hours, advice."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from google_ads_account import START, adapter_on, opened

from agent.domain.entity import EntityTable
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.outcome import Accepted
from agent.domain.plan import Change
from agent.domain.ref import Kind
from agent.ports.platform import Adapter
from simulations.bidding import GOOGLE
from simulations.journal import Field
from simulations.sandbox.google_ads.serve import Sandbox

TODAY = date(2026, 11, 21)
DEEP = {
    "campaigns": 16,
    "groups_per_campaign": 2,
    "keywords_per_group": 2,
    "portfolio_strategies": 1,
    "group_targets": 1,
    "bidding": GOOGLE,
}
SUMS = ("cost_micros", "impressions", "clicks", "conversion_value_micros")


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """An account that these tests only read."""
    running = opened(tmp_path_factory.mktemp("deep"), **DEEP)
    yield running
    running.stop()


@pytest.fixture
def all_levels(deep: Sandbox) -> Adapter:
    return adapter_on(deep, levels=["ad_group", "keyword"])


def rows_of(table: EntityTable, kind: Kind) -> list[int]:
    return np.flatnonzero(table.kinds == kind.value).tolist()


def social_groups(sandbox: Sandbox) -> list[str]:
    """What the simulated platform calls ad sets, since one market feeds all platforms."""
    social = {each.id for each in sandbox.platform.campaigns if each.channel == "social"}
    return [group.id for group in sandbox.platform.groups if group.campaign_id in social]


def test_only_campaigns_are_told_unless_more_is_asked_for(deep: Sandbox) -> None:
    """Ad groups and keywords cost operations and rows."""
    campaigns, keywords = adapter_on(deep), adapter_on(deep, levels=["keyword"])

    kinds = [set(adapter.entities().kinds.tolist()) for adapter in (campaigns, keywords)]
    metrics = keywords.metrics(TODAY - timedelta(days=2), TODAY)

    shared = {"campaign", "campaign_budget", "bidding_strategy"}
    assert kinds == [shared, shared | {"keyword"}]
    assert set(metrics.kinds.tolist()) == shared | {"keyword"}


def test_every_lever_that_the_platform_has_is_told_and_no_other(deep: Sandbox, all_levels: Adapter) -> None:
    """As it stands at the platform, to the last micro."""
    fields = {
        Lever.DAILY_BUDGET: Field.AMOUNT,
        Lever.STATUS: Field.STATUS,
        Lever.CPC_BID: Field.CPC_BID,
        Lever.TARGET_CPA: Field.TARGET_CPA,
        Lever.TARGET_ROAS: Field.TARGET_ROAS,
    }

    table = all_levels.entities()

    assert set(table.levers) == set(fields)
    own_budget = {each.campaign_ids[0]: each.id for each in deep.platform.budgets if not each.shared}
    kinds = dict.fromkeys(social_groups(deep), Kind.AD_SET)
    told = 0
    for row in range(len(table)):
        ref = table.ref(row)
        for lever, field in fields.items():
            kind, id_ = kinds.get(ref.id, ref.kind), ref.id
            if kind is Kind.CAMPAIGN and lever is Lever.DAILY_BUDGET:
                kind, id_ = Kind.CAMPAIGN_BUDGET, own_budget.get(id_, "")
            stands = deep.platform.standing(kind, id_, field)
            assert table.number(ref, lever) == stands, (ref, lever)
            told += stands is not None
    assert told > 80


def test_keywords_and_ad_groups_name_their_campaign(deep: Sandbox, all_levels: Adapter) -> None:
    """The campaign is what holds their budget."""
    table = all_levels.entities()

    campaign_of = {group.id: group.campaign_id for group in deep.platform.groups}
    for row in rows_of(table, Kind.AD_GROUP):
        assert table.parents[row] == campaign_of[table.ids[row]]
    for row in rows_of(table, Kind.KEYWORD):
        assert table.parents[row] == campaign_of[table.ids[row].split("~")[0]]


@pytest.mark.parametrize("kind", [Kind.AD_GROUP, Kind.KEYWORD])
def test_figures_below_a_campaign_sum_to_its_own(deep: Sandbox, all_levels: Adapter, kind: Kind) -> None:
    """Nothing is lost or told twice on the way."""
    since = TODAY - timedelta(days=20)
    table = all_levels.entities()
    parent_of = {table.ids[row]: table.parents[row] for row in rows_of(table, kind)}
    metrics = all_levels.metrics(since, TODAY)

    parts, wholes = metrics.kinds == kind.value, metrics.kinds == Kind.CAMPAIGN.value
    parents = np.array([parent_of[each] for each in metrics.ids[parts].tolist()])
    for campaign in np.unique(parents):
        for name in SUMS:
            column = getattr(metrics, name)
            whole = column[wholes & (metrics.ids == campaign)].sum()
            assert column[parts][parents == campaign].sum() == pytest.approx(whole, abs=5)


def test_a_portfolio_strategy_has_the_sum_of_its_campaigns(all_levels: Adapter, deep: Sandbox) -> None:
    """Its decider sees what its target bought."""
    (strategy,) = deep.platform.strategies
    metrics = all_levels.metrics(TODAY - timedelta(days=9), TODAY - timedelta(days=1))

    members = (metrics.kinds == Kind.CAMPAIGN.value) & np.isin(metrics.ids, strategy.campaign_ids)
    own = (metrics.kinds == Kind.BIDDING_STRATEGY.value) & (metrics.ids == strategy.id)
    assert own.sum() == 9
    for name in (*SUMS, "conversions_by_conversion_date"):
        column = getattr(metrics, name)
        assert column[own].sum() == pytest.approx(column[members].sum())


def test_conversions_are_told_by_click_day_and_by_their_own(deep: Sandbox, all_levels: Adapter) -> None:
    """Both columns are the platform's own."""
    since = TODAY - timedelta(days=20)
    table = all_levels.metrics(since, TODAY - timedelta(days=1))
    truth = deep.platform.metrics(since, TODAY - timedelta(days=1))

    campaigns = table.kinds == Kind.CAMPAIGN.value
    assert truth.conversions_by_conversion_date is not None
    assert table.conversions_by_conversion_date is not None
    total = table.conversions_by_conversion_date[campaigns].sum()
    assert total == pytest.approx(truth.conversions_by_conversion_date.sum()) and total > 0
    assert total != pytest.approx(table.conversions[campaigns].sum())


def test_hours_sum_to_the_days(all_levels: Adapter) -> None:
    """In UTC, of the account's own days."""
    hours = all_levels.hours(TODAY - timedelta(days=3), TODAY - timedelta(days=1))
    days = all_levels.metrics(TODAY - timedelta(days=3), TODAY - timedelta(days=1))

    campaigns = days.kinds == Kind.CAMPAIGN.value
    for name in ("cost_micros", "impressions", "clicks"):
        assert getattr(hours, name).sum() == getattr(days, name)[campaigns].sum()
    assert hours.hours.min() == np.datetime64("2026-11-18T05")  # midnight in New York
    assert hours.hours.max() == np.datetime64("2026-11-21T04")


def test_advice_tells_lag_and_responses(all_levels: Adapter) -> None:
    """What Google itself knows about how its figures should be read."""
    advice = all_levels.advice()

    assert advice.reported_n > 0
    assert all(np.diff(advice.reported) >= 0) and advice.reported[-1] == 1.0
    assert advice.responses
    for curve in advice.responses:
        numbers = [point.number for point in curve.points]
        assert numbers == sorted(set(numbers)) and len(numbers) > 2
        assert curve.until < TODAY


def test_what_is_set_stands_at_the_platform_and_in_the_history(tmp_path: Path) -> None:
    """Bids, targets and statuses at every level, each accepted, read back and told as ours."""
    sandbox = opened(tmp_path, **DEEP)
    try:
        adapter = adapter_on(sandbox, levels=["ad_group", "keyword"])
        table = adapter.entities()
        changes: list[Change] = []
        for kind, lever in [
            (Kind.KEYWORD, Lever.CPC_BID),
            (Kind.AD_GROUP, Lever.CPC_BID),
            (Kind.AD_GROUP, Lever.STATUS),
            (Kind.KEYWORD, Lever.STATUS),
            (Kind.BIDDING_STRATEGY, Lever.TARGET_CPA),
            (Kind.BIDDING_STRATEGY, Lever.TARGET_ROAS),
            (Kind.CAMPAIGN, Lever.TARGET_CPA),
            (Kind.CAMPAIGN, Lever.TARGET_ROAS),
        ]:
            found = [row for row in rows_of(table, kind) if table.levers[lever].present[row]]
            for row in [each for each in found if not table.locked[each]][:1]:
                before = table.value(row, lever)
                assert before is not None
                changes.append(Change(table.ref(row), lever, before, raised(before)))
        assert len(changes) == 6

        receipts = adapter.apply(changes)

        assert [type(receipt) for receipt in receipts] == [Accepted] * len(changes)
        keys = [(change.ref, change.lever) for change in changes]
        assert adapter.read(keys) == {(change.ref, change.lever): change.after for change in changes}
        edits = adapter.history(START - timedelta(hours=1))
        told = {(edit.ref, edit.lever) for edit in edits if edit.ours}
        assert told == {key for key in keys if key[0].kind is not Kind.BIDDING_STRATEGY}
    finally:
        sandbox.stop()


def raised(value: Value) -> Value:
    """A tenth more, and paused for a status."""
    match value:
        case Money():
            return Money(value.micros // 10_000 * 11_000 // 10_000 * 10_000, value.currency)
        case Ratio():
            return value.times(Fraction(11, 10))
    return Status.PAUSED
