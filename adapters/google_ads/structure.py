"""Structure: what an account is made of, and which levers each thing in it has. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from adapters.google_ads.campaigns import Campaign
from adapters.google_ads.groups import AdGroup, Keyword
from adapters.google_ads.portfolios import BiddingStrategy
from adapters.google_ads.windows import Marked, hours_of_id
from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.ref import Kind

_NO_LEVERS: Mapping[Lever, int] = {}


@dataclass(frozen=True)
class Structure:
    """Parts of an account as they stood a moment ago, by id.

    Attributes:
        strategies: Portfolio strategies of this account; a manager's are not among them.
        windows: Marked hours, by kind; a kind that was not read is absent.
        labels: Names by resource name.
    """

    customer: str
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    strategies: Mapping[str, BiddingStrategy] = field(default_factory=dict)
    groups: Mapping[str, AdGroup] = field(default_factory=dict)
    keywords: Mapping[str, Keyword] = field(default_factory=dict)
    windows: Mapping[Kind, Mapping[str, Marked]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def on_budget(self) -> Mapping[str, list[Campaign]]:
        """The campaigns on each shared budget."""
        found: dict[str, list[Campaign]] = {}
        for campaign in self.campaigns.values():
            if campaign.budget.shared:
                found.setdefault(campaign.budget.id, []).append(campaign)
        return found

    @cached_property
    def on_strategy(self) -> Mapping[str, list[Campaign]]:
        """The campaigns attached to each portfolio strategy of this account."""
        found: dict[str, list[Campaign]] = {}
        for campaign in self.campaigns.values():
            strategy = own_strategy(campaign.portfolio, self.customer)
            if strategy:
                found.setdefault(strategy, []).append(campaign)
        return found

    def above(self, kind: Kind, id_: str) -> Campaign | None:
        """The campaign that an ad group or a keyword is in; None for other things, and when not known."""
        if kind is Kind.AD_GROUP and id_ in self.groups:
            return self.campaigns.get(self.groups[id_].campaign)
        if kind is Kind.KEYWORD and id_ in self.keywords:
            return self.campaigns.get(self.keywords[id_].campaign)
        return None

    def levers(self, kind: Kind, id_: str) -> Mapping[Lever, int]:  # noqa: PLR0911  # one for each kind
        """Its levers and how they stand; empty for what is not there."""
        above = self.above(kind, id_)
        match kind:
            case Kind.CAMPAIGN if id_ in self.campaigns:
                return self.campaigns[id_].levers()
            case Kind.CAMPAIGN_BUDGET if id_ in self.on_budget:
                return self.on_budget[id_][0].budget.levers()
            case Kind.BIDDING_STRATEGY if id_ in self.strategies:
                return self.strategies[id_].levers()
            case Kind.AD_GROUP if above is not None:
                return self.groups[id_].levers(above)
            case Kind.KEYWORD if above is not None:
                return self.keywords[id_].levers(above)
            case Kind.DATA_EXCLUSION | Kind.SEASONALITY if kind in self.windows:
                return self._of_hours(kind, id_)
        return _NO_LEVERS

    def locked(self, kind: Kind, id_: str, currency: str) -> str:
        """Why gebot may not change it; "" when it may."""
        above = self.above(kind, id_)
        match kind:
            case Kind.CAMPAIGN:
                return self.campaigns[id_].locked
            case Kind.CAMPAIGN_BUDGET:
                return self.on_budget[id_][0].budget.locked or _first(self.on_budget[id_])
            case Kind.BIDDING_STRATEGY:
                return self.strategies[id_].locked(currency) or _first(self.on_strategy.get(id_, []))
        return "" if above is None else above.locked

    def _of_hours(self, kind: Kind, id_: str) -> Mapping[Lever, int]:
        marked = self.windows[kind].get(id_)
        if marked is None and hours_of_id(id_) is None:
            return _NO_LEVERS
        if kind is Kind.DATA_EXCLUSION:
            return {Lever.DATA_EXCLUSION: int(marked is not None)}
        return {Lever.CONVERSION_RATE_MODIFIER: MICROS if marked is None else marked.modifier_millionths}


def own_strategy(resource_name: str, customer: str) -> str:
    """Id of a portfolio strategy of this account; "" for none, and for one of its manager."""
    head = f"customers/{customer}/biddingStrategies/"
    return resource_name.removeprefix(head) if resource_name.startswith(head) else ""


def _first(group: list[Campaign]) -> str:
    """Why one of these campaigns is locked; "" when none is."""
    return next((campaign.locked for campaign in group if campaign.locked), "")
