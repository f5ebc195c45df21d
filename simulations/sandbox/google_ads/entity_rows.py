"""Entity rows: campaigns and what belongs to them, with their levers as they stand now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agent.domain.money import MICROS
from agent.domain.ref import Kind
from simulations.groups import Group, Keyword
from simulations.journal import Field
from simulations.platform import Platform
from simulations.sandbox.google_ads.account_rows import AccountRows
from simulations.sandbox.google_ads.idle import IdleBids
from simulations.sandbox.google_ads.resources import scheme, target_leaf
from simulations.sandbox.google_ads.search import Row
from simulations.structure import Campaign

_CHANNELS = {"search": "SEARCH", "shopping": "SHOPPING", "social": "DEMAND_GEN", "video": "VIDEO"}
_GROUP_TYPES = {"search": "SEARCH_STANDARD", "shopping": "SHOPPING_PRODUCT_ADS", "video": "VIDEO_RESPONSIVE"}
_STATUSES = ("PAUSED", "ENABLED")
_LEARNING_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class EntityRows:
    """Rows of budgets, portfolio strategies, campaigns, ad groups and keywords.

    Attributes:
        merged: Targets stand inside of maximize_conversions and maximize_conversion_value.
    """

    platform: Platform
    account: AccountRows
    idle: IdleBids
    merged: bool

    def name(self, collection: str, id_: str) -> str:
        """A resource name: "customers/1234567890/adGroups/1"."""
        return f"customers/{self.platform.account.id.account}/{collection}/{id_}"

    def budgets(self) -> Iterator[Row]:
        for budget in self.platform.budgets:
            leaf, field = (
                ("amount_micros", Field.AMOUNT)
                if budget.ends is None
                else ("total_amount_micros", Field.LIFETIME_AMOUNT)
            )
            yield {
                **self.account.customer,
                "campaign_budget.resource_name": self.name("campaignBudgets", budget.id),
                "campaign_budget.id": int(budget.id),
                "campaign_budget.name": budget.name,
                f"campaign_budget.{leaf}": self.platform.standing(Kind.CAMPAIGN_BUDGET, budget.id, field),
                "campaign_budget.period": "DAILY" if budget.ends is None else "CUSTOM_PERIOD",
                "campaign_budget.type": "STANDARD",
                "campaign_budget.status": "ENABLED",
                "campaign_budget.delivery_method": "STANDARD",
                "campaign_budget.explicitly_shared": budget.shared,
                "campaign_budget.reference_count": len(budget.campaign_ids),
                "campaign_budget.has_recommended_budget": False,
            }

    def strategies(self) -> Iterator[Row]:
        account = self.platform.account
        for strategy in self.platform.strategies:
            n_campaigns = len(strategy.campaign_ids)
            yield {
                **self.account.customer,
                "bidding_strategy.resource_name": self.name("biddingStrategies", strategy.id),
                "bidding_strategy.id": int(strategy.id),
                "bidding_strategy.name": strategy.name,
                "bidding_strategy.type": strategy.type.upper(),
                "bidding_strategy.status": "ENABLED",
                "bidding_strategy.currency_code": account.currency,
                "bidding_strategy.effective_currency_code": account.currency,
                "bidding_strategy.campaign_count": n_campaigns,
                "bidding_strategy.non_removed_campaign_count": n_campaigns,
                **self._target("bidding_strategy", Kind.BIDDING_STRATEGY, strategy.id, strategy.type),
            }

    def campaigns(self) -> Iterator[Row]:
        budgets = {str(row["campaign_budget.id"]): row for row in self.budgets()}
        strategies = {str(row["bidding_strategy.id"]): row for row in self.strategies()}
        learning = self._learning()
        for campaign in self.platform.campaigns:
            budget = budgets.get(campaign.budget_id, self.account.customer)
            row = {
                **budget,
                **strategies.get(campaign.strategy_id, {}),
                "campaign.resource_name": self.name("campaigns", campaign.id),
                "campaign.id": int(campaign.id),
                "campaign.name": campaign.name,
                "campaign.advertising_channel_type": _CHANNELS[campaign.channel],
                "campaign.experiment_type": "EXPERIMENT" if campaign.locked else "BASE",
                "campaign.start_date_time": f"{campaign.started} 00:00:00",
                "campaign.labels": sorted(self.account.label_names[label] for label in campaign.labels),
                "campaign.campaign_budget": budget.get("campaign_budget.resource_name"),
                "campaign.bidding_strategy_system_status": learning.get(campaign.id, "ENABLED"),
                **self._standing_of(campaign, is_learning=campaign.id in learning),
                **self._bidding_of(campaign),
            }
            ends = self.platform.budget(campaign.budget_id)
            if ends is not None and ends.ends is not None:
                row["campaign.end_date_time"] = f"{ends.ends} 23:59:59"
            yield row

    def ad_groups(self) -> Iterator[Row]:
        campaigns = {str(row["campaign.id"]): row for row in self.campaigns()}
        for group in self.platform.groups:
            campaign = self.platform.campaign(group.campaign_id)
            assert campaign is not None, "every group is in a campaign"
            row = campaigns[group.campaign_id]
            status = _STATUSES[self.platform.standing(group.kind, group.id, Field.STATUS) or 0]
            yield {
                **row,
                "ad_group.resource_name": self.name("adGroups", group.id),
                "ad_group.id": int(group.id),
                "ad_group.name": group.name,
                "ad_group.campaign": row["campaign.resource_name"],
                "ad_group.status": status,
                "ad_group.primary_status": "PAUSED" if status == "PAUSED" else "ELIGIBLE",
                "ad_group.type": _GROUP_TYPES.get(campaign.channel),
                **self._group_bids(group, campaign),
            }

    def criteria(self) -> Iterator[Row]:
        """Keywords; of both `ad_group_criterion` and `keyword_view`."""
        groups = {str(row["ad_group.id"]): row for row in self.ad_groups()}
        for keyword in self.platform.keywords:
            group = groups[keyword.group_id]
            criterion = keyword.id.partition("~")[2]
            yield {
                **group,
                "keyword_view.resource_name": self.name("keywordViews", keyword.id),
                "ad_group_criterion.resource_name": self.name("adGroupCriteria", keyword.id),
                "ad_group_criterion.criterion_id": int(criterion),
                "ad_group_criterion.display_name": keyword.text,
                "ad_group_criterion.ad_group": group["ad_group.resource_name"],
                "ad_group_criterion.type": "KEYWORD",
                "ad_group_criterion.negative": False,
                "ad_group_criterion.keyword.text": keyword.text,
                "ad_group_criterion.keyword.match_type": keyword.match_type.upper(),
                "ad_group_criterion.status": _STATUSES[
                    self.platform.standing(Kind.KEYWORD, keyword.id, Field.STATUS) or 0
                ],
                **self._keyword_bids(keyword, group),
            }

    def _standing_of(self, campaign: Campaign, *, is_learning: bool) -> Row:
        if not self.platform.status(campaign.id).value:
            word, reasons = "PAUSED", ["CAMPAIGN_PAUSED"]
        elif is_learning:
            word, reasons = "LEARNING", ["BIDDING_STRATEGY_LEARNING"]
        else:
            word, reasons = "ELIGIBLE", []
        return {
            "campaign.status": "PAUSED" if word == "PAUSED" else "ENABLED",
            "campaign.serving_status": "SERVING",
            "campaign.primary_status": word,
            "campaign.primary_status_reasons": reasons,
        }

    def _bidding_of(self, campaign: Campaign) -> Row:
        """The portfolio strategy, or the member of the oneof that is present."""
        if campaign.strategy_id:
            return {
                "campaign.bidding_strategy": self.name("biddingStrategies", campaign.strategy_id),
                "campaign.bidding_strategy_type": campaign.bidding.upper(),
            }
        word = scheme(campaign.bidding, merged=self.merged)
        row: dict[str, Any] = {"campaign.bidding_strategy_type": word.upper()}
        if word == "manual_cpc":
            row["campaign.manual_cpc.enhanced_cpc_enabled"] = False
        return {**row, **self._target("campaign", Kind.CAMPAIGN, campaign.id, campaign.bidding)}

    def _target(self, root: str, kind: Kind, id_: str, bidding: str) -> Row:
        leaf = target_leaf(bidding, merged=self.merged and kind is Kind.CAMPAIGN)
        if leaf is None:
            return {}
        field = Field.TARGET_ROAS if leaf.endswith("roas") else Field.TARGET_CPA
        return {f"{root}.{leaf}": told(field, self.platform.standing(kind, id_, field))}

    def _group_bids(self, group: Group, campaign: Campaign) -> Row:
        row: dict[str, Any] = {}
        for field, leaf in (
            (Field.CPC_BID, "cpc_bid_micros"),
            (Field.TARGET_CPA, "target_cpa_micros"),
            (Field.TARGET_ROAS, "target_roas"),
        ):
            own = self.platform.standing(group.kind, group.id, field)
            idle = self.idle.standing(Kind.AD_GROUP, group.id, field)
            row[f"ad_group.{leaf}"] = told(field, own if own is not None else idle)
            above = self._above(campaign, field)
            effective = own if own is not None else above
            row[f"ad_group.effective_{leaf}"] = told(field, effective)
            if field is not Field.CPC_BID and effective is not None:
                word = leaf.removesuffix("_micros")
                source = "AD_GROUP" if own is not None else "CAMPAIGN_BIDDING_STRATEGY"
                row[f"ad_group.effective_{word}_source"] = source
        return row

    def _above(self, campaign: Campaign, field: Field) -> int | None:
        if campaign.strategy_id:
            return self.platform.standing(Kind.BIDDING_STRATEGY, campaign.strategy_id, field)
        return self.platform.standing(Kind.CAMPAIGN, campaign.id, field)

    def _keyword_bids(self, keyword: Keyword, group: Row) -> Row:
        own = self.platform.standing(Kind.KEYWORD, keyword.id, Field.CPC_BID)
        inherited = group.get("ad_group.effective_cpc_bid_micros")
        idle = self.idle.standing(Kind.KEYWORD, keyword.id, Field.CPC_BID)
        effective = own if own is not None else inherited
        return {
            "ad_group_criterion.cpc_bid_micros": own if own is not None else idle,
            "ad_group_criterion.effective_cpc_bid_micros": effective,
            "ad_group_criterion.effective_cpc_bid_source": (
                None if effective is None else "AD_GROUP" if own is None else "AD_GROUP_CRITERION"
            ),
        }

    def _learning(self) -> Mapping[str, str]:
        """Why each campaign that is learning does so, in Google's words."""
        learners = self.platform.learners()
        if not learners:
            return {}
        words = dict.fromkeys(learners, "LEARNING_SETTING_CHANGE")
        for edit in self.platform.edits(self.platform.now() - _LEARNING_LASTS):
            budget = self.platform.budget(edit.id) if edit.kind is Kind.CAMPAIGN_BUDGET else None
            if budget is not None:
                words |= dict.fromkeys(learners.intersection(budget.campaign_ids), "LEARNING_BUDGET_CHANGE")
        return words


def told(field: Field, number: int | None) -> int | float | None:
    """A number of the platform as the API tells it: a target ROAS is a fraction there."""
    if number is None or field not in (Field.TARGET_ROAS, Field.MODIFIER):
        return number
    return number / MICROS
