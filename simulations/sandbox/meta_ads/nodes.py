"""Nodes: the simulated account, its campaigns and ad sets as Meta describes them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from agent.domain.ref import Kind
from simulations.groups import Group
from simulations.journal import Field
from simulations.platform import Platform
from simulations.sandbox.meta_ads.fields import Row
from simulations.sandbox.meta_ads.ids import own, shown
from simulations.sandbox.meta_ads.learning import Learning
from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.money import units
from simulations.structure import Campaign

STRATEGIES = {
    "lowest_cost": "LOWEST_COST_WITHOUT_CAP",
    "bid_cap": "LOWEST_COST_WITH_BID_CAP",
    "cost_cap": "COST_CAP",
    "min_roas": "LOWEST_COST_WITH_MIN_ROAS",
}
ROAS_STEP = 100
"""Millionths in one step of a ROAS floor, which Meta writes times 10,000."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def strategy_of(campaign: Campaign) -> str:
    """Meta's word for how the campaign bids; other platforms' ways are its usual one."""
    return STRATEGIES.get(campaign.bidding, STRATEGIES["lowest_cost"])


class Nodes:
    """Everything that has an id, as it stands at the moment of the call."""

    def __init__(self, platform: Platform, limits: Limits) -> None:
        self._platform = platform
        self._limits = limits
        self._zone = ZoneInfo(platform.account.time_zone)
        self._groups = {group.id: group for group in platform.groups if group.kind is Kind.AD_SET}
        labels = sorted({label for campaign in platform.campaigns for label in campaign.labels})
        self._learning = Learning(platform, limits)
        self._labels = {label: shown(str(number)) for number, label in enumerate(labels, 1)}

    @property
    def account_id(self) -> str:
        """Digits."""
        return self._platform.account.id.account

    def campaign(self, meta_id: str) -> Campaign | None:
        return self._platform.campaign(own(meta_id))

    def ad_set(self, meta_id: str) -> Group | None:
        return self._groups.get(own(meta_id))

    def account_row(self) -> Row:
        account, platform = self._platform.account, self._platform
        now = platform.now().astimezone(self._zone)
        offset = now.utcoffset() or timedelta(0)
        return {
            "id": f"act_{self.account_id}",
            "account_id": self.account_id,
            "name": account.name,
            "currency": account.currency,
            "timezone_name": account.time_zone,
            "timezone_id": 1,
            "timezone_offset_hours_utc": offset.total_seconds() / 3600,
            "account_status": 1,
            "disable_reason": 0,
            "spend_cap": "0",
            "amount_spent": self._spent,
            "balance": "0",
            "age": float((platform.today() - platform.market.first_day).days),
            "created_time": self._midnight(platform.market.first_day.isoformat()),
            "min_daily_budget": self._least(),
        }

    def _spent(self) -> str:
        """In all, in units."""
        platform = self._platform
        table = platform.metrics(platform.market.first_day, platform.today())
        return str(units(int(table.cost_micros.sum()), platform.account.currency))

    def campaign_rows(self) -> Iterator[Row]:
        updated = self._updates()
        for campaign in self._platform.campaigns:
            yield self.campaign_row(campaign, updated)

    def ad_set_rows(self, campaign: Campaign | None = None) -> Iterator[Row]:
        """Of one campaign, or all."""
        updated, learners = self._updates(), cache(self._platform.learners)
        for group in self._groups.values():
            if campaign is None or group.campaign_id == campaign.id:
                yield self._ad_set_row(group, updated, learners)

    def ad_set_row(self, group: Group) -> Row:
        return self._ad_set_row(group, self._updates(), self._platform.learners)

    def minimum_row(self) -> Row:
        """What `minimum_budgets` tells."""
        least, limits = self._least(), self._limits
        return {
            "currency": self._platform.account.currency,
            "min_daily_budget_imp": least,
            "min_daily_budget_video_views": least,
            "min_daily_budget_high_freq": least * limits.minimum_times_high,
            "min_daily_budget_low_freq": least * limits.minimum_times_low,
        }

    def campaign_row(self, campaign: Campaign, updated: Mapping[str, datetime] | None = None) -> Row:
        """One campaign; `updated` when it was read already."""
        changed = self._updates() if updated is None else updated
        status = self._status(Kind.CAMPAIGN, campaign.id)
        budget = self._platform.budget(campaign.budget_id)
        row: dict[str, Any] = {
            "id": shown(campaign.id),
            "account_id": self.account_id,
            "name": campaign.name,
            "status": status,
            "configured_status": status,
            "effective_status": status,
            "objective": "OUTCOME_SALES",
            "buying_type": "AUCTION",
            "special_ad_categories": [],
            "pacing_type": ["standard"],
            "adlabels": self._adlabels(campaign),
            "created_time": self._midnight(campaign.started.isoformat()),
            "start_time": self._midnight(campaign.started.isoformat()),
            "updated_time": self._changed(campaign, changed, campaign.budget_id, campaign.id),
            "is_adset_budget_sharing_enabled": False if campaign.group_budgets else None,
        }
        if not campaign.group_budgets:
            row["bid_strategy"] = strategy_of(campaign)
            row |= self._budget(Kind.CAMPAIGN, campaign.id)
            if budget is not None and budget.ends is not None:
                row["stop_time"] = self._midnight((budget.ends + timedelta(days=1)).isoformat())
        return row

    def _ad_set_row(
        self, group: Group, updated: Mapping[str, datetime], learners: Callable[[], frozenset[str]]
    ) -> Row:
        campaign = self._platform.campaign(group.campaign_id)
        assert campaign is not None, "every group has one"
        status = self._status(Kind.AD_SET, group.id)
        above = self._status(Kind.CAMPAIGN, campaign.id)
        strategy = strategy_of(campaign)
        row: dict[str, Any] = {
            "id": shown(group.id),
            "account_id": self.account_id,
            "campaign_id": shown(group.campaign_id),
            "name": group.name,
            "status": status,
            "configured_status": status,
            "effective_status": "CAMPAIGN_PAUSED" if status == "ACTIVE" and above == "PAUSED" else status,
            "bid_strategy": strategy,
            "optimization_goal": "VALUE"
            if strategy == "LOWEST_COST_WITH_MIN_ROAS"
            else "OFFSITE_CONVERSIONS",
            "billing_event": "IMPRESSIONS",
            "pacing_type": ["standard"],
            "attribution_spec": [
                {"event_type": "CLICK_THROUGH", "window_days": 7},
                {"event_type": "VIEW_THROUGH", "window_days": 1},
            ],
            "adlabels": [],
            "created_time": self._midnight(campaign.started.isoformat()),
            "start_time": self._midnight(campaign.started.isoformat()),
            "updated_time": self._changed(campaign, updated, group.id),
            "learning_stage_info": lambda: self._learning.info(
                group, learners(), is_paused=status == "PAUSED", edited=updated.get(group.id)
            ),
            **self._bid(group),
        }
        if campaign.group_budgets:
            row = {**row, "daily_budget": "0", "lifetime_budget": "0", **self._budget(Kind.AD_SET, group.id)}
            if group.ends is not None:
                row["end_time"] = self._midnight((group.ends + timedelta(days=1)).isoformat())
        return row

    def _bid(self, group: Group) -> dict[str, Any]:
        currency = self._platform.account.currency
        for field in (Field.BID_CAP, Field.TARGET_CPA):
            number = self._platform.standing(Kind.AD_SET, group.id, field)
            if number is not None:
                return {"bid_amount": units(number, currency)}
        floor = self._platform.standing(Kind.AD_SET, group.id, Field.TARGET_ROAS)
        return {} if floor is None else {"bid_constraints": {"roas_average_floor": floor // ROAS_STEP}}

    def _budget(self, kind: Kind, id_: str) -> dict[str, str]:
        """The budget as text; campaigns on one that they share have none, as Meta knows no such thing."""
        currency = self._platform.account.currency
        for name, field in (("daily_budget", Field.AMOUNT), ("lifetime_budget", Field.LIFETIME_AMOUNT)):
            number = self._platform.standing(kind, id_, field)
            if number is not None:
                return {name: str(units(number, currency))}
        return {}

    def _status(self, kind: Kind, id_: str) -> str:
        return "ACTIVE" if self._platform.standing(kind, id_, Field.STATUS) else "PAUSED"

    def _adlabels(self, campaign: Campaign) -> list[dict[str, str]]:
        return [{"id": self._labels[name], "name": name} for name in sorted(campaign.labels)]

    def _updates(self) -> dict[str, datetime]:
        """When each thing was last edited, by the platform's ids."""
        return {edit.id: edit.at for edit in self._platform.edits(_EPOCH)}

    def _changed(self, campaign: Campaign, updated: Mapping[str, datetime], *ids: str) -> str:
        moments = [updated[id_] for id_ in ids if id_ in updated]
        return self.stamp(max(moments)) if moments else self._midnight(campaign.started.isoformat())

    def stamp(self, moment: datetime) -> str:
        """A moment as Meta writes it, in the account's zone."""
        return moment.astimezone(self._zone).strftime("%Y-%m-%dT%H:%M:%S%z")

    def _midnight(self, day: str) -> str:
        return self.stamp(datetime.fromisoformat(day).replace(tzinfo=self._zone))

    def _least(self) -> int:
        """The smallest daily budget, in units."""
        return units(self._platform.minimum_micros, self._platform.account.currency)
