"""What the sandbox lets be written, through the official client: each service, mask and rule."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.ads.googleads.errors import GoogleAdsException
from google_ads_account import opened
from google_ads_places import AMOUNTS, DEEP, PAUSED, Places, operation, send, standing
from google_ads_wire import Wire

from simulations.journal import Field
from simulations.sandbox.google_ads.serve import Sandbox
from simulations.sandbox.shared.journal import Result


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    running = opened(tmp_path_factory.mktemp("deep"), **DEEP)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def wire(deep: Sandbox) -> Wire:
    return Wire(deep)


@pytest.fixture(scope="module")
def places(deep: Sandbox) -> Places:
    return Places(deep)


ACCEPTED = [
    ("budget", "amount_micros", 20_000_000, Field.AMOUNT, 20_000_000),
    ("shared budget", "amount_micros", 40_000_000, Field.AMOUNT, 40_000_000),
    ("lifetime budget", "total_amount_micros", 900_000_000, Field.LIFETIME_AMOUNT, 900_000_000),
    ("maximizing campaign", "status", PAUSED, Field.STATUS, 0),
    ("tcpa campaign", "target_cpa.target_cpa_micros", 12_340_000, Field.TARGET_CPA, 12_340_000),
    ("troas campaign", "target_roas.target_roas", 3.25, Field.TARGET_ROAS, 3_250_000),
    ("manual group", "status", PAUSED, Field.STATUS, 0),
    ("manual group", "cpc_bid_micros", 1_230_000, Field.CPC_BID, 1_230_000),
    ("manual keyword", "status", PAUSED, Field.STATUS, 0),
    ("manual keyword", "cpc_bid_micros", 770_000, Field.CPC_BID, 770_000),
    ("strategy", "target_roas.target_roas", 4.5, Field.TARGET_ROAS, 4_500_000),
]


@pytest.mark.parametrize(("place", "path", "value", "field", "number"), ACCEPTED)
def test_every_lever_is_stored_told_and_journalled(
    wire: Wire, deep: Sandbox, places: Places, place: str, path: str, value: Any, field: Field, number: int
) -> None:
    """By its own service; with MUTABLE_RESOURCE the answer tells how it stands."""
    before = standing(deep, places, place, field)

    answer = send(wire, place, operation(wire, places, place, path, value), response_content_type=2)

    assert standing(deep, places, place, field) == number
    result = answer.results[0]
    told = getattr(result, result.DESCRIPTOR.fields[1].name)
    for part in path.split("."):
        told = getattr(told, part)
    assert told == value
    entry = deep.journal.mutations()[-1]
    words = (None, None) if field is not Field.STATUS else ("enabled", "paused")
    assert (entry.mask, entry.result) == (path, Result.COMMITTED)
    assert (entry.before, entry.after) == ((before, number) if words[0] is None else words)
    assert entry.resource == result.resource_name


def test_what_was_set_stands_in_the_history(wire: Wire, deep: Sandbox, places: Places) -> None:
    """change_event tells budgets, campaigns, ad groups and keywords with old and new values."""
    for place, path, value, *_ in ACCEPTED:
        again = value + (0.25 if isinstance(value, float) else 10_000 if value > PAUSED else -1)
        for number in (value, again):  # whatever stood before, one of both is a change
            send(wire, place, operation(wire, places, place, path, number))
    query = (
        "SELECT change_event.change_resource_type, change_event.changed_fields, change_event.old_resource,"
        " change_event.new_resource, change_event.change_resource_name, change_event.user_email"
        " FROM change_event WHERE change_event.change_date_time BETWEEN '2026-11-20' AND '2026-11-22'"
        " LIMIT 10000"
    )

    events = [row.change_event for row in wire.rows(query)]

    told = {(event.change_resource_type, event.changed_fields.paths[0]) for event in events}
    kinds = {event.change_resource_type for event in events}
    assert len(kinds) == 4
    assert len(told) >= 9
    assert all(event.old_resource != event.new_resource for event in events)


def test_the_last_change_of_each_resource_is_told(wire: Wire, deep: Sandbox, places: Places) -> None:
    """change_status names each resource once."""
    send(wire, "budget", operation(wire, places, "budget", "amount_micros", next(AMOUNTS)))
    query = (
        "SELECT change_status.resource_type, change_status.campaign_budget,"
        " change_status.last_change_date_time FROM change_status"
        " WHERE change_status.last_change_date_time BETWEEN '2026-11-20' AND '2026-11-22' LIMIT 100"
    )

    rows = wire.rows(query)

    budget = places.name("budget", "campaignBudgets")
    assert [row.change_status.campaign_budget for row in rows].count(budget) == 1


REFUSED = [
    ("budget", "amount_micros", 20_000_000, "", "FIELD_MASK_MISSING"),
    ("budget", "amount_micros", 20_000_000, "nonsense", "FIELD_NOT_FOUND"),
    ("budget", "amount_micros", 20_000_000, "period", "IMMUTABLE_FIELD"),
    ("budget", "amount_micros", 20_000_000, "reference_count", "VALUE_MUST_BE_UNSET"),
    ("budget", "amount_micros", 20_000_000, "name", "MUTATE_NOT_ALLOWED"),
    ("budget", "amount_micros", 20_005_000, None, "NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT"),
    ("budget", "amount_micros", 500_000, None, "BUDGET_BELOW_PER_DAY_MINIMUM"),
    ("budget", "amount_micros", 5_000, None, "MONEY_AMOUNT_LESS_THAN_CURRENCY_MINIMUM_CPC"),
    ("budget", "amount_micros", -10_000, None, "NEGATIVE_MONEY_AMOUNT"),
    ("budget", "amount_micros", 0, None, "NEGATIVE_MONEY_AMOUNT"),
    ("budget", "amount_micros", 2 * 10**15, None, "MONEY_AMOUNT_TOO_LARGE"),
    ("budget", "amount_micros", None, None, "FIELD_CANNOT_BE_CLEARED"),
    ("budget", "total_amount_micros", 20_000_000, None, "TOTAL_BUDGET_AMOUNT_MUST_BE_UNSET"),
    ("lifetime budget", "amount_micros", 20_000_000, None, "BUDGET_AMOUNT_MUST_BE_UNSET"),
    ("locked budget", "amount_micros", 20_000_000, None, "CANNOT_CHANGE_BUDGET_ON_CAMPAIGN_WITH_TRIALS"),
    ("99 budget", "amount_micros", 20_000_000, None, "RESOURCE_NAME_MALFORMED"),
    ("locked campaign", "status", PAUSED, None, "CANNOT_MODIFY_FOR_TRIAL_CAMPAIGN"),
    ("tcpa campaign", "status", 4, None, "INVALID_ENUM_VALUE"),
    ("tcpa campaign", "target_cpa.target_cpa_micros", 1_000_000, "target_cpa", "FIELD_HAS_SUBFIELDS"),
    ("tcpa campaign", "target_cpa.target_cpa_micros", 1_005_000, None, "VALUE_NOT_MULTIPLE_OF_BILLABLE_UNIT"),
    ("tcpa campaign", "target_cpa.target_cpa_micros", None, None, "FIELD_CANNOT_BE_CLEARED"),
    ("tcpa campaign", "maximize_conversions.target_cpa_micros", 10_000_000, None, "TRANSITION_NOT_ALLOWED"),
    ("tcpa campaign", "target_roas.target_roas", 3.0, None, "TRANSITION_NOT_ALLOWED"),
    ("portfolio campaign", "target_roas.target_roas", 3.0, None, "TRANSITION_NOT_ALLOWED"),
    ("troas campaign", "target_roas.target_roas", 0.001, None, "TOO_LOW"),
    ("troas campaign", "target_roas.target_roas", 1001.0, None, "TOO_HIGH"),
    ("tcpa campaign", "bidding_strategy_system_status", 2, None, "VALUE_MUST_BE_UNSET"),
    ("strategy", "target_cpa.target_cpa_micros", 10_000_000, None, "CANNOT_CHANGE_BIDDING_STRATEGY_TYPE"),
    ("manual group", "cpc_bid_micros", 1, None, "BID_TOO_SMALL"),
    ("manual group", "cpc_bid_micros", 1_005_000, None, "VALUE_NOT_MULTIPLE_OF_BILLABLE_UNIT"),
    ("manual group", "cpc_bid_micros", 2 * 10**15, None, "BID_TOO_BIG"),
    ("manual group", "effective_cpc_bid_micros", 1_000_000, None, "VALUE_MUST_BE_UNSET"),
    ("manual group", "campaign", "customers/1/campaigns/2", None, "IMMUTABLE_FIELD"),
    ("manual keyword", "cpc_bid_micros", 0, None, "BID_TOO_SMALL"),
]


@pytest.mark.parametrize(("place", "path", "value", "mask", "code"), REFUSED)
def test_what_google_would_refuse_is_refused(
    wire: Wire, deep: Sandbox, places: Places, place: str, path: str, value: Any, mask: str | None, code: str
) -> None:
    """With Google's code; nothing is stored, and the journal says so."""
    n_edits = len(deep.platform.edits(deep.clock.now().replace(year=2000)))

    with pytest.raises(GoogleAdsException, match=code) as raised:
        send(wire, place, operation(wire, places, place, path, value, mask=mask))

    assert len(deep.platform.edits(deep.clock.now().replace(year=2000))) == n_edits
    assert deep.journal.mutations()[-1].result is Result.REFUSED
    location = raised.value.failure.errors[0].location.field_path_elements
    assert (location[0].field_name, location[0].index) == ("operations", 0)


def test_a_refused_amount_tells_the_smallest_one(wire: Wire, places: Places) -> None:
    """The details of BUDGET_BELOW_PER_DAY_MINIMUM."""
    with pytest.raises(GoogleAdsException) as raised:
        send(wire, "budget", operation(wire, places, "budget", "amount_micros", 500_000))

    details = raised.value.failure.errors[0].details.budget_per_day_minimum_error_details
    assert details.currency_code == "EUR"
    assert details.budget_per_day_minimum_micros == details.minimum_budget_amount_micros == 1_000_000
    assert details.failed_budget_amount_micros == 500_000
