"""Reading an account over the wire: the official client, a real server, real TLS."""

from datetime import date, timedelta

import numpy as np
import pytest
from google_ads_account import START, adapter_on
from google_ads_changes import campaign, shared_budget, stands

from adapters.google_ads.connect import Options, connect
from agent.domain.errors import AccessDenied
from agent.domain.lever import Lever, Status
from agent.domain.money import Money
from agent.domain.ref import Kind, Ref
from agent.ports.platform import Adapter
from simulations.journal import Field
from simulations.sandbox.google_ads.serve import Sandbox

TODAY = date(2026, 11, 21)


def test_the_account_tells_its_currency_zone_and_smallest_unit(adapter: Adapter) -> None:
    """What money and days mean comes from the account, not from a setting."""
    account = adapter.account()

    assert (account.currency, account.time_zone) == ("EUR", "America/New_York")
    assert (account.unit_micros, account.over_delivery) == (10_000, 2.0)
    assert str(account.id) == "google_ads:1234567890"


def test_a_shared_budget_is_one_entity_and_its_campaigns_have_none(
    sandbox: Sandbox, adapter: Adapter
) -> None:
    """One write must not be mistaken for the lever of one campaign."""
    table = adapter.entities()

    rows = table.index()
    budget = rows["campaign_budget", shared_budget(sandbox).id]
    members = [rows["campaign", campaign(sandbox, row).id] for row in (0, 1)]
    alone = rows["campaign", campaign(sandbox, 2).id]
    assert len(table) == 9
    assert table.value(budget, Lever.DAILY_BUDGET) == Money(stands(sandbox, 0), "EUR")
    assert table.value(budget, Lever.STATUS) is None
    assert [table.value(row, Lever.DAILY_BUDGET) for row in members] == [None, None]
    assert table.value(alone, Lever.DAILY_BUDGET) == Money(stands(sandbox, 2), "EUR")
    assert table.labels[budget] == table.labels[members[0]] | table.labels[members[1]]


def test_entities_carry_names_labels_age_and_why_they_are_locked(sandbox: Sandbox, adapter: Adapter) -> None:
    """Rules and guardrails ask for these."""
    table = adapter.entities()

    campaigns = {campaign.id: campaign for campaign in sandbox.platform.campaigns}
    for row, id_ in enumerate(table.ids.tolist()):
        if table.kinds[row] == Kind.CAMPAIGN:
            assert table.names[row] == campaigns[id_].name
            assert table.labels[row] == campaigns[id_].labels
            assert table.bidding[row] == campaigns[id_].bidding
            assert table.started[row] == np.datetime64(campaigns[id_].started)
            assert table.locked[row] == campaigns[id_].locked
    assert "experiment" in table.locked.tolist()


def test_daily_figures_are_the_platforms_own(sandbox: Sandbox, adapter: Adapter) -> None:
    """Nothing is lost, scaled or moved to another day on the way."""
    since, until = TODAY - timedelta(days=40), TODAY

    table = adapter.metrics(since, until)

    truth = sandbox.platform.metrics(since, until)
    mine, theirs = table.kinds == Kind.CAMPAIGN, np.lexsort((truth.days, truth.ids))
    order = np.flatnonzero(mine)[np.lexsort((table.days[mine], table.ids[mine]))]
    assert len(order) == len(truth) > 300
    for name in (
        "ids",
        "days",
        "cost_micros",
        "impressions",
        "clicks",
        "conversions",
        "conversion_value_micros",
        "search_impression_share",
        "search_budget_lost_impression_share",
        "search_rank_lost_impression_share",
    ):
        np.testing.assert_array_equal(getattr(table, name)[order], getattr(truth, name)[theirs], name)


def test_a_shared_budget_has_the_sum_of_its_campaigns_figures(sandbox: Sandbox, adapter: Adapter) -> None:
    """A decider of the budget sees what the budget bought."""
    table = adapter.metrics(TODAY - timedelta(days=5), TODAY - timedelta(days=1))

    members = np.isin(table.ids, [campaign(sandbox, row).id for row in (0, 1)])
    budget = table.ids == shared_budget(sandbox).id
    assert len(np.unique(table.days[budget])) == budget.sum() == 5
    for name in ("cost_micros", "impressions", "clicks", "conversions", "conversion_value_micros"):
        column = getattr(table, name)
        assert column[budget].sum() == pytest.approx(column[members].sum())


def test_today_and_before_three_yesterday_are_partial(sandbox: Sandbox, adapter: Adapter) -> None:
    """Google has a day's figures by about three in the morning, account time."""
    before = adapter.metrics(TODAY - timedelta(days=3), TODAY)
    sandbox.clock.advance(timedelta(hours=20))  # 01:30 of the next day in New York
    night = adapter.metrics(TODAY - timedelta(days=3), TODAY)
    sandbox.clock.advance(timedelta(hours=2))
    morning = adapter.metrics(TODAY - timedelta(days=3), TODAY)

    assert before.partial_since == np.datetime64(TODAY)
    assert night.partial_since == np.datetime64(TODAY)
    assert morning.partial_since is None


def test_days_without_any_row_give_an_empty_table(adapter: Adapter) -> None:
    """An account that did nothing is no error."""
    table = adapter.metrics(date(2020, 1, 1), date(2020, 1, 31))

    assert len(table) == 0
    assert table.partial_since is None


def test_read_gives_fresh_values_and_leaves_out_what_is_unknown(sandbox: Sandbox, adapter: Adapter) -> None:
    """A read past every cache: what somebody just did is seen."""
    alone, budget, paused = campaign(sandbox, 2), shared_budget(sandbox), campaign(sandbox, 3)
    nobody = Ref("google_ads", alone.account, Kind.CAMPAIGN, "42")
    sandbox.platform.set(
        Kind.CAMPAIGN_BUDGET,
        sandbox.platform.campaigns[2].budget_id,
        Field.AMOUNT,
        77_000_000,
        by="a",
        client="web",
    )
    sandbox.platform.set(Kind.CAMPAIGN, paused.id, Field.STATUS, Status.PAUSED.value, by="a", client="web")

    values = adapter.read(
        [
            (alone, Lever.DAILY_BUDGET),
            (budget, Lever.DAILY_BUDGET),
            (paused, Lever.STATUS),
            (campaign(sandbox, 0), Lever.DAILY_BUDGET),
            (nobody, Lever.DAILY_BUDGET),
            (Ref("google_ads", "9999999999", Kind.CAMPAIGN, alone.id), Lever.DAILY_BUDGET),
            (Ref("google_ads", alone.account, Kind.CAMPAIGN, "1) OR (1"), Lever.DAILY_BUDGET),
        ]
    )

    assert values == {
        (alone, Lever.DAILY_BUDGET): Money.of("77.00", "EUR"),
        (budget, Lever.DAILY_BUDGET): Money(stands(sandbox, 0), "EUR"),
        (paused, Lever.STATUS): Status.PAUSED,
    }


def test_history_tells_our_edits_from_those_of_others(sandbox: Sandbox) -> None:
    """Attribution: who set which value, and through what."""
    adapter = adapter_on(sandbox, token="gebot@example.com", own_user="gebot@example.com")
    ours, theirs = sandbox.platform.campaigns[2], sandbox.platform.campaigns[3]
    before = stands(sandbox, 2)
    sandbox.platform.set(
        Kind.CAMPAIGN_BUDGET, ours.budget_id, Field.AMOUNT, 50_000_000, by="gebot@example.com"
    )
    sandbox.clock.advance(timedelta(seconds=5))
    sandbox.platform.set(
        Kind.CAMPAIGN, theirs.id, Field.STATUS, Status.PAUSED.value, by="ann@example.com", client="web"
    )
    sandbox.platform.set(
        Kind.CAMPAIGN_BUDGET,
        theirs.budget_id,
        Field.AMOUNT,
        60_000_000,
        by="script@example.com",
        client="api",
    )
    sandbox.platform.set(
        Kind.CAMPAIGN_BUDGET,
        sandbox.platform.budgets[0].id,
        Field.AMOUNT,
        70_000_000,
        by="ann@example.com",
        client="web",
    )

    edits = adapter.history(START - timedelta(days=400))

    assert [(edit.ref, edit.lever, edit.ours) for edit in edits] == [
        (campaign(sandbox, 2), Lever.DAILY_BUDGET, True),
        (campaign(sandbox, 3), Lever.STATUS, False),
        (campaign(sandbox, 3), Lever.DAILY_BUDGET, False),
        (shared_budget(sandbox), Lever.DAILY_BUDGET, False),
    ]
    assert edits[0].at == START
    assert (edits[0].before, edits[0].after) == (Money(before, "EUR"), Money.of("50.00", "EUR"))
    assert (edits[1].before, edits[1].after) == (Status.ENABLED, Status.PAUSED)
    assert "ann@example.com" in edits[1].by
    assert "web" in edits[1].by


def test_without_an_own_user_everything_through_the_api_counts_as_ours(
    sandbox: Sandbox, adapter: Adapter
) -> None:
    """Honest default for an account in which no other program writes."""
    sandbox.platform.set(
        Kind.CAMPAIGN_BUDGET,
        sandbox.platform.campaigns[2].budget_id,
        Field.AMOUNT,
        50_000_000,
        by="x@example.com",
    )

    edits = adapter.history(START - timedelta(hours=1))

    assert [edit.ours for edit in edits] == [True]


def test_an_account_that_we_may_not_see_is_denied(sandbox: Sandbox) -> None:
    """The probe of `gebot check` names the account."""
    other = connect(
        "999-999-9999",
        Options(endpoint=sandbox.endpoint, ca_file=sandbox.ca_file),
        credentials={},
        clock=sandbox.clock,
        home=sandbox.ca_file.parent,
    )

    with pytest.raises(AccessDenied, match=r"google_ads:9999999999: .*permission"):
        other.account()
