"""How the sandbox carries requests out: masks, transactions, validation, and bids without effect."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.ads.googleads.errors import GoogleAdsException
from google_ads_account import opened
from google_ads_places import AMOUNTS, DEEP, PAUSED, Places, operation, send, standing
from google_ads_wire import CUSTOMER, Wire

from simulations.journal import Field
from simulations.sandbox.google_ads.conduct import Conduct, Strictness
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


def test_a_field_outside_the_mask_is_ignored(wire: Wire, deep: Sandbox, places: Places) -> None:
    """Only what the mask names is set."""
    before = standing(deep, places, "manual keyword", Field.STATUS)
    amount = next(AMOUNTS)
    built = operation(wire, places, "manual keyword", "cpc_bid_micros", amount)
    built.update.status = PAUSED if before else 2

    send(wire, "keyword", built)

    assert standing(deep, places, "manual keyword", Field.STATUS) == before
    assert standing(deep, places, "manual keyword", Field.CPC_BID) == amount


def test_one_operation_can_set_two_fields(wire: Wire, deep: Sandbox, places: Places) -> None:
    """And the journal has a line for each."""
    amount = next(AMOUNTS)
    built = operation(wire, places, "manual keyword", "cpc_bid_micros", amount)
    built.update.status = 2
    built.update_mask.paths.append("status")

    send(wire, "keyword", built)

    assert standing(deep, places, "manual keyword", Field.STATUS) == 1
    assert [entry.mask for entry in deep.journal.mutations()[-2:]] == ["cpc_bid_micros", "status"]


def test_only_validated_nothing_is_stored_nor_told(wire: Wire, deep: Sandbox, places: Places) -> None:
    """`validate_only` has no results, and errors as usual."""
    before = standing(deep, places, "budget", Field.AMOUNT)

    answer = send(
        wire, "budget", operation(wire, places, "budget", "amount_micros", next(AMOUNTS)), validate_only=True
    )

    assert list(answer.results) == []
    assert standing(deep, places, "budget", Field.AMOUNT) == before
    assert deep.journal.mutations()[-1].result is Result.VALIDATED
    with pytest.raises(GoogleAdsException, match="BELOW_PER_DAY_MINIMUM"):
        send(wire, "budget", operation(wire, places, "budget", "amount_micros", 500_000), validate_only=True)


def mixed(wire: Wire, *operations: Any, **flags: Any) -> Any:
    """GoogleAdsService.Mutate."""
    request = wire.message("MutateGoogleAdsRequest")
    request.customer_id = CUSTOMER
    for each in operations:
        name = type(each).__name__.removesuffix("Operation")
        field = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]
        getattr(request.mutate_operations.add(), f"{field}_operation").CopyFrom(each)
    for name, value in flags.items():
        setattr(request, name, value)
    return wire.service("GoogleAdsService").mutate(request=request, timeout=20)


def test_operations_of_several_kinds_are_one_transaction(wire: Wire, deep: Sandbox, places: Places) -> None:
    """All or nothing, and the answers stand in the order of the operations."""
    amount, bid = next(AMOUNTS), next(AMOUNTS)
    good = [
        operation(wire, places, "budget", "amount_micros", amount),
        operation(wire, places, "manual keyword", "cpc_bid_micros", bid),
    ]
    bad = operation(wire, places, "manual group", "cpc_bid_micros", 1)

    before = standing(deep, places, "budget", Field.AMOUNT)
    with pytest.raises(GoogleAdsException) as raised:
        mixed(wire, *good, bad)
    untouched = standing(deep, places, "budget", Field.AMOUNT)
    answer = mixed(wire, *good, response_content_type=2)

    path = [each.field_name for each in raised.value.failure.errors[0].location.field_path_elements]
    assert path == ["mutate_operations", "ad_group_operation", "update", "cpc_bid_micros"]
    assert raised.value.failure.errors[0].location.field_path_elements[0].index == 2
    assert untouched == before != amount
    first, second = answer.mutate_operation_responses
    assert first.campaign_budget_result.campaign_budget.amount_micros == amount
    assert second.ad_group_criterion_result.ad_group_criterion.cpc_bid_micros == bid


def test_with_partial_failure_answers_stay_aligned(wire: Wire, deep: Sandbox, places: Places) -> None:
    """Of a refused operation the result is empty, and the error tells its index."""
    amount = next(AMOUNTS)
    answer = mixed(
        wire,
        operation(wire, places, "manual group", "cpc_bid_micros", 1),
        operation(wire, places, "budget", "amount_micros", amount),
        operation(wire, places, "budget", "amount_micros", next(AMOUNTS)),
        partial_failure=True,
    )

    told = [each.WhichOneof("response") for each in answer.mutate_operation_responses]
    assert told == [None, "campaign_budget_result", None]
    assert standing(deep, places, "budget", Field.AMOUNT) == amount
    failure = wire.message("GoogleAdsFailure")
    failure.ParseFromString(answer.partial_failure_error.details[0].value)
    assert [error.location.field_path_elements[0].index for error in failure.errors] == [0, 2]
    assert failure.errors[1].error_code.mutate_error == 7  # ID_EXISTS_IN_MULTIPLE_MUTATES


@pytest.mark.parametrize("place", ["smart group", "smart keyword"])
def test_a_bid_under_smart_bidding_is_kept_without_effect(
    wire: Wire, deep: Sandbox, places: Places, place: str
) -> None:
    """Google accepts it; the sandbox tells it, counts it, and the market takes no notice."""
    answer = send(
        wire, place, operation(wire, places, place, "cpc_bid_micros", 990_000), response_content_type=2
    )

    result = answer.results[0]
    assert getattr(result, result.DESCRIPTOR.fields[1].name).cpc_bid_micros == 990_000
    assert standing(deep, places, place, Field.CPC_BID) is None
    assert deep.front.served.violations.found()[-1].what == "bid_without_effect"
    cleared = send(
        wire, place, operation(wire, places, place, "cpc_bid_micros", None), response_content_type=2
    )
    assert getattr(cleared.results[0], result.DESCRIPTOR.fields[1].name).cpc_bid_micros == 0


def test_a_strategy_switch_is_counted(wire: Wire, deep: Sandbox, places: Places) -> None:
    """Nobody should have sent it."""
    with pytest.raises(GoogleAdsException):
        send(wire, "campaign", operation(wire, places, "tcpa campaign", "target_roas.target_roas", 3.0))

    assert deep.front.served.violations.found()[-1].what == "strategy_switch"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    conduct = Conduct(
        strictness=Strictness(refuses_idle_bids=True, minimum_cpc_micros=50_000, merged_targets=True)
    )
    running = opened(tmp_path_factory.mktemp("strict"), conduct, **DEEP)
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("place", "path", "value", "code"),
    [
        ("smart group", "cpc_bid_micros", 990_000, "BID_TYPE_AND_BIDDING_STRATEGY_MISMATCH"),
        ("smart keyword", "cpc_bid_micros", 990_000, "BID_INCOMPATIBLE_WITH_ADGROUP"),
        ("manual group", "cpc_bid_micros", 40_000, "BID_TOO_SMALL"),
        ("budget", "amount_micros", 40_000, "MONEY_AMOUNT_LESS_THAN_CURRENCY_MINIMUM_CPC"),
        ("tcpa campaign", "target_cpa.target_cpa_micros", 9_000_000, "TRANSITION_NOT_ALLOWED"),
    ],
)
def test_an_account_can_be_stricter(strict: Sandbox, place: str, path: str, value: Any, code: str) -> None:
    """Where Google is said to do either."""
    wire, places = Wire(strict), Places(strict)

    with pytest.raises(GoogleAdsException, match=code):
        send(wire, place, operation(wire, places, place, path, value))


def test_targets_can_stand_inside_of_maximize(strict: Sandbox) -> None:
    """As in newer accounts: the member of the oneof that is present is the one to be written."""
    wire, places = Wire(strict), Places(strict)
    query = (
        "SELECT campaign.bidding_strategy_type, campaign.maximize_conversions.target_cpa_micros FROM campaign"
    )

    place, path = "tcpa campaign", "maximize_conversions.target_cpa_micros"
    send(wire, place, operation(wire, places, place, path, 9_000_000))

    rows = wire.rows(f"{query} WHERE campaign.id = {places.ids[place]}")
    assert rows[0].campaign.maximize_conversions.target_cpa_micros == 9_000_000
    assert rows[0].campaign.bidding_strategy_type == 10  # MAXIMIZE_CONVERSIONS
