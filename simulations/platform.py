"""Platform: what an ad platform keeps of one simulated account, and what it lets anybody do."""

import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.advice import ResponseCurve, Window
from agent.domain.entity import Account, Numbers
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Status
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
from agent.ports.clock import Clock
from simulations.day_parts import DayParts
from simulations.delivery import Delivery
from simulations.groups import OF_HOURS, BiddingStrategy, Group, Keyword, Slot
from simulations.journal import Field, Journal, MemoryJournal, PlatformEdit
from simulations.learning import Learning, learners
from simulations.marks import Marks
from simulations.objections import Objection, Rulebook
from simulations.reports import Reports
from simulations.schedule import Levers
from simulations.structure import Budget, Campaign, Structure
from simulations.supply import Supply


class Platform:
    """One account, fed by a market at the clock's time. Safe to share between threads.

    A day's money follows the clock: each amount counts for the part of the day in which it
    stood, so a day never costs more than its time-weighted budget (and that at most the
    highest of the day). Figures of the running day are those of the hours that are over.

    Attributes:
        structure: As the account opened.
        campaigns: In the order of the market; ids rise.
        budgets: Shared ones first; every campaign has exactly one, unless its groups have their own.
        groups: Ad groups and ad sets, by campaign; none unless the account was built so.
        keywords: By group.
        strategies: Portfolio strategies.
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
        learning: Learning | None = None,
        day_parts: bool = False,
    ) -> None:
        """Open the account; its history begins on the market's first day.

        Args:
            structure: The account's campaigns and budgets; campaigns in the order of the market.
            journal: In memory when None.
            minimum_micros: Smallest daily budget; one unit of the account when smaller.
            learning: When bidding learns anew; never when None.
            day_parts: Hours of the day differ as people's days do.
        """
        self.account = account
        self.market = market
        self.structure = structure
        self.minimum_micros = max(minimum_micros, account.unit_micros)
        self.campaigns: tuple[Campaign, ...] = structure.campaigns
        self.budgets: tuple[Budget, ...] = structure.budgets
        self.groups: tuple[Group, ...] = structure.groups
        self.keywords: tuple[Keyword, ...] = structure.keywords
        self.strategies: tuple[BiddingStrategy, ...] = structure.strategies
        self._clock = clock
        self._zone = ZoneInfo(account.time_zone)
        self._journal: Journal = MemoryJournal() if journal is None else journal
        self._lock = threading.RLock()
        self._budgets = {budget.id: budget for budget in self.budgets}
        self._campaigns = {campaign.id: campaign for campaign in self.campaigns}
        self._rows = {campaign.id: row for row, campaign in enumerate(self.campaigns)}
        parts = DayParts([one.channel for one in self.campaigns], self._zone) if day_parts else None
        self._delivery = Delivery(market, structure, self._zone, parts)
        self._reports = Reports(market, structure, account, self._delivery)
        self._rulebook = Rulebook(account, structure, self.minimum_micros)
        self._learning = learning
        self._marks = Marks(account.time_zone)

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

    def standing(self, kind: Kind, id_: str, field: Field) -> int | None:
        """The number that stands now; None where there is no such lever.

        A campaign's amount is that of its budget, unless it shares it; hours that nobody marked
        are not excluded, and their modifier is 1.
        """
        slot = self._rulebook.slot(kind, id_, field)
        if slot is None:
            return None
        with self._lock:
            self._listen()
            return self._number(slot)

    def windows(self) -> tuple[Window, ...]:
        """Hours that are marked now, by kind and id."""
        with self._lock:
            self._listen()
            return self._marks.windows()

    def learners(self) -> frozenset[str]:
        """Ids of the campaigns whose bidding is learning now."""
        if self._learning is None:
            return frozenset()
        with self._lock:
            self._listen()
            return learners(self._delivery.edits, self.now(), self._learning, self._rulebook)

    def learning(self, campaign_id: str) -> bool:
        """Whether the campaign's bidding is learning, after a large edit some days ago."""
        return campaign_id in self.learners()

    # What anybody may do

    def object_to(self, kind: Kind, id_: str, field: Field, number: int) -> Objection | None:
        """Why this value would be refused; None when it would be accepted."""
        return self._rulebook.object_to(kind, id_, field, number)

    def set(
        self, kind: Kind, id_: str, field: Field, number: int, *, by: str, client: str = "api"
    ) -> Objection | None:
        """Set a lever from now on; None when it stands.

        Setting what already stands is accepted and leaves no edit.
        """
        objection = self.object_to(kind, id_, field, number)
        slot = self._rulebook.slot(kind, id_, field)
        if objection is None and slot is not None:
            self._edit(slot, number, by=by, client=client)
        return objection

    # What is told

    def edits(self, since: datetime) -> Sequence[PlatformEdit]:
        """Edits at `since` (UTC) or later, oldest first."""
        with self._lock:
            self._listen()
            edits = self._delivery.edits
            return edits[bisect_left(edits, since, key=lambda edit: edit.at) :]

    def metrics(self, since: date, until: date, kind: Kind = Kind.CAMPAIGN) -> MetricsTable:
        """Daily figures as known now, both days included, in the account's zone.

        Days on which nothing happened are left out; days to come are not spoken for.
        """
        with self._lock:
            self._listen()
            return self._reports.metrics(since, until, kind, self.now())

    def hours(self, since: date, until: date) -> HourlyMetrics:
        """Figures of campaigns by the hour as known now; they sum to those of their days."""
        with self._lock:
            self._listen()
            return self._reports.hours(since, until, self.now())

    def response(self, campaign_id: str) -> ResponseCurve | None:
        """What the platform believes the last week would have brought at other settings."""
        return self.responses().get(campaign_id)

    def responses(self) -> Mapping[str, ResponseCurve]:
        """The same of every campaign that has a target or a daily budget of its own, by id."""
        with self._lock:
            self._listen()
            return self._reports.responses(self.now())

    def lag(self, since: date, until: date, campaign_id: str | None = None) -> Numbers:
        """Conversions of these days' clicks by days of delay, as known now; of all campaigns when None.

        Days that are not over are left out. Shape (N_AGES,).

        Raises:
            KeyError: There is no such campaign.
        """
        rows = slice(None) if campaign_id is None else [self._rows[campaign_id]]
        return np.asarray(self.lags(since, until)[rows].sum(axis=0))

    def lags(self, since: date, until: date) -> Numbers:
        """As `lag`, of each campaign for itself: shape (n_campaigns, N_AGES)."""
        with self._lock:
            self._listen()
            return self._reports.lag(since, until, self.now())

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let many edits be one stroke: others wait, and the journal is made to last once."""
        with self._lock, self._journal.exclusive():
            yield

    def _edit(self, slot: Slot, after: int, *, by: str, client: str) -> None:
        with self._lock, self._journal.exclusive():
            # The time is taken inside the lock, so that the journal is in the order of time.
            self._listen()
            before = self._number(slot)
            if before != after:
                edits = self._delivery.edits
                at = max(self.now(), edits[-1].at) if edits else self.now()
                self._journal.append(
                    PlatformEdit(at, slot.kind, slot.id, slot.field, before, after, by, client)
                )
            self._listen()

    def _number(self, slot: Slot) -> int:
        schedule = self._delivery.schedule
        if slot.kind in OF_HOURS:
            return self._marks.number(slot)
        if slot.kind is Kind.CAMPAIGN_BUDGET:
            return schedule.amount_micros(slot.id)
        if slot.kind is Kind.CAMPAIGN and slot.field is Field.STATUS:
            return int(schedule.is_enabled(slot.id))
        return schedule.number(slot)

    def _listen(self) -> None:
        edits = self._journal.unread()
        if edits:
            self._delivery.take(list(edits))
            self._marks.take(edits)
