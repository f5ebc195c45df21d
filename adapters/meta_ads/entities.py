"""Entities: the account's table of campaigns and ad sets. Pure."""

from collections.abc import Collection

import numpy as np

from adapters.meta_ads.structure import Node, Structure
from agent.domain.entity import Account, EntityTable, entity_table


def entities_of(account: Account, structure: Structure, *, all_ad_sets: bool) -> EntityTable:
    """Every campaign, and the ad sets that `told` names."""
    nodes = [*structure.campaigns.values(), *told(structure, all_ad_sets=all_ad_sets)]
    levers = [node.levers() for node in nodes]
    used = sorted({lever for row in levers for lever in row})
    return entity_table(
        account,
        [node.id for node in nodes],
        names=[node.name for node in nodes],
        kinds=[node.kind for node in nodes],
        parents=[node.parent for node in nodes],
        channels=[node.channel for node in nodes],
        bidding=[node.bidding for node in nodes],
        labels=[node.labels for node in nodes],
        started=np.array([node.started for node in nodes], dtype="datetime64[D]"),
        learning=[node.learning for node in nodes],
        locked=[node.locked for node in nodes],
        levers={lever: [row.get(lever) for row in levers] for lever in used},
    )


def told(structure: Structure, *, all_ad_sets: bool) -> Collection[Node]:
    """The ad sets that gebot speaks of: those that hold the budget of their campaign, or all."""
    return [
        node
        for node in structure.ad_sets.values()
        if all_ad_sets or structure.campaigns[node.parent].budget is None
    ]
