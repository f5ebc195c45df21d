"""Translation without any wire: rows to nouns, changes to masks."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from google.api_core import exceptions
from google.auth.exceptions import RefreshError
from google.protobuf.duration_pb2 import Duration
from google.rpc.status_pb2 import Status as RpcStatus
from google_ads_rows import ACCOUNT, account_of, change, drafted, refusal, row

from adapters.google_ads import errors, faults, queries
from adapters.google_ads.campaigns import campaign_of
from adapters.google_ads.client import service_module
from adapters.google_ads.entities import entities_of
from adapters.google_ads.metrics import metrics_of
from adapters.google_ads.operations import BUDGETS, CAMPAIGNS, SERVICES, request_of
from agent.domain.errors import RateLimited
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.shared_budgets import with_shared_budgets
from simulations.sandbox.google_ads.compatibility import check
from simulations.sandbox.google_ads.gaql import parse
from simulations.sandbox.google_ads.refusal import Refusal, partial_failure

TARGETS = [
    ("maximize_conversions", "target_cpa_micros", Lever.TARGET_CPA),
    ("target_cpa", "target_cpa_micros", Lever.TARGET_CPA),
    ("maximize_conversion_value", "target_roas", Lever.TARGET_ROAS),
    ("target_roas", "target_roas", Lever.TARGET_ROAS),
]


@pytest.mark.parametrize(("strategy", "field", "lever"), TARGETS)
def test_a_target_is_a_lever_where_its_strategy_is_present(strategy: str, field: str, lever: Lever) -> None:
    """Writing another strategy's target would switch the strategy."""
    value = 4.25 if lever is Lever.TARGET_ROAS else 12_340_000
    campaign = campaign_of(row(**{f"campaign__{strategy}__{field}": value}))

    wanted: Value = Ratio.of("3.5") if lever is Lever.TARGET_ROAS else Money.of("15.00", "EUR")
    batch = drafted(campaign, change(lever, wanted))
    request = request_of(batch.operations, "1234567890", validate_only=False)

    assert campaign.levers()[lever] == (4_250_000 if lever is Lever.TARGET_ROAS else 12_340_000)
    sent = type(request).pb(request).operations[0]
    assert list(sent.update_mask.paths) == [f"{strategy}.{field}"]
    assert sent.update.resource_name == "customers/1234567890/campaigns/7"
    stored = getattr(getattr(sent.update, strategy), field)
    assert stored == (3.5 if lever is Lever.TARGET_ROAS else 15_000_000)


def test_a_target_of_a_portfolio_strategy_is_no_lever_of_the_campaign() -> None:
    """It would move every campaign that is attached to it."""
    campaign = campaign_of(row(campaign__bidding_strategy="customers/1/biddingStrategies/2"))

    batch = drafted(campaign, change(Lever.TARGET_ROAS, Ratio.of(4)))

    assert set(campaign.levers()) == {Lever.DAILY_BUDGET, Lever.STATUS}
    assert "change bidding_strategy 2 instead" in refusal(batch)


def test_two_levers_of_one_campaign_travel_in_one_operation() -> None:
    """Google takes a resource once in a request."""
    campaign = campaign_of(row(campaign__target_roas__target_roas=4.0))

    batch = drafted(
        campaign,
        change(Lever.STATUS, Status.PAUSED),
        change(Lever.DAILY_BUDGET, Money.of("20.00", "EUR")),
        change(Lever.TARGET_ROAS, Ratio.of(5)),
    )

    assert [(each.service, each.changes) for each in batch.operations] == [
        (BUDGETS, (1,)),
        (CAMPAIGNS, (0, 2)),
    ]
    paths = [setting.path for setting in batch.operations[1].settings]
    assert paths == ["status", "target_roas.target_roas"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"campaign__experiment_type": "EXPERIMENT"}, "experiment"),
        ({"campaign__experiment_type": "UNKNOWN"}, "experiment"),
        ({"campaign_budget__period": "UNKNOWN"}, "budget of an unknown period"),
        ({"campaign_budget__type": "FIXED_CPA"}, "budget of type fixed_cpa"),
        ({"campaign__advertising_channel_type": "SMART"}, "smart campaign"),
        ({"campaign__advertising_channel_type": "LOCAL_SERVICES"}, "local services campaign"),
    ],
)
def test_what_gebot_leaves_alone_is_locked_and_refused(fields: dict[str, str], why: str) -> None:
    """Budgets nobody knows, experiments and what Google steers by itself."""
    campaign = campaign_of(row(**fields))

    table = entities_of(ACCOUNT, account_of(campaign))
    batch = drafted(campaign, change(Lever.STATUS, Status.PAUSED))

    assert table.locked.tolist() == [why]
    assert why in refusal(batch)


@pytest.mark.parametrize(
    ("status", "learning"),
    [("LEARNING_BUDGET_CHANGE", True), ("MULTIPLE_LEARNING", True), ("LIMITED_BY_BUDGET", False)],
)
def test_learning_is_what_google_says(status: str, learning: bool) -> None:
    """Guardrails wait while a strategy learns."""
    assert campaign_of(row(campaign__bidding_strategy_system_status=status)).learning is learning


def test_a_budget_used_twice_is_shared_even_when_nobody_said_so() -> None:
    """reference_count tells, whatever explicitly_shared says."""
    campaigns = [
        campaign_of(row(campaign__id=id_, campaign_budget__reference_count=2, campaign__name=f"C{id_}"))
        for id_ in (1, 2)
    ]

    table = entities_of(ACCOUNT, account_of(*campaigns))

    assert list(zip(table.kinds.tolist(), table.ids.tolist(), strict=True)) == [
        ("campaign", "1"),
        ("campaign", "2"),
        ("campaign_budget", "9"),
    ]
    assert table.levers[Lever.DAILY_BUDGET].present.tolist() == [False, False, True]


def test_an_empty_account_gives_empty_tables() -> None:
    """No campaigns is a state, not an error."""
    day = np.datetime64("2026-11-20").item()
    table = entities_of(ACCOUNT, account_of())
    metrics = with_shared_budgets(metrics_of([], day, day, None), {"1": "2"})

    assert len(table) == len(metrics) == 0


def test_a_share_that_google_does_not_tell_is_nan_and_a_clamped_one_is_kept() -> None:
    """0.0999 and 0.9001 mean "at most" and "at least"; nobody may average them away here."""
    told = row(segments__date="2026-11-20", metrics__impressions=10, metrics__search_impression_share=0.0999)
    untold = row(segments__date="2026-11-19", metrics__impressions=10)
    day = np.datetime64("2026-11-20").item()

    table = metrics_of([told, untold], day, day, None)

    assert table.search_impression_share[0] == 0.0999
    assert np.isnan(table.search_impression_share[1])


def test_quota_in_a_partial_failure_names_its_delay() -> None:
    """RPC OK, and still the account must wait."""
    status = RpcStatus()
    refusal = Refusal(
        "quota_error.RESOURCE_TEMPORARILY_EXHAUSTED", "Retry in 30 seconds.", retry_delay_s=12.5
    )
    partial_failure(status, [(1, refusal)], "r")

    found = faults.faults_of_partial_failure(status)
    error = errors.error_of_faults("a", found)

    assert [(fault.operation, fault.retry_after_s) for fault in found] == [(1, 12.5)]
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == Duration(seconds=12, nanos=500_000_000).ToTimedelta().total_seconds()


@pytest.mark.parametrize(
    ("error", "sure"),
    [
        (exceptions.InvalidArgument("no"), True),
        (exceptions.PermissionDenied("no"), True),
        (exceptions.Unauthenticated("no"), True),
        (exceptions.ResourceExhausted("quota"), True),
        (exceptions.ResourceExhausted("CLIENT: Received message larger than max (70 vs. 64)"), False),
        (exceptions.ServiceUnavailable("?"), False),
        (exceptions.DeadlineExceeded("?"), False),
        (exceptions.InternalServerError("?"), False),
        (exceptions.Cancelled("?"), False),
        (exceptions.Aborted("?"), False),
        (exceptions.Unknown("?"), False),
        (exceptions.DataLoss("?"), False),
        (exceptions.MethodNotImplemented("?"), False),
        (RefreshError("revoked"), True),
    ],
)
def test_only_an_explicit_refusal_means_that_nothing_was_applied(error: Exception, sure: bool) -> None:
    """Everything else may have been committed."""
    assert errors.surely_not_applied(error) is sure


DAY = date(2026, 11, 1)
MANY = [str(number) for number in range(1_001)]


@pytest.mark.parametrize(
    "query",
    [
        queries.CUSTOMER,
        queries.CHILDREN,
        queries.LABELS,
        queries.MEMBERSHIP,
        queries.SIMULATIONS,
        queries.EXCLUSIONS,
        queries.SEASONALITY,
        queries.billable_unit("EUR"),
        queries.campaign_state(),
        queries.campaign_state({"1", "2"}),
        queries.campaign_state((), {"3"}),
        queries.campaign_state({"1"}, {"3"}),
        queries.strategy_state({"1"}),
        queries.ad_group_state({"1"}),
        queries.keyword_state({"1~2", "1~3"}),
        queries.campaign_daily(DAY, DAY),
        queries.ad_group_daily(DAY, DAY),
        queries.keyword_daily(DAY, DAY),
        queries.campaign_hourly(DAY, DAY),
        queries.conversion_lag(DAY, DAY),
        queries.changes("2026-11-01 00:00:00", "2026-11-02 00:00:00", ("CAMPAIGN", "AD_GROUP_CRITERION")),
    ],
)
def test_every_query_names_fields_that_exist(query: str) -> None:
    """Checked against the descriptors of the installed API version."""
    check(parse(query), date(2026, 11, 21))


def test_figures_of_removed_campaigns_go_on_being_told() -> None:
    """Their conversions count when lag is learned: fallen to zero they would look taken back."""
    daily = parse(queries.campaign_daily(DAY, DAY))

    assert [condition.field for condition in daily.where] == ["segments.date"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_mutate_method_exists(service: Any) -> None:
    """The client is called by name."""
    assert hasattr(getattr(service_module(service.name), f"{service.name}Client"), service.method)


def test_a_long_list_of_ids_is_not_sent() -> None:
    """Reading all is one operation of quota as well."""
    keywords = [f"{number}~1" for number in MANY]

    texts = [queries.campaign_state(MANY), queries.ad_group_state(MANY), queries.keyword_state(keywords)]

    assert [" IN (" in text for text in texts] == [False] * 3
