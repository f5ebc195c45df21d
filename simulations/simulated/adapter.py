"""SimulatedAdapter: gebot's port over a simulated platform."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Ratio, Status, Value, number_of, value_of
from agent.domain.metrics import MetricsTable
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Edit, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind, Ref
from agent.domain.shared_budgets import with_shared_budgets
from simulations.journal import PlatformEdit
from simulations.market import N_AGES
from simulations.platform import Platform
from simulations.schedule import Levers
from simulations.simulated.entities import FIELD_OF, LEVER_OF, Told, overruled, told_of
from simulations.simulated.tables import below

_BELOW = (Kind.AD_GROUP, Kind.AD_SET, Kind.KEYWORD)
_REPORTED_DAYS = 90  # the lag report is made of so many days


class SimulatedAdapter:
    """Implements `agent.ports.platform.Adapter` over a simulated platform.

    A campaign has a status and, unless it is on a shared budget or its groups have budgets, a
    budget; shared budgets and portfolio strategies are entities of their own.
    """

    def __init__(
        self,
        platform: Platform,
        user: str = "gebot",
        *,
        levels: frozenset[str] = frozenset(),
        advises: bool = False,
    ) -> None:
        """Sign in.

        Args:
            user: Who the platform says made the edits of this adapter.
            levels: Kinds below campaigns that are told of.
            advises: Lag report and simulations are told, too; marked hours always are.
        """
        self._platform = platform
        self._user = user
        self._advises = advises
        self._told: Told = told_of(platform.structure, platform.account, levels)
        self._overruled = overruled(platform.structure)
        kinds = self._told.table.kinds
        self._below = {kind: self._told.table.ids[kinds == kind] for kind in _BELOW if kind in kinds}
        self._shared_of = {
            id_: budget.id for budget in platform.budgets if budget.shared for id_ in budget.campaign_ids
        }
        self._strategy_of = {
            id_: strategy.id for strategy in platform.strategies for id_ in strategy.campaign_ids
        }
        self._owner_of = {
            budget.id: budget.campaign_ids[0] for budget in platform.budgets if not budget.shared
        }
        self._levers: Levers | None = None
        self._learners: frozenset[str] = frozenset()
        self._table = self._told.table

    def account(self) -> Account:
        return self._platform.account

    def entities(self) -> EntityTable:
        levers, learners = self._platform.levers(), self._platform.learners()
        if levers is not self._levers or learners != self._learners:
            self._levers, self._learners = levers, learners
            self._table = self._told.at(levers, learners)
        return self._table

    def metrics(self, since: date, until: date) -> MetricsTable:
        table = with_shared_budgets(self._platform.metrics(since, until), self._shared_of)
        table = with_shared_budgets(table, self._strategy_of, Kind.BIDDING_STRATEGY)
        for kind, ids in self._below.items():
            table = below(table, self._platform.metrics(since, until, kind), ids)
        return table

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return self._platform.hours(since, until)

    def advice(self) -> Advice:
        windows = self._platform.windows()
        if not self._advises:
            return Advice(windows)
        today = self._platform.today()
        counts = self._platform.lag(
            today - timedelta(days=_REPORTED_DAYS + N_AGES), today - timedelta(days=N_AGES)
        )
        total = int(counts.sum())
        return Advice(
            windows,
            responses=tuple(curve for _, curve in sorted(self._platform.responses().items())),
            reported=tuple((counts.cumsum() / total).tolist()) if total else (),
            reported_n=float(total),
        )

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        currency = self._platform.account.currency
        numbers = {(ref, lever): self._standing(ref, lever) for ref, lever in levers}
        return {
            (ref, lever): value_of(lever, number, currency)
            for (ref, lever), number in numbers.items()
            if number is not None
        }

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return [self._send(change, validate_only=True) for change in changes]

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return [self._send(change, validate_only=False) for change in changes]

    def history(self, since: datetime) -> Sequence[Edit]:
        return [self._edit(edit) for edit in self._platform.edits(since)]

    def _standing(self, ref: Ref, lever: Lever) -> int | None:
        if ref.account_id != self._platform.account.id or self._is_hidden(ref):
            return None
        if lever is Lever.CPC_BID and ref.id in self._overruled:
            return None
        return self._platform.standing(ref.kind, ref.id, FIELD_OF[lever])

    def _is_hidden(self, ref: Ref) -> bool:
        """A budget that is not shared has no name of its own here: it is its campaign's."""
        return ref.kind is Kind.CAMPAIGN_BUDGET and ref.id in self._owner_of

    def _send(self, change: Change, *, validate_only: bool) -> Receipt:
        platform, ref, lever, after = self._platform, change.ref, change.lever, change.after
        if ref.account_id != platform.account.id:
            return Refused(f"account was {ref.account_id}, {platform.account.id} is right")
        if not isinstance(after, _type_of(lever)):
            return Refused(f"{lever} of {ref} cannot be set to {after}")
        if isinstance(after, Money) and after.currency != platform.account.currency:
            return Refused(f"currency was {after.currency}, {platform.account.currency} is right")
        if self._is_hidden(ref):
            return Refused(f"budget {ref.id} is that of campaign {self._owner_of[ref.id]}")
        if lever is Lever.CPC_BID and ref.id in self._overruled:
            return Refused("its keywords have bids of their own, a CPC bid does nothing")
        field, number = FIELD_OF[lever], number_of(after)
        objection = platform.object_to(ref.kind, ref.id, field, number)
        if objection is None and not validate_only:
            objection = platform.set(ref.kind, ref.id, field, number, by=self._user)
        return Accepted() if objection is None else Refused(objection.because)

    def _edit(self, edit: PlatformEdit) -> Edit:
        account = self._platform.account
        kind, id_, lever = edit.kind, edit.id, LEVER_OF[edit.field]
        if kind is Kind.CAMPAIGN_BUDGET and id_ in self._owner_of:
            kind, id_ = Kind.CAMPAIGN, self._owner_of[id_]
        return Edit(
            at=edit.at,
            ref=account.id.ref(kind, id_),
            lever=lever,
            before=value_of(lever, edit.before, account.currency),
            after=value_of(lever, edit.after, account.currency),
            by=edit.by,
            ours=edit.by == self._user,
        )


def _type_of(lever: Lever) -> type[Money] | type[Ratio] | type[Status]:
    if lever.is_switch:
        return Status
    return Ratio if lever.is_ratio else Money
