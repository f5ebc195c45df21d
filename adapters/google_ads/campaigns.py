"""Campaigns: what rows of the campaign query say, as entities with levers. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.ref import Kind

_ENABLED, _PAUSED = 2, 3  # campaign.status
_BASE = 2  # campaign.experiment_type
_DAILY = 2  # campaign_budget.period
_STANDARD = 2  # campaign_budget.type
_LEARNING = frozenset({3, 4, 5, 6, 7, 8, 23})  # LEARNING_... of bidding_strategy_system_status
# Google steers these by itself, or sets no such budget as gebot would set.
_HANDS_OFF = {"smart": "smart campaign", "local_services": "local services campaign"}
# Which field holds the target, by the bidding strategy that is present on the campaign.
TARGET_FIELDS = {
    "maximize_conversions": ("target_cpa_micros", Lever.TARGET_CPA),
    "target_cpa": ("target_cpa_micros", Lever.TARGET_CPA),
    "maximize_conversion_value": ("target_roas", Lever.TARGET_ROAS),
    "target_roas": ("target_roas", Lever.TARGET_ROAS),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A target of a campaign's own bidding strategy.

    Attributes:
        path: Where it stands in the campaign ("target_roas.target_roas").
        number: Micros or millionths.
    """

    lever: Lever
    path: str
    number: int


@dataclass(frozen=True, slots=True)
class Budget:
    """A campaign budget.

    Attributes:
        shared: Explicitly, or used by more than one campaign.
        locked: Why gebot may not change it; "" when it may.
    """

    id: str
    name: str
    amount_micros: int
    shared: bool
    locked: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign with its budget.

    Attributes:
        labels: Resource names.
        started: "2026-01-31 00:00:00", "" when unknown.
        enabled: None when it is neither enabled nor paused.
        locked: Why gebot may not change it; "" when it may.
        target: None when its bidding strategy has none of its own.
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
    budget: Budget

    def levers(self) -> dict[Lever, int]:
        """Its levers and how they stand; a shared budget is not among them."""
        levers: dict[Lever, int] = {}
        if not self.budget.shared and self.budget.amount_micros > 0:
            levers[Lever.DAILY_BUDGET] = self.budget.amount_micros
        if self.enabled is not None:
            levers[Lever.STATUS] = int(self.enabled)
        if self.target is not None:
            levers[self.target.lever] = self.target.number
        return levers


def campaign_of(row: Any) -> Campaign:
    """Read one row of the campaign query (protobuf form)."""
    campaign = row.campaign
    channel = _enum(campaign, "advertising_channel_type")
    budget = _budget_of(row.campaign_budget)
    return Campaign(
        id=str(campaign.id),
        name=campaign.name,
        channel=channel,
        bidding=_enum(campaign, "bidding_strategy_type"),
        labels=tuple(campaign.labels),
        started=campaign.start_date_time,
        enabled={_ENABLED: True, _PAUSED: False}.get(campaign.status),
        learning=campaign.bidding_strategy_system_status in _LEARNING,
        locked=_locked(campaign, channel) or ("" if budget.shared else budget.locked),
        target=_target_of(campaign),
        budget=budget,
    )


def is_shared(budget: Any) -> bool:
    """True for a budget (protobuf form) that is not one campaign's own."""
    return bool(budget.explicitly_shared or budget.reference_count > 1)


def entities_of(account: Account, campaigns: Sequence[Campaign], labels: Mapping[str, str]) -> EntityTable:
    """The account's table: each campaign, and each shared budget as an entity of its own.

    Args:
        labels: Names by resource name.
    """
    shared: dict[str, list[Campaign]] = {}
    for campaign in campaigns:
        if campaign.budget.shared:
            shared.setdefault(campaign.budget.id, []).append(campaign)
    members = [[campaign] for campaign in campaigns] + list(shared.values())
    n_shared = len(shared)
    levers = [campaign.levers() for campaign in campaigns]
    levers += [{Lever.DAILY_BUDGET: group[0].budget.amount_micros} for group in shared.values()]
    used = sorted({lever for row in levers for lever in row})
    return entity_table(
        account,
        [campaign.id for campaign in campaigns] + list(shared),
        names=[campaign.name for campaign in campaigns]
        + [group[0].budget.name or f"Shared budget {key}" for key, group in shared.items()],
        kinds=[Kind.CAMPAIGN] * len(campaigns) + [Kind.CAMPAIGN_BUDGET] * n_shared,
        channels=[_one(campaign.channel for campaign in group) for group in members],
        bidding=[campaign.bidding for campaign in campaigns] + [""] * n_shared,
        # A label protects, so a shared budget carries the labels of all its campaigns.
        labels=[_label_names(group, labels) for group in members],
        started=np.array([_started(group) for group in members], dtype="datetime64[D]"),
        learning=[any(campaign.learning for campaign in group) for group in members],
        locked=[campaign.locked for campaign in campaigns]
        + [group[0].budget.locked or _first(group) for group in shared.values()],
        levers={lever: [row.get(lever) for row in levers] for lever in used},
    )


def _budget_of(budget: Any) -> Budget:
    locked = ""
    if budget.period != _DAILY:
        locked = "lifetime budget"
    elif budget.type_ not in (0, _STANDARD):
        locked = f"budget of type {_enum(budget, 'type_')}"
    return Budget(str(budget.id), budget.name, budget.amount_micros, is_shared(budget), locked)


def _locked(campaign: Any, channel: str) -> str:
    if campaign.experiment_type != _BASE:
        return "experiment"
    return _HANDS_OFF.get(channel, "")


def _target_of(campaign: Any) -> Target | None:
    strategy = campaign.WhichOneof("campaign_bidding_strategy")
    if strategy not in TARGET_FIELDS:
        return None
    field, lever = TARGET_FIELDS[strategy]
    value = getattr(getattr(campaign, strategy), field)
    number = round(value * MICROS) if lever is Lever.TARGET_ROAS else value
    return Target(lever, f"{strategy}.{field}", number) if number > 0 else None


def _enum(message: Any, field: str) -> str:
    """Name of an enum value, lower case; "" when it was not set."""
    number = getattr(message, field)
    value = message.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number.get(number)
    return value.name.lower() if value is not None and number > 1 else ""


def _label_names(group: Iterable[Campaign], names: Mapping[str, str]) -> frozenset[str]:
    return frozenset(names.get(label, label) for campaign in group for label in campaign.labels)


def _started(group: Iterable[Campaign]) -> str:
    known = [campaign.started[:10] for campaign in group if campaign.started]
    return min(known, default="NaT")


def _first(group: Iterable[Campaign]) -> str:
    """Why one of these campaigns is locked; "" when none is."""
    return next((campaign.locked for campaign in group if campaign.locked), "")


def _one(words: Iterable[str]) -> str:
    """The word that all share; "" when they differ."""
    distinct = set(words)
    return distinct.pop() if len(distinct) == 1 else ""
