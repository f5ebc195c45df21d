"""Checks: whether Google would let an update of a lever through, and in which words it would not."""

import re
from collections.abc import Callable

from agent.domain.money import Money
from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.objections import Fault, Objection
from simulations.platform import Platform
from simulations.sandbox.google_ads.conduct import Strictness
from simulations.sandbox.google_ads.idle import IdleBids
from simulations.sandbox.google_ads.masks import masked, number_at
from simulations.sandbox.google_ads.orders import Item, Order, Setting
from simulations.sandbox.google_ads.refusal import PerDayMinimum, Refusal
from simulations.sandbox.google_ads.resources import (
    AD_GROUPS,
    BUDGETS,
    CAMPAIGNS,
    CRITERIA,
    STRATEGIES,
    Collection,
    scheme,
    target_leaf,
)

_MOST_MICROS = 10**15
_BUDGETS = (Field.AMOUNT, Field.LIFETIME_AMOUNT)
_TARGETS = (Field.TARGET_CPA, Field.TARGET_ROAS)
_LIFETIME_UNSET = "TOTAL_BUDGET_AMOUNT_MUST_BE_UNSET_FOR_BUDGET_PERIOD_DAILY"
_DAILY_UNSET = "BUDGET_AMOUNT_MUST_BE_UNSET_FOR_CUSTOM_BUDGET_PERIOD"
_OF_BUDGETS = {
    Fault.NOT_ABOVE_ZERO: "campaign_budget_error.NEGATIVE_MONEY_AMOUNT",
    Fault.BELOW_MINIMUM: "campaign_budget_error.BUDGET_BELOW_PER_DAY_MINIMUM",
    Fault.ABOVE_MAXIMUM: "campaign_budget_error.MONEY_AMOUNT_TOO_LARGE",
    Fault.NOT_MULTIPLE_OF_UNIT: "campaign_budget_error.NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT",
    Fault.LOCKED: "campaign_error.CANNOT_CHANGE_BUDGET_ON_CAMPAIGN_WITH_TRIALS",
}
_OF_BIDS = {
    Fault.NOT_ABOVE_ZERO: "bidding_error.BID_TOO_SMALL",
    Fault.BELOW_MINIMUM: "bidding_error.BID_TOO_SMALL",
    Fault.ABOVE_MAXIMUM: "bidding_error.BID_TOO_BIG",
    Fault.NOT_MULTIPLE_OF_UNIT: "currency_error.VALUE_NOT_MULTIPLE_OF_BILLABLE_UNIT",
}
_OF_RATIOS = {
    Fault.NOT_ABOVE_ZERO: "range_error.TOO_LOW",
    Fault.BELOW_MINIMUM: "range_error.TOO_LOW",
    Fault.ABOVE_MAXIMUM: "range_error.TOO_HIGH",
}
_OF_ALL = {
    Fault.NOT_FOUND: "mutate_error.RESOURCE_NOT_FOUND",
    Fault.LOCKED: "campaign_error.CANNOT_MODIFY_FOR_TRIAL_CAMPAIGN",
}


class Checks:
    """Turns updates of budgets, campaigns, ad groups, keywords and portfolio strategies into orders."""

    def __init__(
        self,
        platform: Platform,
        idle: IdleBids,
        strictness: Strictness,
        noted: Callable[[str, str, str], None],
    ) -> None:
        """Check against this platform.

        Args:
            noted: Is told of each limit that an operation broke: what, which resource, because.
        """
        self._platform = platform
        self._idle = idle
        self._strictness = strictness
        self._noted = noted
        self._kinds = {group.id: group.kind for group in platform.groups}
        self._strategies = {strategy.id: strategy for strategy in platform.strategies}

    def order(self, item: Item, customer: str) -> Order:
        """What the operation asks for.

        Raises:
            Refusal: Google would not let it through.
        """
        collection, operation = item.collection, item.operation
        if operation.WhichOneof("operation") != "update":
            what = operation.WhichOneof("operation")
            raise Refusal("mutate_error.MUTATE_NOT_ALLOWED", f"The sandbox does not {what} anything here.")
        resource = operation.update
        paths = masked(collection, operation)
        id_ = id_of(collection, resource.resource_name, customer)
        settings = []
        for path in paths:
            if path not in collection.levers:
                raise Refusal("mutate_error.MUTATE_NOT_ALLOWED", f"The sandbox does not store '{path}'.")
            field = collection.levers[path]
            number = number_at(resource, path, field)
            try:
                settings.append(self._setting(collection, id_, path, number))
            except Refusal as refusal:
                refusal.path = refusal.path or ("update", *path.split("."))
                raise
        return Order(resource.resource_name, tuple(settings))

    def _setting(self, collection: Collection, id_: str, path: str, number: int | None) -> Setting:
        field = collection.levers[path]
        kind = self._kinds.get(id_, Kind.AD_GROUP) if collection is AD_GROUPS else collection.kind
        self._check_place(collection, id_, path)
        setting = Setting(path, kind, id_, field, number)
        if number is None:
            return self._cleared(setting)
        self._check_extremes(field, number)
        objection = self._platform.object_to(kind, id_, field, number)
        if objection is None:
            return setting
        if objection.fault in (Fault.DOES_NOTHING, Fault.WRONG_LEVEL):
            return self._without_effect(collection, setting, objection)
        raise self._refusal(objection, field, number)

    def _check_place(self, collection: Collection, id_: str, path: str) -> None:
        """Refuse what is about another period or another bidding strategy than the resource has."""
        field = collection.levers[path]
        if collection is BUDGETS:
            budget = self._platform.budget(id_)
            if budget is not None and (budget.ends is None) != (field is Field.AMOUNT):
                code = _LIFETIME_UNSET if budget.ends is None else _DAILY_UNSET
                raise Refusal(f"campaign_budget_error.{code}", f"'{path}' is not for this budget's period.")
        if field not in _TARGETS or collection not in (CAMPAIGNS, STRATEGIES):
            return
        if collection is STRATEGIES:
            strategy = self._strategies.get(id_)
            if strategy is not None and target_leaf(strategy.type, merged=False) != path:
                raise self._switch(
                    collection, id_, path, "bidding_strategy_error.CANNOT_CHANGE_BIDDING_STRATEGY_TYPE"
                )
            return
        campaign = self._platform.campaign(id_)
        if campaign is None:
            return
        own = scheme(campaign.bidding, merged=self._strictness.merged_targets)
        if campaign.strategy_id or path.partition(".")[0] != own:
            raise self._switch(collection, id_, path, "bidding_error.BIDDING_STRATEGY_TRANSITION_NOT_ALLOWED")

    def _switch(self, collection: Collection, id_: str, path: str, code: str) -> Refusal:
        because = f"'{path}' would be a switch to another bidding strategy."
        self._noted("strategy_switch", f"{collection.path}/{id_}", because)
        return Refusal(code, because)

    def _cleared(self, setting: Setting) -> Setting:
        """A field that the mask names and the message leaves out."""
        standing = self._platform.standing(setting.kind, setting.id, setting.field)
        if standing is not None or setting.field in (*_BUDGETS, Field.STATUS):
            raise Refusal("field_error.FIELD_CANNOT_BE_CLEARED", f"'{setting.mask}' cannot be cleared.")
        if self._platform.standing(setting.kind, setting.id, Field.STATUS) is None and setting.kind in (
            Kind.AD_GROUP,
            Kind.KEYWORD,
            Kind.CAMPAIGN,
        ):
            raise Refusal("mutate_error.RESOURCE_NOT_FOUND", f"There is no {setting.kind} {setting.id}.")
        return Setting(setting.mask, setting.kind, setting.id, setting.field, None, idle=True)

    def _check_extremes(self, field: Field, number: int) -> None:
        least = self._strictness.minimum_cpc_micros or self._platform.account.unit_micros
        if field in _BUDGETS and number > _MOST_MICROS:
            raise Refusal("campaign_budget_error.MONEY_AMOUNT_TOO_LARGE", f"{number} is too large.")
        if field in _BUDGETS and 0 < number < least:
            code = "campaign_budget_error.MONEY_AMOUNT_LESS_THAN_CURRENCY_MINIMUM_CPC"
            raise Refusal(code, f"{number} is less than the smallest bid, {least}.")
        if field is Field.CPC_BID and number < least:
            raise Refusal("bidding_error.BID_TOO_SMALL", f"{number} is less than the smallest bid, {least}.")
        if field in (Field.CPC_BID, Field.TARGET_CPA) and number > _MOST_MICROS:
            raise Refusal("bidding_error.BID_TOO_BIG", f"{number} is too large.")

    def _without_effect(self, collection: Collection, setting: Setting, objection: Objection) -> Setting:
        """A bid or a target that the bidding strategy takes no notice of, or that the platform lacks."""
        below = collection in (AD_GROUPS, CRITERIA)
        if not below or objection.fault is Fault.WRONG_LEVEL:
            raise Refusal("mutate_error.MUTATE_NOT_ALLOWED", f"The sandbox cannot: {objection.because}.")
        name = f"{collection.path}/{setting.id}"
        self._noted("bid_without_effect", name, objection.because)
        if self._strictness.refuses_idle_bids:
            code = (
                "ad_group_error.BID_TYPE_AND_BIDDING_STRATEGY_MISMATCH"
                if collection is AD_GROUPS
                else "ad_group_criterion_error.BID_INCOMPATIBLE_WITH_ADGROUP"
            )
            raise Refusal(code, objection.because)
        number = setting.number or 0
        if setting.field is not Field.TARGET_ROAS and number % self._platform.account.unit_micros:
            raise Refusal(
                _OF_BIDS[Fault.NOT_MULTIPLE_OF_UNIT], f"{number} is no multiple of the billable unit."
            )
        return Setting(setting.mask, setting.kind, setting.id, setting.field, number, idle=True)

    def _refusal(self, objection: Objection, field: Field, number: int) -> Refusal:
        minimum = None
        if field in _BUDGETS:
            codes = _OF_ALL | _OF_BUDGETS
            if objection.fault is Fault.BELOW_MINIMUM:
                least = Money(self._platform.minimum_micros, self._platform.account.currency)
                minimum = PerDayMinimum(least, number)
        else:
            codes = _OF_ALL | (_OF_RATIOS if field is Field.TARGET_ROAS else _OF_BIDS)
        return Refusal(codes[objection.fault], objection.because, minimum=minimum)


def id_of(collection: Collection, resource_name: str, customer: str) -> str:
    """The id in a resource name.

    Raises:
        Refusal: It is malformed, or of another customer.
    """
    match = re.fullmatch(rf"customers/(\d+)/{collection.path}/({collection.id_form})", resource_name)
    if match is None:
        raise Refusal(
            "request_error.RESOURCE_NAME_MALFORMED", f"Resource name '{resource_name}' is malformed."
        )
    if match[1] != customer:
        raise Refusal("mutate_error.RESOURCE_NOT_FOUND", f"'{resource_name}' was not found.")
    return match[2]
