"""Campaigns: what rows of the campaign query say, and which levers a campaign has. Pure."""

from dataclasses import dataclass
from typing import Any

from adapters.google_ads.budgets import Budget, budget_of
from adapters.google_ads.targets import OF_CAMPAIGN, Target, target_of
from adapters.google_ads.words import word
from agent.domain.lever import Lever

_ENABLED, _PAUSED = 2, 3  # status of campaigns, ad groups and keywords
_BASE = 2  # campaign.experiment_type
_LEARNING = frozenset({3, 4, 5, 6, 7, 8, 23})  # LEARNING_... of bidding_strategy_system_status
# Google steers these by itself, or sets no such budget as gebot would set.
_HANDS_OFF = {"smart": "smart campaign", "local_services": "local services campaign"}


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign with its budget.

    Attributes:
        bidding: Type of the strategy that it bids by, its own or a portfolio's.
        labels: Resource names.
        started: "2026-01-31 00:00:00", "" when unknown.
        enabled: None when it is neither enabled nor paused.
        locked: Why gebot may not change it, nor anything in it; "" when it may.
        target: None when its bidding strategy has none of its own.
        portfolio: Resource name of the portfolio strategy that it is attached to; "" for none.
    """

    id: str
    name: str
    channel: str
    bidding: str
    labels: tuple[str, ...]
    started: str
    enabled: bool | None
    learning: bool
    locked: str
    target: Target | None
    portfolio: str
    budget: Budget

    @property
    def bids_by_hand(self) -> bool:
        """True where bids of ad groups and keywords are what is bid."""
        return self.bidding == "manual_cpc" and not self.portfolio

    def levers(self) -> dict[Lever, int]:
        """Its levers and how they stand; a shared budget is not among them."""
        levers: dict[Lever, int] = {} if self.budget.shared else self.budget.levers()
        if self.enabled is not None:
            levers[Lever.STATUS] = int(self.enabled)
        if self.target is not None:
            levers[self.target.lever] = self.target.number
        return levers


def campaign_of(row: Any) -> Campaign:
    """Read one row of the campaign query (protobuf form)."""
    campaign = row.campaign
    channel = word(campaign, "advertising_channel_type")
    budget = budget_of(row.campaign_budget)
    return Campaign(
        id=str(campaign.id),
        name=campaign.name,
        channel=channel,
        bidding=word(campaign, "bidding_strategy_type"),
        labels=tuple(campaign.labels),
        started=campaign.start_date_time,
        enabled=enabled(campaign.status),
        learning=campaign.bidding_strategy_system_status in _LEARNING,
        locked=_locked(campaign, channel) or ("" if budget.shared else budget.locked),
        target=target_of(campaign, OF_CAMPAIGN),
        portfolio=campaign.bidding_strategy,
        budget=budget,
    )


def enabled(status: int) -> bool | None:
    """What a status number of a campaign, an ad group or a keyword says."""
    return {_ENABLED: True, _PAUSED: False}.get(status)


def _locked(campaign: Any, channel: str) -> str:
    if campaign.experiment_type != _BASE:
        return "experiment"
    return _HANDS_OFF.get(channel, "")
