"""Platform: what an ad platform keeps of one simulated account, and what it lets anybody do."""

import threading
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.entity import Account
from agent.domain.lever import Status
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
from agent.ports import Clock
from simulations.delivery import Delivery
from simulations.journal import Field, Journal, MemoryJournal, PlatformEdit
from simulations.reporting import metrics_table
from simulations.schedule import Levers
from simulations.structure import Budget, Campaign, Structure
from simulations.supply import Supply


class Fault(StrEnum):
    """Why the platform refuses an edit."""

    NOT_FOUND = "not_found"
    NOT_ABOVE_ZERO = "not_above_zero"
    BELOW_MINIMUM = "below_minimum"
    NOT_MULTIPLE_OF_UNIT = "not_multiple_of_unit"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Objection:
    """A refusal, with words for people."""

    fault: Fault
    because: str


class Platform:
    """One account, fed by a market at the clock's time. Safe to share between threads.

    A day's money follows the clock: each amount counts for the part of the day in which it
    stood, so a day never costs more than its time-weighted budget (and that at most the
    highest of the day). Figures of the running day are those of the hours that are over.

    Attributes:
        campaigns: In the order of the market; ids rise.
        budgets: Shared ones first; every campaign has exactly one.
        minimum_micros: Smallest daily budget.
    """

    def __init__(
        self,
        market: Supply,
        structure: Structure,
        account: Account,
        clock: Clock,
        *,
        journal: Journal | None = None,
        minimum_micros: int = 0,
    ) -> None:
        """Open the account; its history begins on the market's first day.

        Args:
            structure: The account's campaigns and budgets; campaigns in the order of the market.
            journal: In memory when None.
            minimum_micros: Smallest daily budget; one unit of the account when smaller.
        """
        self.account = account
        self.market = market
        self.minimum_micros = max(minimum_micros, account.unit_micros)
        self.campaigns: tuple[Campaign, ...] = structure.campaigns
        self.budgets: tuple[Budget, ...] = structure.budgets
        self._clock = clock
        self._zone = ZoneInfo(account.time_zone)
        self._journal: Journal = MemoryJournal() if journal is None else journal
        self._lock = threading.RLock()
        self._budgets = {budget.id: budget for budget in self.budgets}
        self._campaigns = {campaign.id: campaign for campaign in self.campaigns}
        self._ids = np.array([campaign.id for campaign in self.campaigns])
        self._delivery = Delivery(market, structure, self._zone)

    # What stands

    def now(self) -> datetime:
        """The platform's time, UTC."""
        return self._clock.now()

    def today(self) -> date:
        """The date in the account's time zone."""
        return self.now().astimezone(self._zone).date()

    def campaign(self, campaign_id: str) -> Campaign | None:
        """None when there is no such campaign."""
        return self._campaigns.get(campaign_id)

    def budget(self, budget_id: str) -> Budget | None:
        """None when there is no such budget."""
        return self._budgets.get(budget_id)

    def budget_micros(self, budget_id: str) -> int:
        """The amount that stands now.

        Raises:
            KeyError: There is no such budget.
        """
        with self._lock:
            self._listen()
            return self._delivery.schedule.amount_micros(budget_id)

    def status(self, campaign_id: str) -> Status:
        """The status that stands now.

        Raises:
            KeyError: There is no such campaign.
        """
        with self._lock:
            self._listen()
            return Status(int(self._delivery.schedule.is_enabled(campaign_id)))

    def levers(self) -> Levers:
        """Amounts of all budgets and statuses of all campaigns as they stand now.

        The same object until the next edit; not to be written to.
        """
        with self._lock:
            self._listen()
            return self._delivery.schedule.now

    # What anybody may do

    def object_to_budget(self, budget_id: str, micros: int) -> Objection | None:
        """Why this amount would be refused; None when it would be accepted."""
        budget = self.budget(budget_id)
        unit = self.account.unit_micros
        if budget is None:
            return Objection(Fault.NOT_FOUND, f"there is no budget {budget_id}")
        locked = next(filter(None, (self._campaigns[id_].locked for id_ in budget.campaign_ids)), "")
        if locked:
            return Objection(Fault.LOCKED, f"a campaign of budget {budget_id} is locked: {locked}")
        if micros <= 0:
            return Objection(Fault.NOT_ABOVE_ZERO, f"amount was {micros} micros, more than 0 is right")
        if micros < self.minimum_micros:
            return Objection(
                Fault.BELOW_MINIMUM, f"amount was {micros} micros, at least {self.minimum_micros} is right"
            )
        if micros % unit:
            return Objection(
                Fault.NOT_MULTIPLE_OF_UNIT, f"amount was {micros} micros, a multiple of {unit} is right"
            )
        return None

    def object_to_status(self, campaign_id: str) -> Objection | None:
        """Why a new status of this campaign would be refused; None when it would be accepted."""
        campaign = self.campaign(campaign_id)
        if campaign is None:
            return Objection(Fault.NOT_FOUND, f"there is no campaign {campaign_id}")
        if campaign.locked:
            return Objection(Fault.LOCKED, f"campaign {campaign_id} is locked: {campaign.locked}")
        return None

    def set_budget(self, budget_id: str, micros: int, *, by: str, client: str = "api") -> Objection | None:
        """Set the amount of a budget from now on; None when it stands.

        Setting what already stands is accepted and leaves no edit.
        """
        objection = self.object_to_budget(budget_id, micros)
        if objection is None:
            self._edit(Field.AMOUNT, budget_id, micros, by=by, client=client)
        return objection

    def set_status(
        self, campaign_id: str, status: Status, *, by: str, client: str = "api"
    ) -> Objection | None:
        """Enable or pause a campaign from now on; None when it stands."""
        objection = self.object_to_status(campaign_id)
        if objection is None:
            self._edit(Field.STATUS, campaign_id, status.value, by=by, client=client)
        return objection

    # What is told

    def edits(self, since: datetime) -> Sequence[PlatformEdit]:
        """Edits at `since` (UTC) or later, oldest first."""
        with self._lock:
            self._listen()
            edits = self._delivery.edits
            return edits[bisect_left(edits, since, key=lambda edit: edit.at) :]

    def metrics(self, since: date, until: date) -> MetricsTable:
        """Daily figures of each campaign as known now, both days included, in the account's zone.

        Days on which nothing happened are left out; days to come are not spoken for.
        """
        with self._lock:
            now = self.now()
            self._listen()
            today = now.astimezone(self._zone).date()
            first, last = max(since, self.market.first_day), min(until, today)
            day_number = self._delivery.day_number
            figures = self._delivery.figures(day_number(first), day_number(last), now)
            return metrics_table(
                self.market, self._ids, figures, first_day=first, since=since, until=last, today=today
            )

    def _edit(self, field: Field, id_: str, after: int, *, by: str, client: str) -> None:
        with self._lock, self._journal.exclusive():
            # The time is taken inside the lock, so that the journal is in the order of time.
            self._listen()
            if field is Field.AMOUNT:
                kind, before = Kind.CAMPAIGN_BUDGET, self.budget_micros(id_)
            else:
                kind, before = Kind.CAMPAIGN, self.status(id_).value
            if before != after:
                edits = self._delivery.edits
                at = max(self.now(), edits[-1].at) if edits else self.now()
                self._journal.append(PlatformEdit(at, kind, id_, field, before, after, by, client))
            self._listen()

    def _listen(self) -> None:
        edits = self._journal.unread()
        if edits:
            self._delivery.take(list(edits))
