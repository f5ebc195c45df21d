"""Entities: a structure as the table that everybody else works on. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from adapters.google_ads.campaigns import Campaign
from adapters.google_ads.structure import Structure
from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.ref import Kind


@dataclass(frozen=True, slots=True)
class _Entity:
    """One row to be; what is not its own comes from its campaigns."""

    kind: Kind
    id: str
    name: str
    campaigns: Sequence[Campaign]
    labels: tuple[str, ...] = ()
    bidding: str = ""

    @property
    def is_below(self) -> bool:
        return self.kind in (Kind.AD_GROUP, Kind.KEYWORD)


def entities_of(account: Account, structure: Structure) -> EntityTable:
    """The account's table: campaigns, what several of them share, and what is in them.

    What several campaigns share, and what is in a campaign, carries the labels of its campaigns:
    a label protects. A strategy to which no campaign is attached moves nothing and is left out.
    """
    entities = list(_all(structure))
    levers = [structure.levers(entity.kind, entity.id) for entity in entities]
    return entity_table(
        account,
        [entity.id for entity in entities],
        names=[entity.name for entity in entities],
        kinds=[entity.kind.value for entity in entities],
        parents=[entity.campaigns[0].id if entity.is_below else "" for entity in entities],
        channels=[_one(campaign.channel for campaign in entity.campaigns) for entity in entities],
        bidding=[entity.bidding for entity in entities],
        labels=_labels(entities, structure),
        started=np.array([_started(entity.campaigns) for entity in entities], dtype="datetime64[D]"),
        learning=[any(campaign.learning for campaign in entity.campaigns) for entity in entities],
        locked=[structure.locked(entity.kind, entity.id, account.currency) for entity in entities],
        levers={
            lever: [row.get(lever) for row in levers]
            for lever in sorted({each for row in levers for each in row})
        },
    )


def _all(structure: Structure) -> Iterable[_Entity]:
    for campaign in structure.campaigns.values():
        yield _Entity(Kind.CAMPAIGN, campaign.id, campaign.name, [campaign], bidding=campaign.bidding)
    for id_, group in structure.on_budget.items():
        yield _Entity(Kind.CAMPAIGN_BUDGET, id_, group[0].budget.name or f"Shared budget {id_}", group)
    for id_, group in structure.on_strategy.items():
        strategy = structure.strategies.get(id_)
        if strategy is not None:
            many = f"{len(group)} campaign" + ("" if len(group) == 1 else "s")
            name = f"{strategy.name or f'Strategy {id_}'} ({many})"
            yield _Entity(Kind.BIDDING_STRATEGY, id_, name, group, bidding=strategy.bidding)
    for ad_group in structure.groups.values():
        campaign_of = structure.campaigns.get(ad_group.campaign)
        if campaign_of is not None:
            yield _Entity(
                Kind.AD_GROUP, ad_group.id, ad_group.name, [campaign_of], ad_group.labels, campaign_of.bidding
            )
    for keyword in structure.keywords.values():
        campaign_of = structure.campaigns.get(keyword.campaign)
        if campaign_of is not None:
            yield _Entity(
                Kind.KEYWORD, keyword.id, keyword.name, [campaign_of], keyword.labels, campaign_of.bidding
            )


def _labels(entities: Iterable[_Entity], structure: Structure) -> list[frozenset[str]]:
    """Names of the labels of each entity; equal sets are one object, as there may be 100,000."""
    known: dict[tuple[str, ...], frozenset[str]] = {}
    found = []
    for entity in entities:
        labels = entity.labels
        for campaign in entity.campaigns:
            labels += campaign.labels
        if labels not in known:
            known[labels] = frozenset(structure.labels.get(label, label) for label in labels)
        found.append(known[labels])
    return found


def _started(group: Iterable[Campaign]) -> str:
    known = [campaign.started[:10] for campaign in group if campaign.started]
    return min(known, default="NaT")


def _one(words: Iterable[str]) -> str:
    """The word that all share; "" when they differ."""
    distinct = set(words)
    return distinct.pop() if len(distinct) == 1 else ""
