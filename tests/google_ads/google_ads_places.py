"""Places: one thing of each kind in a deep sandbox, and updates of it by words."""

import itertools
from typing import Any

from google_ads_wire import CUSTOMER, Wire

from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.sandbox.google_ads.serve import Sandbox

DEEP: dict[str, Any] = {
    "seed": 3,  # one campaign is social, six are search
    "campaigns": 12,
    "groups_per_campaign": 2,
    "keywords_per_group": 3,
    "portfolio_strategies": 1,
    "lifetime_budgets": 1,
    "bidding": ("manual_cpc", "target_cpa", "target_roas", "maximize_conversions"),
}
AMOUNTS = itertools.count(7_000_000_000, 10_000)  # nothing stands so, no test sets what another has set


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
