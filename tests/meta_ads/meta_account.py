"""An account for tests, as Meta's JSON tells it, and adapters on a fake or a sandbox that holds it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from meta_fake import Asked, FakeMeta, Reply, error

from adapters.meta_ads.adapter import MetaAdsAdapter
from adapters.meta_ads.connect import Options, connect
from adapters.meta_ads.structure import Structure, structure_of
from agent.clock import SteppedClock
from agent.domain.entity import Account
from agent.domain.lever import Lever, Status
from agent.domain.money import Money
from agent.domain.plan import Change
from agent.domain.ref import AccountId, Kind, Ref

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)  # 10:30 in New York
NODE = "act_123"
ACCOUNT = {
    "id": NODE,
    "name": "Shop",
    "currency": "EUR",
    "timezone_name": "America/New_York",
    "account_status": 1,
}
FACTS = Account(
    id=AccountId("meta_ads", "123"),
    name="Shop",
    currency="EUR",
    time_zone="America/New_York",
    unit_micros=10_000,
    over_delivery=1.75,
    min_daily_budget_micros=1_000_000,
)
# 11: budget on the campaign, 12: on its ad sets, 13: on the campaign, for its whole run.
CAMPAIGNS: list[dict[str, Any]] = [
    {
        "id": "11", "name": "Sales", "objective": "OUTCOME_SALES", "status": "ACTIVE",
        "effective_status": "ACTIVE", "buying_type": "AUCTION", "bid_strategy": "COST_CAP",
        "daily_budget": "5000", "start_time": "2026-01-31T22:00:00-0500",
        "adlabels": [{"id": "1", "name": "keep"}],
    },
    {
        "id": "12", "name": "Shoes", "objective": "OUTCOME_SALES", "status": "PAUSED",
        "effective_status": "PAUSED", "buying_type": "AUCTION", "start_time": "2026-03-01T00:00:00-0500",
    },
    {
        "id": "13", "name": "Week", "objective": "OUTCOME_SALES", "status": "ACTIVE",
        "effective_status": "ACTIVE", "buying_type": "AUCTION",
        "bid_strategy": "LOWEST_COST_WITH_MIN_ROAS", "lifetime_budget": "70000",
        "start_time": "2026-11-18T00:00:00-0500", "stop_time": "2026-11-28T00:00:00-0500",
    },
    {
        "id": "14", "name": "Old", "objective": "OUTCOME_SALES", "status": "ARCHIVED",
        "effective_status": "ARCHIVED", "daily_budget": "100",
    },
]  # fmt: skip
AD_SETS: list[dict[str, Any]] = [
    {
        "id": "111", "campaign_id": "11", "name": "Broad", "status": "ACTIVE", "effective_status": "ACTIVE",
        "optimization_goal": "OFFSITE_CONVERSIONS", "bid_amount": 1250, "daily_budget": "0",
        "learning_stage_info": {"status": "LEARNING", "conversions": 12},
    },
    {
        "id": "121", "campaign_id": "12", "name": "Women", "status": "ACTIVE",
        "effective_status": "CAMPAIGN_PAUSED", "optimization_goal": "OFFSITE_CONVERSIONS",
        "bid_strategy": "LOWEST_COST_WITH_BID_CAP", "bid_amount": 300, "daily_budget": "2000",
        "learning_stage_info": {"status": "SUCCESS"}, "start_time": "2026-03-02T00:00:00-0500",
        "adlabels": [{"id": "2", "name": "brand"}],
    },
    {
        "id": "122", "campaign_id": "12", "name": "Men", "status": "ACTIVE",
        "effective_status": "CAMPAIGN_PAUSED", "optimization_goal": "OFFSITE_CONVERSIONS",
        "bid_strategy": "LOWEST_COST_WITHOUT_CAP", "daily_budget": "3000",
    },
    {
        "id": "131", "campaign_id": "13", "name": "All", "status": "ACTIVE", "effective_status": "ACTIVE",
        "optimization_goal": "VALUE", "bid_constraints": {"roas_average_floor": 20000},
    },
]  # fmt: skip


def structure(
    campaigns: list[dict[str, Any]] = CAMPAIGNS, ad_sets: list[dict[str, Any]] = AD_SETS
) -> Structure:
    return structure_of(campaigns, ad_sets, unit=10_000, zone=ZoneInfo("America/New_York"), now=NOW)


def campaign(id_: str) -> Ref:
    return Ref("meta_ads", "123", Kind.CAMPAIGN, id_)


def ad_set(id_: str) -> Ref:
    return Ref("meta_ads", "123", Kind.AD_SET, id_)


def to_budget(ref: Ref, amount: str, lever: Lever = Lever.DAILY_BUDGET) -> Change:
    return Change(ref, lever, Money.of("1.00", "EUR"), Money.of(amount, "EUR"))


def to_status(ref: Ref, status: Status) -> Change:
    return Change(ref, Lever.STATUS, Status.ENABLED, status)


def stock(server: FakeMeta) -> None:
    """Let the fake hold the account."""
    nodes = {row["id"]: row for row in [*CAMPAIGNS, *AD_SETS]}

    def by_ids(asked: Asked) -> Reply:
        ids = asked.params["ids"].split(",")
        if not set(ids) <= set(nodes):
            return error(100, 33)
        return Reply({id_: nodes[id_] for id_ in ids})

    server.on("GET", NODE, ACCOUNT)
    server.on(
        "GET",
        f"{NODE}/minimum_budgets",
        {
            "data": [
                {"currency": "USD", "min_daily_budget_imp": 9},
                {"currency": "EUR", "min_daily_budget_imp": 100},
            ]
        },
    )
    server.on("GET", f"{NODE}/campaigns", {"data": CAMPAIGNS})
    server.on("GET", f"{NODE}/adsets", {"data": AD_SETS})
    server.on("GET", "", by_ids)


def adapter_on(
    server: FakeMeta, clock: SteppedClock, *, state: Path | None = None, **options: object
) -> MetaAdsAdapter:
    """An adapter that signs in with `token` and `app_secret`, if there are any among the options."""
    names = {"token": "access_token", "app_secret": "app_secret"}
    credentials = {name: str(options.pop(given)) for given, name in names.items() if given in options}
    adapter = connect(
        NODE,
        Options.model_validate({"endpoint": server.address, **options}),
        credentials=credentials,
        clock=clock,
        home=Path(),
        state=state,
    )
    assert isinstance(adapter, MetaAdsAdapter)
    return adapter
