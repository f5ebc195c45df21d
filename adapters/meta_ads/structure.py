"""Structure: what JSON says of campaigns and ad sets, as budgets, bids and reasons to keep off. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.meta_ads.units import ROAS_UNIT, minor_units
from agent.domain.lever import Lever
from agent.domain.ref import Kind

_EPOCH = datetime(1970, 1, 2, tzinfo=UTC)
_GONE = frozenset({"DELETED", "ARCHIVED"})
_STATUSES = {"ACTIVE": True, "PAUSED": False}
_BID_LEVERS = {"LOWEST_COST_WITH_BID_CAP": Lever.BID_CAP, "COST_CAP": Lever.TARGET_CPA}
# Under a cost cap the amount is for one result. Only of these goals the result is a conversion;
# of the others it is a click, a view or a thousand impressions.
_CONVERSION_GOALS = frozenset(
    {
        "OFFSITE_CONVERSIONS", "VALUE", "LEAD_GENERATION", "QUALITY_LEAD", "QUALITY_CALL", "SUBSCRIBERS",
        "APP_INSTALLS", "APP_INSTALLS_AND_OFFSITE_CONVERSIONS", "IN_APP_VALUE",
        "MESSAGING_PURCHASE_CONVERSION", "MESSAGING_APPOINTMENT_CONVERSION",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """A lever and where it stands: micros, millionths or 0/1."""

    lever: Lever
    number: int


@dataclass(frozen=True, slots=True)
class Node:
    """A campaign or an ad set.

    Attributes:
        parent: Campaign id; "" for campaigns.
        channel: Objective of the campaign, lower case.
        bidding: Lower case; "" where the ad sets say it.
        started: "2026-01-31" in the account's time zone, "NaT" when unknown.
        locked: Why gebot may not change it; "" when it may.
        budget: None when it is at the other level.
        bid: None when the bid strategy has none.
        enabled: None when it is neither enabled nor paused.
    """

    kind: Kind
    id: str
    name: str
    parent: str
    channel: str
    bidding: str
    labels: frozenset[str]
    started: str
    learning: bool
    locked: str
    budget: Setting | None
    bid: Setting | None
    enabled: bool | None

    def levers(self) -> dict[Lever, int]:
        """Its levers and how they stand."""
        levers = {setting.lever: setting.number for setting in (self.budget, self.bid) if setting is not None}
        if self.enabled is not None:
            levers[Lever.STATUS] = int(self.enabled)
        return levers


@dataclass(frozen=True, slots=True)
class Structure:
    """Campaigns and ad sets by id; every ad set's campaign is there."""

    campaigns: Mapping[str, Node]
    ad_sets: Mapping[str, Node]

    def node(self, kind: str, id_: str) -> Node | None:
        """The object of this kind and id; None when there is none."""
        return {Kind.CAMPAIGN: self.campaigns, Kind.AD_SET: self.ad_sets}.get(Kind(kind), {}).get(id_)


def structure_of(
    campaigns: Iterable[Mapping[str, Any]],
    ad_sets: Iterable[Mapping[str, Any]],
    *,
    unit: int,
    zone: ZoneInfo,
    now: datetime,
) -> Structure:
    """Read both edges; deleted and archived objects are left out, and so are ad sets without campaign.

    Raises:
        KeyError, TypeError, ValueError: Meta's answer has another form than it should have.
    """
    above = {str(row["id"]): row for row in campaigns if not _is_gone(row)}
    below: dict[str, list[Mapping[str, Any]]] = {id_: [] for id_ in above}
    for row in ad_sets:
        if not _is_gone(row) and str(row["campaign_id"]) in below:
            below[str(row["campaign_id"])].append(row)
    nodes = {id_: _campaign_of(row, below[id_], unit, zone, now) for id_, row in above.items()}
    return Structure(
        campaigns=nodes,
        ad_sets={
            str(row["id"]): _ad_set_of(row, above[id_], nodes[id_], unit=unit, zone=zone, now=now)
            for id_, rows in below.items()
            for row in rows
        },
    )


def _campaign_of(
    row: Mapping[str, Any],
    ad_sets: Sequence[Mapping[str, Any]],
    unit: int,
    zone: ZoneInfo,
    now: datetime,
) -> Node:
    own = str(row.get("bid_strategy") or "")
    strategies = {own} if own else {str(each.get("bid_strategy") or "") for each in ad_sets}
    return Node(
        kind=Kind.CAMPAIGN,
        id=str(row["id"]),
        name=str(row.get("name") or row["id"]),
        parent="",
        channel=str(row.get("objective") or "").lower(),
        bidding=strategies.pop().lower() if len(strategies) == 1 else "",
        labels=_labels(row),
        started=_started(row, zone),
        learning=any(_is_learning(each) for each in ad_sets),
        locked=_campaign_lock(row, now),
        budget=_budget(row, unit),
        bid=None,
        enabled=_STATUSES.get(str(row.get("status"))),
    )


def _ad_set_of(
    row: Mapping[str, Any],
    above: Mapping[str, Any],
    campaign: Node,
    *,
    unit: int,
    zone: ZoneInfo,
    now: datetime,
) -> Node:
    bidding = str(above.get("bid_strategy") or row.get("bid_strategy") or "")
    locked = campaign.locked or _time_lock(row, "end_time", now)
    if not locked and campaign.budget is None and above.get("is_adset_budget_sharing_enabled"):
        # A fifth of a budget may flow to another ad set, so a day may cost 2.1 times a budget.
        locked = "its campaign's ad sets share their budgets"
    return Node(
        kind=Kind.AD_SET,
        id=str(row["id"]),
        name=str(row.get("name") or row["id"]),
        parent=campaign.id,
        channel=campaign.channel,
        bidding=bidding.lower(),
        labels=_labels(row) | campaign.labels,  # a label protects what is below it too
        started=_started(row, zone),
        learning=_is_learning(row),
        locked=locked,
        budget=_budget(row, unit) if campaign.budget is None else None,
        bid=_bid(row, bidding, unit),
        enabled=_STATUSES.get(str(row.get("status"))),
    )


def _is_gone(row: Mapping[str, Any]) -> bool:
    return row.get("effective_status") in _GONE or row.get("status") in _GONE


def _budget(row: Mapping[str, Any], unit: int) -> Setting | None:
    """The budget that stands at this object; Meta writes an absent one as nothing or "0"."""
    for name, lever in (("daily_budget", Lever.DAILY_BUDGET), ("lifetime_budget", Lever.LIFETIME_BUDGET)):
        amount = minor_units(row.get(name))
        if amount is not None:
            return Setting(lever, amount * unit)
    return None


def _bid(row: Mapping[str, Any], bidding: str, unit: int) -> Setting | None:
    """The bid of an ad set where its bid strategy (or its campaign's) reads one."""
    if bidding == "LOWEST_COST_WITH_MIN_ROAS":
        floor = minor_units((row.get("bid_constraints") or {}).get("roas_average_floor"))
        return None if floor is None else Setting(Lever.TARGET_ROAS, floor * ROAS_UNIT)
    lever = _BID_LEVERS.get(bidding)
    amount = minor_units(row.get("bid_amount"))
    if lever is None or amount is None:
        return None
    if lever is Lever.TARGET_CPA and row.get("optimization_goal") not in _CONVERSION_GOALS:
        return None
    return Setting(lever, amount * unit)


def _campaign_lock(row: Mapping[str, Any], now: datetime) -> str:
    objective = str(row.get("objective") or "")
    if objective and not objective.startswith("OUTCOME_"):
        return f"Meta has withdrawn its objective {objective.lower()}"
    if (row.get("buying_type") or "AUCTION") != "AUCTION":
        return f"bought as {str(row['buying_type']).lower()}, not in the auction"
    return _time_lock(row, "stop_time", now)


def _time_lock(row: Mapping[str, Any], end: str, now: datetime) -> str:
    if row.get("is_budget_schedule_enabled"):
        return "it has a budget schedule, which raises its budget by itself"
    over = row.get(end)  # the beginning of 1970, in the account's zone, where there is none
    if over and _EPOCH < datetime.fromisoformat(over) <= now:
        return f"it ended on {over[:10]}"
    return ""


def _is_learning(row: Mapping[str, Any]) -> bool:
    return (row.get("learning_stage_info") or {}).get("status") == "LEARNING"


def _labels(row: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(label["name"]) for label in row.get("adlabels") or () if label.get("name"))


def _started(row: Mapping[str, Any], zone: ZoneInfo) -> str:
    start = row.get("start_time")
    return str(datetime.fromisoformat(start).astimezone(zone).date()) if start else "NaT"
