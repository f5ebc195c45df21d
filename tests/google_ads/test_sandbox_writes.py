"""What the sandbox lets be written, through the official client: each service, mask and rule."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from google.ads.googleads.errors import GoogleAdsException
from google_ads_account import opened
from google_ads_wire import CUSTOMER, Wire

from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.sandbox.google_ads.conduct import Conduct, Strictness
from simulations.sandbox.google_ads.serve import Sandbox
from simulations.sandbox.shared.journal import Result

DEEP: dict[str, Any] = {
    "seed": 3,  # one campaign is social, six are search
    "campaigns": 12,
    "groups_per_campaign": 2,
    "keywords_per_group": 3,
    "portfolio_strategies": 1,
    "lifetime_budgets": 1,
    "bidding": ("manual_cpc", "target_cpa", "target_roas", "maximize_conversions"),
}
AMOUNTS = itertools.count(50_000_000, 10_000)  # no test sets what another has set


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    running = opened(tmp_path_factory.mktemp("deep"), **DEEP)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def wire(deep: Sandbox) -> Wire:
    return Wire(deep)


class Places:
    """One thing of each kind, by the words that the tables below use."""

    def __init__(self, sandbox: Sandbox) -> None:
        platform = sandbox.platform
        free = [one for one in platform.campaigns if not one.locked]
        lone = [one for one in free if not one.strategy_id]
        locked = next(one for one in platform.campaigns if one.locked)
        groups = {one.campaign_id: one for one in platform.groups}
        keywords = {one.group_id: one for one in platform.keywords}
        budgets = {budget.id: budget for budget in platform.budgets}

        def campaign(bidding: str) -> Any:
            return next(one for one in lone if one.bidding == bidding)

        manual = next(one for one in lone if one.bidding == "manual_cpc" and groups[one.id].id in keywords)
        smart = next(one for one in lone if one.bidding != "manual_cpc" and groups[one.id].id in keywords)
        self.ids = {
            "budget": next(one.id for one in budgets.values() if not one.shared and one.ends is None),
            "shared budget": next(one.id for one in budgets.values() if one.shared),
            "lifetime budget": next(one.id for one in budgets.values() if one.ends is not None),
            "locked budget": locked.budget_id,
            "manual campaign": manual.id,
            "tcpa campaign": campaign("target_cpa").id,
            "troas campaign": campaign("target_roas").id,
            "maximizing campaign": campaign("maximize_conversions").id,
            "portfolio campaign": next(one.id for one in free if one.strategy_id),
            "locked campaign": locked.id,
            "manual group": groups[manual.id].id,
            "smart group": groups[smart.id].id,
            "manual keyword": keywords[groups[manual.id].id].id,
            "smart keyword": keywords[groups[smart.id].id].id,
            "strategy": platform.strategies[0].id,
        }

    def name(self, place: str, collection: str) -> str:
        return f"customers/{CUSTOMER}/{collection}/{self.ids.get(place, place)}"


@pytest.fixture(scope="module")
def places(deep: Sandbox) -> Places:
    return Places(deep)


SERVICES = {
    "budget": ("CampaignBudgetService", "CampaignBudget", "campaignBudgets", Kind.CAMPAIGN_BUDGET),
    "campaign": ("CampaignService", "Campaign", "campaigns", Kind.CAMPAIGN),
    "group": ("AdGroupService", "AdGroup", "adGroups", Kind.AD_GROUP),
    "keyword": ("AdGroupCriterionService", "AdGroupCriterion", "adGroupCriteria", Kind.KEYWORD),
    "strategy": ("BiddingStrategyService", "BiddingStrategy", "biddingStrategies", Kind.BIDDING_STRATEGY),
}
"""By the last word of a place."""


def operation(
    wire: Wire, places: Places, place: str, path: str, value: Any, *, mask: str | None = None
) -> Any:
    """An update of one field; None leaves it out of the message, so that the mask clears it."""
    _, message, collection, _ = SERVICES[place.rsplit(maxsplit=1)[-1]]
    built = wire.message(f"{message}Operation")
    built.update.resource_name = places.name(place, collection)
    if value is not None:
        holder = built.update
        *parents, leaf = path.split(".")
        for parent in parents:
            holder = getattr(holder, parent)
        setattr(holder, leaf, value)
    if mask != "":
        built.update_mask.paths.append(mask or path)
    return built


def send(wire: Wire, place: str, *operations: Any, **flags: Any) -> Any:
    return wire.mutate(SERVICES[place.rsplit(maxsplit=1)[-1]][0], list(operations), **flags)


def standing(sandbox: Sandbox, places: Places, place: str, field: Field) -> int | None:
    return sandbox.platform.standing(SERVICES[place.rsplit(maxsplit=1)[-1]][3], places.ids[place], field)


PAUSED = 3
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
        send(wire, place, operation(wire, places, place, path, again))
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

    with pytest.raises(GoogleAdsException) as raised:
        mixed(wire, *good, bad)
    untouched = standing(deep, places, "budget", Field.AMOUNT)
    answer = mixed(wire, *good, response_content_type=2)

    path = [each.field_name for each in raised.value.failure.errors[0].location.field_path_elements]
    assert path == ["mutate_operations", "ad_group_operation", "update", "cpc_bid_micros"]
    assert raised.value.failure.errors[0].location.field_path_elements[0].index == 2
    assert untouched != amount
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
