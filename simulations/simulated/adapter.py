"""Adapter: one simulated account behind gebot's port."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np

from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import Account, EntityTable, LeverColumn, Numbers, entity_table
from agent.domain.hours import HourlyMetrics, no_hours
from agent.domain.lever import Lever, Status, Value, value_of
from agent.domain.metrics import MetricsTable
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Edit, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind, Ref
from agent.domain.shared_budgets import with_shared_budgets
from simulations.journal import Field, PlatformEdit
from simulations.platform import Platform
from simulations.schedule import Levers


class SimulatedAdapter:
    """Implements `agent.ports.Adapter` over a simulated platform.

    A campaign has a status and, unless it is on a shared budget, a daily budget; a shared
    budget is an entity of its own.
    """

    def __init__(self, platform: Platform, user: str = "gebot") -> None:
        """Sign in.

        Args:
            user: Who the platform says made the edits of this adapter.
        """
        self._platform = platform
        self._user = user
        shared = [budget for budget in platform.budgets if budget.shared]
        self._shared_of = {id_: budget.id for budget in shared for id_ in budget.campaign_ids}
        self._budgets = {(Kind.CAMPAIGN_BUDGET, budget.id): budget.id for budget in shared}
        self._budgets |= {
            (Kind.CAMPAIGN, budget.campaign_ids[0]): budget.id
            for budget in platform.budgets
            if not budget.shared
        }
        self._owners = {budget_id: owner for owner, budget_id in self._budgets.items()}
        self._table = self._opening_table()
        rows = {budget.id: row for row, budget in enumerate(platform.budgets)}
        keys = zip(self._table.kinds.tolist(), self._table.ids.tolist(), strict=True)
        self._budget_rows = np.array(
            [rows.get(self._budgets.get((Kind(kind), id_), ""), -1) for kind, id_ in keys], dtype=np.intp
        )
        self._levers: Levers | None = None

    def account(self) -> Account:
        return self._platform.account

    def entities(self) -> EntityTable:
        levers = self._platform.levers()
        if levers is not self._levers:
            self._levers, self._table = levers, self._with_levers(levers)
        return self._table

    def metrics(self, since: date, until: date) -> MetricsTable:
        return with_shared_budgets(self._platform.metrics(since, until), self._shared_of)

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return no_hours()

    def advice(self) -> Advice:
        return NO_ADVICE

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        table = self.entities()
        numbers = {(ref, lever): table.number(ref, lever) for ref, lever in levers}
        return {
            (ref, lever): value_of(lever, number, table.account.currency)
            for (ref, lever), number in numbers.items()
            if number is not None
        }

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return [self._send(change, validate_only=True) for change in changes]

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return [self._send(change, validate_only=False) for change in changes]

    def history(self, since: datetime) -> Sequence[Edit]:
        return [self._told(edit) for edit in self._platform.edits(since)]

    def _send(self, change: Change, *, validate_only: bool) -> Receipt:
        platform, ref = self._platform, change.ref
        if ref.account_id != platform.account.id:
            return Refused(f"account was {ref.account_id}, {platform.account.id} is right")
        match change.lever, change.after:
            case Lever.DAILY_BUDGET, Money(micros=micros, currency=currency):
                if currency != platform.account.currency:
                    return Refused(f"currency was {currency}, {platform.account.currency} is right")
                budget_id = self._budgets.get((ref.kind, ref.id))
                if budget_id is None:
                    return Refused(f"there is no daily budget of {ref}")
                objection = (
                    platform.object_to_budget(budget_id, micros)
                    if validate_only
                    else platform.set_budget(budget_id, micros, by=self._user)
                )
            case Lever.STATUS, Status() as status:
                if ref.kind is not Kind.CAMPAIGN:
                    return Refused(f"there is no status of {ref}")
                objection = (
                    platform.object_to_status(ref.id)
                    if validate_only
                    else platform.set_status(ref.id, status, by=self._user)
                )
            case _:
                return Refused(f"{change.lever} of {ref} cannot be set to {change.after}")
        return Accepted() if objection is None else Refused(objection.because)

    def _told(self, edit: PlatformEdit) -> Edit:
        account = self._platform.account
        lever = Lever.DAILY_BUDGET if edit.field is Field.AMOUNT else Lever.STATUS
        kind, id_ = self._owners[edit.id] if edit.field is Field.AMOUNT else (edit.kind, edit.id)
        return Edit(
            at=edit.at,
            ref=Ref(account.id.platform, account.id.account, kind, id_),
            lever=lever,
            before=value_of(lever, edit.before, account.currency),
            after=value_of(lever, edit.after, account.currency),
            by=edit.by,
            ours=edit.by == self._user,
        )

    def _opening_table(self) -> EntityTable:
        campaigns = self._platform.campaigns
        shared = [budget for budget in self._platform.budgets if budget.shared]
        return entity_table(
            self._platform.account,
            [campaign.id for campaign in campaigns] + [budget.id for budget in shared],
            names=[campaign.name for campaign in campaigns] + [budget.name for budget in shared],
            kinds=[Kind.CAMPAIGN] * len(campaigns) + [Kind.CAMPAIGN_BUDGET] * len(shared),
            channels=[campaign.channel for campaign in campaigns] + [""] * len(shared),
            bidding=[campaign.bidding for campaign in campaigns] + [""] * len(shared),
            labels=[campaign.labels for campaign in campaigns] + [frozenset()] * len(shared),
            started=np.array(
                [campaign.started for campaign in campaigns]
                + [self._platform.market.first_day] * len(shared),
                dtype="datetime64[D]",
            ),
            locked=[campaign.locked for campaign in campaigns] + [""] * len(shared),
        )

    def _with_levers(self, levers: Levers) -> EntityTable:
        # Campaigns come first in the table, in the platform's order: their kind and ids sort so.
        is_campaign = self._table.kinds == Kind.CAMPAIGN
        has_budget = self._budget_rows >= 0
        status: Numbers = np.zeros(len(self._table), dtype=np.int64)
        status[is_campaign] = levers.enabled
        budget = np.where(has_budget, levers.amounts[self._budget_rows], 0)
        return replace(
            self._table,
            levers={
                Lever.DAILY_BUDGET: LeverColumn(budget, has_budget),
                Lever.STATUS: LeverColumn(status, is_campaign),
            },
        )
