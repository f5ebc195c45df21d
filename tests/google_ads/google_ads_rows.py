"""Rows for tests: results of queries as the official client hands them over, in protobuf form."""

from typing import Any

from google.ads.googleads.v26.services.types.google_ads_service import GoogleAdsRow

from adapters.google_ads.campaigns import Campaign, campaign_of
from adapters.google_ads.draft import Draft, draft
from adapters.google_ads.groups import AdGroup, Keyword, ad_group_of, keyword_of
from adapters.google_ads.portfolios import BiddingStrategy, strategy_of
from adapters.google_ads.structure import Structure
from agent.domain.entity import Account
from agent.domain.lever import Lever, Value
from agent.domain.outcome import Refused
from agent.domain.plan import Change
from agent.domain.ref import AccountId, Kind, Ref

CUSTOMER = "1234567890"
ACCOUNT = Account(AccountId("google_ads", CUSTOMER), "Shop", "EUR", "UTC")
BY_HAND = {"campaign__bidding_strategy_type": "MANUAL_CPC"}
BY_CPA = {
    "campaign__bidding_strategy_type": "TARGET_CPA",
    "campaign__target_cpa__target_cpa_micros": 20_000_000,
}
BY_ROAS = {
    "campaign__bidding_strategy_type": "TARGET_ROAS",
    "campaign__target_roas__target_roas": 4.0,
}
PORTFOLIO = {
    "campaign__bidding_strategy_type": "TARGET_CPA",
    "campaign__bidding_strategy": "customers/1234567890/biddingStrategies/5",
}
_RESERVED = ("type",)  # Python's own words carry an underscore


def bare_row(**fields: Any) -> Any:
    """A result row; double underscores stand for dots, enum values may be words."""
    row = GoogleAdsRow.pb(GoogleAdsRow())
    for name, value in fields.items():
        *parents, leaf = name.split("__")
        holder = row
        for parent in parents:
            holder = getattr(holder, parent)
        write(holder, leaf, value)
    return row


def write(holder: Any, leaf: str, value: Any) -> None:
    """Set one field of a message: a number, a text, a word of an enum, or a list of those."""
    leaf = f"{leaf}_" if leaf in _RESERVED else leaf
    enum = holder.DESCRIPTOR.fields_by_name[leaf].enum_type
    if isinstance(value, list):
        getattr(holder, leaf).extend(_number(enum, each) for each in value)
    else:
        setattr(holder, leaf, _number(enum, value))


def row(**fields: Any) -> Any:
    """A row of the campaign query: a search campaign on a budget of its own."""
    usual = {
        "campaign__id": 7,
        "campaign__name": "Shoes",
        "campaign__status": "ENABLED",
        "campaign__experiment_type": "BASE",
        "campaign__advertising_channel_type": "SEARCH",
        "campaign_budget__id": 9,
        "campaign_budget__amount_micros": 50_000_000,
        "campaign_budget__period": "DAILY",
        "campaign_budget__reference_count": 1,
    }
    return bare_row(**{**usual, **fields})


def campaign(**fields: Any) -> Campaign:
    return campaign_of(row(**fields))


def group(**fields: Any) -> AdGroup:
    usual = {
        "campaign__id": 7,
        "ad_group__id": 70,
        "ad_group__name": "Boots",
        "ad_group__status": "ENABLED",
        "ad_group__cpc_bid_micros": 1_200_000,
        "ad_group__target_cpa_micros": 15_000_000,
        "ad_group__target_roas": 3.5,
    }
    return ad_group_of(bare_row(**{**usual, **fields}))


def keyword(**fields: Any) -> Keyword:
    usual = {
        "campaign__id": 7,
        "ad_group__id": 70,
        "ad_group_criterion__criterion_id": 700,
        "ad_group_criterion__keyword__text": "red boots",
        "ad_group_criterion__keyword__match_type": "EXACT",
        "ad_group_criterion__status": "ENABLED",
        "ad_group_criterion__cpc_bid_micros": 900_000,
    }
    return keyword_of(bare_row(**{**usual, **fields}))


def strategy(**fields: Any) -> BiddingStrategy:
    usual = {
        "bidding_strategy__id": 5,
        "bidding_strategy__name": "Shoes",
        "bidding_strategy__type": "TARGET_CPA",
        "bidding_strategy__effective_currency_code": "EUR",
        "bidding_strategy__target_cpa__target_cpa_micros": 20_000_000,
    }
    return strategy_of(bare_row(**{**usual, **fields}))


def account_of(*campaigns: Campaign, **parts: Any) -> Structure:
    return Structure(CUSTOMER, {each.id: each for each in campaigns}, **parts)


def deep(campaign_fields: dict[str, Any], **fields: Any) -> Structure:
    """A campaign with one ad group of one keyword."""
    return account_of(
        campaign(**campaign_fields), groups={"70": group(**fields)}, keywords={"70~700": keyword()}
    )


def change(lever: Lever, after: Value, kind: Kind = Kind.CAMPAIGN, id_: str = "7") -> Change:
    return Change(Ref("google_ads", CUSTOMER, kind, id_), lever, after, after)


def drafted(structure: Structure | Campaign, *changes: Change) -> Draft:
    whole = account_of(structure) if isinstance(structure, Campaign) else structure
    return draft(changes, ACCOUNT, whole)


def refusal(batch: Draft, position: int = 0) -> str:
    """Why a change was refused before it was sent."""
    receipt = batch.settled[position]
    assert isinstance(receipt, Refused)
    return receipt.because


def _number(enum: Any, value: Any) -> Any:
    return enum.values_by_name[value].number if enum is not None and isinstance(value, str) else value
