"""The sandbox against the official client, without gebot's adapter: it refuses what Google refuses."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from google.ads.googleads.errors import GoogleAdsException
from google.ads.googleads.v26.services.types.campaign_budget_service import MutateCampaignBudgetsRequest
from google_ads_changes import stands
from google_ads_wire import Wire

from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.sandbox.google_ads.gaql import parse
from simulations.sandbox.google_ads.serve import Sandbox
from simulations.sandbox.google_ads.tables import Tables

DATES = "segments.date BETWEEN '2026-11-01' AND '2026-11-20'"


@pytest.fixture
def client(sandbox: Sandbox) -> Wire:
    return Wire(sandbox)


def rows(client: Wire, query: str) -> list[Any]:
    return list(client.rows(query))


def refused_with(error: GoogleAdsException) -> str:
    return re.sub(r"\s+", " ", str(error.failure))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("campaign.id = 20000000002", 1),
        ("campaign.id != 20000000002", 7),
        ("campaign.id < 20000000003", 2),
        ("campaign.id >= 20000000003 AND campaign.id <= 20000000004", 2),
        ("campaign.id BETWEEN 20000000002 AND 20000000004", 3),
        ("campaign.id IN (20000000002, 20000000003)", 2),
        ("campaign.id NOT IN (20000000002)", 7),
        ("campaign.name LIKE '%| DE'", None),
        ("campaign.name NOT LIKE '%| DE'", None),
        ("campaign.experiment_type = 'EXPERIMENT'", 1),
        ("campaign.experiment_type = EXPERIMENT", 1),
        ("campaign_budget.explicitly_shared = TRUE", 2),
        ("campaign.end_date_time IS NULL", 8),
        ("campaign.end_date_time IS NOT NULL", 0),
    ],
)
def test_conditions_choose_campaigns(
    client: Wire, sandbox: Sandbox, where: str, expected: int | None
) -> None:
    """The part of GAQL that people write."""
    found = rows(client, f"SELECT campaign.id, campaign.name FROM campaign WHERE {where}")

    if expected is None:
        german = [campaign.name.endswith("| DE") for campaign in sandbox.platform.campaigns]
        expected = german.count("NOT" not in where)
    assert len(found) == expected


def test_order_and_limit(client: Wire) -> None:
    """Rows come in the order that was asked for."""
    found = rows(
        client,
        "SELECT campaign.id, campaign.name FROM campaign ORDER BY campaign.name DESC, campaign.id LIMIT 3",
    )

    names = [row.campaign.name for row in found]
    assert len(names) == 3
    assert names == sorted(names, reverse=True)


def test_metrics_without_a_day_are_summed(client: Wire) -> None:
    """One row for each campaign over the whole range."""
    daily = rows(client, f"SELECT campaign.id, segments.date, metrics.clicks FROM campaign WHERE {DATES}")

    summed = rows(client, f"SELECT campaign.id, metrics.clicks FROM campaign WHERE {DATES}")

    assert len(summed) == 8
    assert sum(row.metrics.clicks for row in summed) == sum(row.metrics.clicks for row in daily)


def test_during_ends_yesterday(client: Wire) -> None:
    """LAST_7_DAYS does not include today."""
    select = "SELECT campaign.id, segments.date, metrics.clicks FROM campaign"
    query = f"{select} WHERE segments.date DURING LAST_7_DAYS"

    days = {row.segments.date for row in rows(client, query)}

    assert (min(days), max(days), len(days)) == ("2026-11-14", "2026-11-20", 7)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT campaign.nonsense FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT campaign.id FROM nonsense", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        ("SELECT label.name FROM campaign", "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE"),
        (
            "SELECT campaign.id FROM campaign WHERE label.name = 'x'",
            "PROHIBITED_RESOURCE_TYPE_IN_WHERE_CLAUSE",
        ),
        ("SELECT campaign.id, segments.date FROM campaign", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        (
            "SELECT campaign.id, segments.date FROM campaign WHERE segments.date > '2026-11-01'",
            "EXPECTED_FILTERS",
        ),
        ("SELECT campaign.id FROM campaign WHERE segments.date = 'yesterday'", "INVALID_DATE_FORMAT"),
        (
            f"SELECT campaign.id FROM campaign WHERE {DATES} AND segments.date DURING ALL",
            "INVALID_VALUE_WITH_DURING",
        ),
        ("SELECT campaign.id FROM campaign WHERE campaign.status = 'WILD'", "BAD_ENUM_CONSTANT"),
        ("SELECT campaign.id FROM campaign WHERE campaign.id = 'x'", "BAD_NUMBER"),
        ("SELECT campaign.id FROM campaign WHERE campaign.id IN ()", "PROHIBITED_EMPTY_LIST"),
        ("SELECT campaign.id FROM campaign WHERE campaign.id ~ 1", "BAD_SYMBOL"),
        ("SELECT campaign.id FROM campaign LIMIT 0", "LIMIT_VALUE_TOO_LOW"),
        ("SELECT campaign.id FROM campaign LIMIT x", "BAD_LIMIT_VALUE"),
        ("SELECT campaign.id FROM campaign WHERE", "UNEXPECTED_END_OF_QUERY"),
        ("SELECT campaign.id", "UNEXPECTED_END_OF_QUERY"),
        ("DELETE campaign.id FROM campaign", "EXPECTED_SELECT"),
        ("SELECT campaign.id FROM campaign; DROP", "BAD_SYMBOL"),
        ("SELECT change_event.user_email FROM change_event LIMIT 5", "CHANGE_DATE_RANGE_INFINITE"),
        (
            "SELECT change_event.user_email FROM change_event WHERE change_event.change_date_time"
            " BETWEEN '2026-11-20' AND '2026-11-21'",
            "LIMIT_NOT_SPECIFIED",
        ),
        (
            "SELECT change_event.user_email FROM change_event WHERE change_event.change_date_time"
            " BETWEEN '2026-11-20' AND '2026-11-21' LIMIT 10001",
            "INVALID_LIMIT_CLAUSE",
        ),
        (
            "SELECT change_event.user_email FROM change_event"
            " WHERE change_event.change_date_time >= '2026-09-01'"
            " AND change_event.change_date_time <= '2026-11-21' LIMIT 10",
            "START_DATE_TOO_OLD",
        ),
    ],
)
def test_a_query_that_google_would_refuse_is_refused(client: Wire, query: str, code: str) -> None:
    """With the error code that Google uses."""
    with pytest.raises(GoogleAdsException) as raised:
        rows(client, query)

    assert code in refused_with(raised.value)


def budgets(
    sandbox: Sandbox, settings: Sequence[tuple[int, int]], *, mask: str = "amount_micros", **flags: Any
) -> Any:
    """A mutate request that sets budgets (by row) to amounts."""
    request = MutateCampaignBudgetsRequest.pb(MutateCampaignBudgetsRequest())
    request.customer_id = "1234567890"
    for name, value in flags.items():
        setattr(request, name, value)
    for row, micros in settings:
        operation = request.operations.add()
        operation.update.resource_name = (
            f"customers/1234567890/campaignBudgets/{sandbox.platform.budgets[row].id}"
        )
        operation.update.amount_micros = micros
        if mask:
            operation.update_mask.paths.append(mask)
    return MutateCampaignBudgetsRequest.wrap(request)


def mutate(client: Wire, request: Any) -> Any:
    return client.service("CampaignBudgetService").mutate_campaign_budgets(request=request, timeout=20)


@pytest.mark.parametrize(
    ("mask", "micros", "code"),
    [
        ("", 20_000_000, "FIELD_MASK_MISSING"),
        ("nonsense", 20_000_000, "FIELD_NOT_FOUND"),
        ("period", 20_000_000, "IMMUTABLE_FIELD"),
        ("name", 20_000_000, "MUTATE_NOT_ALLOWED"),
        ("amount_micros", 20_005_000, "NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT"),
        ("amount_micros", 500_000, "BUDGET_BELOW_PER_DAY_MINIMUM"),
        ("amount_micros", -1, "NEGATIVE_MONEY_AMOUNT"),
    ],
)
def test_a_mutate_that_google_would_refuse_is_refused(
    client: Wire, sandbox: Sandbox, mask: str, micros: int, code: str
) -> None:
    """And nothing is stored."""
    before = stands(sandbox, 2)

    with pytest.raises(GoogleAdsException) as raised:
        mutate(client, budgets(sandbox, [(1, micros)], mask=mask))

    assert code in refused_with(raised.value)
    assert stands(sandbox, 2) == before


def test_without_partial_failure_a_request_is_one_transaction(client: Wire, sandbox: Sandbox) -> None:
    """One refused operation takes the others with it."""
    before = stands(sandbox, 2)

    with pytest.raises(GoogleAdsException):
        mutate(client, budgets(sandbox, [(1, 20_000_000), (2, 1)]))

    assert stands(sandbox, 2) == before


def test_a_resource_that_stands_twice_is_refused_the_second_time(client: Wire, sandbox: Sandbox) -> None:
    """ID_EXISTS_IN_MULTIPLE_MUTATES."""
    answer = mutate(client, budgets(sandbox, [(1, 20_000_000), (1, 30_000_000)], partial_failure=True))

    assert [bool(result.resource_name) for result in answer.results] == [True, False]
    assert stands(sandbox, 2) == 20_000_000


def test_ten_thousand_operations_are_taken_and_one_more_is_not(client: Wire, sandbox: Sandbox) -> None:
    """The limit of a request."""
    with pytest.raises(GoogleAdsException) as raised:
        mutate(client, budgets(sandbox, [(1, 20_000_000)] * 10_001, partial_failure=True))

    answer = mutate(client, budgets(sandbox, [(1, 20_000_000)] * 10_000, partial_failure=True))

    assert "TOO_MANY_MUTATE_OPERATIONS" in refused_with(raised.value)
    assert len(answer.results) == 10_000


def test_the_stored_resource_is_only_told_when_asked_for(client: Wire, sandbox: Sandbox) -> None:
    """MUTABLE_RESOURCE is the cheapest read-back."""
    named = mutate(client, budgets(sandbox, [(1, 20_000_000)]))
    told = mutate(client, budgets(sandbox, [(1, 20_000_000)], response_content_type=2))

    assert named.results[0].campaign_budget.amount_micros == 0
    assert told.results[0].campaign_budget.amount_micros == 20_000_000


def test_a_change_shows_in_change_event_after_the_delay_that_was_set(client: Wire, sandbox: Sandbox) -> None:
    """Google is up to three minutes late."""
    late = Tables(sandbox.platform, change_delay=timedelta(minutes=3))
    sandbox.platform.set(
        Kind.CAMPAIGN_BUDGET, sandbox.platform.budgets[1].id, Field.AMOUNT, 20_000_000, by="a@b.c"
    )
    query = parse(
        "SELECT change_event.user_email FROM change_event WHERE change_event.change_date_time"
        " BETWEEN '2026-11-20' AND '2026-11-22' LIMIT 10"
    )
    at_once = len(list(late.rows(query)))
    sandbox.clock.advance(timedelta(minutes=4))

    assert (at_once, len(list(late.rows(query)))) == (0, 1)
