"""Groups: ad groups and keywords, and which levers they have in their campaign. Pure."""

from dataclasses import dataclass
from typing import Any

from adapters.google_ads.campaigns import Campaign, enabled
from adapters.google_ads.targets import Target, number_at
from agent.domain.lever import Lever

# How advertisers write match types: shoes, "shoes", [shoes].
_WRITTEN = {2: "[{}]", 3: '"{}"'}


@dataclass(frozen=True, slots=True)
class AdGroup:
    """An ad group.

    Attributes:
        labels: Resource names.
        enabled: None when it is neither enabled nor paused.
        cpc_bid_micros, target_cpa_micros, target_roas_millionths: 0 when it has none of its own.
    """

    id: str
    campaign: str
    name: str
    labels: tuple[str, ...]
    enabled: bool | None
    cpc_bid_micros: int
    target_cpa_micros: int
    target_roas_millionths: int

    def levers(self, campaign: Campaign) -> dict[Lever, int]:
        """Those that do something in this campaign, and how they stand.

        Bids count under manual CPC alone. A target of an ad group overrides one that its
        campaign has set itself; under a portfolio strategy, and without such a target, it
        is ignored or refused.
        """
        levers = {} if self.enabled is None else {Lever.STATUS: int(self.enabled)}
        if campaign.bids_by_hand and self.cpc_bid_micros > 0:
            levers[Lever.CPC_BID] = self.cpc_bid_micros
        override = self.target(campaign)
        if override is not None:
            levers[override.lever] = override.number
        return levers

    def target(self, campaign: Campaign) -> Target | None:
        """Its override of the campaign's target; None where it has none that counts."""
        match campaign.target:
            case Target(lever=Lever.TARGET_CPA) if self.target_cpa_micros > 0:
                return Target(Lever.TARGET_CPA, "target_cpa_micros", self.target_cpa_micros)
            case Target(lever=Lever.TARGET_ROAS) if self.target_roas_millionths > 0:
                return Target(Lever.TARGET_ROAS, "target_roas", self.target_roas_millionths)
        return None


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword of an ad group.

    Attributes:
        id: "ad group~criterion", as in Google's resource names.
        labels: Resource names, those of its ad group among them.
        enabled: None when it is neither enabled nor paused.
        cpc_bid_micros: 0 when it has none of its own, so that its ad group's counts.
    """

    id: str
    campaign: str
    name: str
    labels: tuple[str, ...]
    enabled: bool | None
    cpc_bid_micros: int

    def levers(self, campaign: Campaign) -> dict[Lever, int]:
        """Those that do something in this campaign, and how they stand."""
        levers = {} if self.enabled is None else {Lever.STATUS: int(self.enabled)}
        if campaign.bids_by_hand and self.cpc_bid_micros > 0:
            levers[Lever.CPC_BID] = self.cpc_bid_micros
        return levers


def ad_group_of(row: Any) -> AdGroup:
    """Read one row of the ad group query (protobuf form)."""
    group = row.ad_group
    return AdGroup(
        id=str(group.id),
        campaign=str(row.campaign.id),
        name=group.name,
        labels=tuple(group.labels),
        enabled=enabled(group.status),
        cpc_bid_micros=group.cpc_bid_micros,
        target_cpa_micros=group.target_cpa_micros,
        target_roas_millionths=number_at(group, "target_roas", Lever.TARGET_ROAS),
    )


def keyword_of(row: Any) -> Keyword:
    """Read one row of the keyword query (protobuf form)."""
    criterion = row.ad_group_criterion
    return Keyword(
        id=f"{row.ad_group.id}~{criterion.criterion_id}",
        campaign=str(row.campaign.id),
        name=_WRITTEN.get(criterion.keyword.match_type, "{}").format(criterion.keyword.text),
        labels=(*criterion.labels, *row.ad_group.labels),
        enabled=enabled(criterion.status),
        cpc_bid_micros=criterion.cpc_bid_micros,
    )
