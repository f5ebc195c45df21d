"""Entities: a simulated account as a table, and where each lever of it lies in the platform."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Account, EntityTable, Flags, LeverColumn, Numbers, entity_table
from agent.domain.lever import Lever
from agent.domain.ref import Kind
from simulations.groups import Slot
from simulations.journal import Field
from simulations.schedule import Levers
from simulations.structure import Campaign, Structure

LEVER_OF = {
    Field.AMOUNT: Lever.DAILY_BUDGET,
    Field.LIFETIME_AMOUNT: Lever.LIFETIME_BUDGET,
    Field.STATUS: Lever.STATUS,
    Field.CPC_BID: Lever.CPC_BID,
    Field.BID_CAP: Lever.BID_CAP,
    Field.TARGET_CPA: Lever.TARGET_CPA,
    Field.TARGET_ROAS: Lever.TARGET_ROAS,
    Field.EXCLUSION: Lever.DATA_EXCLUSION,
    Field.MODIFIER: Lever.CONVERSION_RATE_MODIFIER,
}
_BUDGETS = (Field.AMOUNT, Field.LIFETIME_AMOUNT)
FIELD_OF = {lever: field for field, lever in LEVER_OF.items()}


class _Row(NamedTuple):
    kind: Kind
    id: str
    name: str
    campaigns: tuple[Campaign, ...]
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What gebot is told of: the table without levers, and the place of each lever.

    Attributes:
        places: By lever, shape (n_entities,): where it lies in amounts, statuses and numbers of
            `Levers`, one behind the other; -1 where there is none.
        learns_with: Campaigns of each row: it is learning when any of them is.
    """

    table: EntityTable
    places: dict[Lever, NDArray[np.intp]]
    learns_with: tuple[frozenset[str], ...]

    def at(self, levers: Levers, learners: frozenset[str]) -> EntityTable:
        """The table as levers stand."""
        numbers: Numbers = np.concatenate([levers.amounts, levers.enabled.astype(np.int64), levers.numbers])
        learning: Flags = np.zeros(len(self.table), dtype=bool)
        if learners:
            learning = np.array([not learners.isdisjoint(own) for own in self.learns_with])
        return replace(
            self.table,
            learning=learning,
            levers={
                lever: LeverColumn(np.where(places >= 0, numbers[places], 0), places >= 0)
                for lever, places in self.places.items()
            },
        )


def told_of(structure: Structure, account: Account, levels: frozenset[str]) -> Told:
    """Campaigns, shared budgets and portfolio strategies; of what is below campaigns, these levels.

    Groups that have budgets of their own are told in any case.
    """
    rows = list(_rows(structure, levels))
    rows.sort(key=lambda row: (row.kind.value, row.id))
    several = (Kind.CAMPAIGN_BUDGET, Kind.BIDDING_STRATEGY)
    own = [None if row.kind in several else row.campaigns[0] for row in rows]
    table = entity_table(
        account,
        [row.id for row in rows],
        names=[row.name for row in rows],
        kinds=[row.kind for row in rows],
        parents=[row.parent for row in rows],
        channels=["" if one is None else one.channel for one in own],
        bidding=["" if row.kind is Kind.CAMPAIGN_BUDGET else row.campaigns[0].bidding for row in rows],
        labels=[row.campaigns[0].labels if row.kind is Kind.CAMPAIGN else frozenset() for row in rows],
        started=np.array([row.campaigns[0].started for row in rows], dtype="datetime64[D]"),
        locked=["" if one is None else one.locked for one in own],
    )
    placer = _Placer(structure)
    found = {
        lever: np.array([placer.place(row, field) for row in rows], dtype=np.intp)
        for field, lever in LEVER_OF.items()
        if not lever.is_of_hours
    }
    always = (Lever.DAILY_BUDGET, Lever.STATUS)
    places = {lever: column for lever, column in found.items() if lever in always or (column >= 0).any()}
    learns = tuple(
        frozenset(one.id for one in row.campaigns) if row.kind is not Kind.CAMPAIGN_BUDGET else frozenset()
        for row in rows
    )
    return Told(table, places, learns)


def _rows(structure: Structure, levels: frozenset[str]) -> Iterator[_Row]:
    campaigns = {campaign.id: campaign for campaign in structure.campaigns}
    for campaign in structure.campaigns:
        yield _Row(Kind.CAMPAIGN, campaign.id, campaign.name, (campaign,))
    for budget in structure.budgets:
        if budget.shared:
            members = tuple(campaigns[id_] for id_ in budget.campaign_ids)
            yield _Row(Kind.CAMPAIGN_BUDGET, budget.id, budget.name, members)
    for strategy in structure.strategies:
        members = tuple(campaigns[id_] for id_ in strategy.campaign_ids)
        yield _Row(Kind.BIDDING_STRATEGY, strategy.id, strategy.name, members)
    groups = {group.id: campaigns[group.campaign_id] for group in structure.groups}
    for group in structure.groups:
        campaign = groups[group.id]
        if group.kind in levels or campaign.group_budgets:
            yield _Row(group.kind, group.id, group.name, (campaign,), campaign.id)
    if Kind.KEYWORD in levels:
        for keyword in structure.keywords:
            campaign = groups[keyword.group_id]
            yield _Row(Kind.KEYWORD, keyword.id, keyword.text, (campaign,), campaign.id)


class _Placer:
    """Finds levers in amounts, statuses and numbers, one behind the other."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._budgets = {budget.id: row for row, budget in enumerate(structure.budgets)}
        self._campaigns = {campaign.id: row for row, campaign in enumerate(structure.campaigns)}
        self._overruled = overruled(structure)

    def place(self, row: _Row, field: Field) -> int:
        if field in (Field.AMOUNT, Field.LIFETIME_AMOUNT) and row.kind in (
            Kind.CAMPAIGN,
            Kind.CAMPAIGN_BUDGET,
        ):
            return self._of_budget(row, field)
        if row.kind is Kind.CAMPAIGN and field is Field.STATUS:
            return len(self._budgets) + self._campaigns[row.id]
        if field is Field.CPC_BID and row.id in self._overruled:
            return -1
        place = self._structure.slots.get(Slot(row.kind, row.id, field))
        return -1 if place is None else len(self._budgets) + len(self._campaigns) + place

    def _of_budget(self, row: _Row, field: Field) -> int:
        id_ = row.id if row.kind is Kind.CAMPAIGN_BUDGET else row.campaigns[0].budget_id
        if id_ not in self._budgets:
            return -1
        budget = self._structure.budgets[self._budgets[id_]]
        daily = budget.ends is None
        is_its_owner = budget.shared == (row.kind is Kind.CAMPAIGN_BUDGET)
        return self._budgets[id_] if is_its_owner and daily == (field is Field.AMOUNT) else -1


def overruled(structure: Structure) -> frozenset[str]:
    """Ids of the ad groups all of whose keywords have bids of their own."""
    with_bids: set[str] = set()
    without: set[str] = set()
    for keyword in structure.keywords:
        own = Slot(Kind.KEYWORD, keyword.id, Field.CPC_BID) in structure.slots
        (with_bids if own else without).add(keyword.group_id)
    return frozenset(with_bids - without)
