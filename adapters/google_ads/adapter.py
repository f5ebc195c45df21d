"""Adapter: one Google Ads account behind gebot's port."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from adapters.google_ads import queries
from adapters.google_ads.campaigns import Campaign, campaign_of, entities_of, is_shared
from adapters.google_ads.client import Client
from adapters.google_ads.errors import explained
from adapters.google_ads.history import edits_of
from adapters.google_ads.metrics import first_unsettled_day, metrics_of
from adapters.google_ads.mutate import send
from adapters.google_ads.operations import draft
from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import Misunderstood
from agent.domain.hours import HourlyMetrics, no_hours
from agent.domain.lever import Lever, Value, value_of
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Edit, Receipt
from agent.domain.plan import Change
from agent.domain.ref import AccountId, Kind, Ref
from agent.domain.shared_budgets import with_shared_budgets
from agent.ports import Clock

PLATFORM = "google_ads"
_OVER_DELIVERY = 2.0  # on a day, of the highest daily budget of that day
_HISTORY = timedelta(days=29, hours=20)  # Google keeps 30 days and refuses a start before them


class GoogleAdsAdapter:
    """Implements `agent.ports.Adapter`. Keeps nothing but the account's facts between calls."""

    def __init__(self, client: Client, clock: Clock, own_user: str | None = None) -> None:
        """Wrap a client.

        Args:
            own_user: See `history.edits_of`.
        """
        self._client = client
        self._clock = clock
        self._own_user = own_user
        self._id = AccountId(PLATFORM, client.customer)
        self._facts: Account | None = None

    def account(self) -> Account:
        """Read the account's facts anew: the cheapest proof that the account can be reached."""
        with explained(str(self._id)):
            found = [row.customer for row in self._client.rows(queries.CUSTOMER)]
            if not found:
                raise Misunderstood(str(self._id), "Google returned no such account")
            customer = found[0]
            if str(customer.id) != self._client.customer:
                raise Misunderstood(str(self._id), f"Google answered for account {customer.id}")
            if customer.manager:
                raise Misunderstood(
                    str(self._id),
                    "this is a manager account, which has no campaigns; name the account below it,"
                    " and the manager as login_customer_id",
                )
            units = [
                row.currency_constant.billable_unit_micros
                for row in self._client.rows(queries.billable_unit(customer.currency_code))
            ]
        if not units or units[0] <= 0:
            raise Misunderstood(str(self._id), f"Google named no smallest unit of {customer.currency_code}")
        if customer.time_zone not in available_timezones():
            raise Misunderstood(str(self._id), f"its time zone {customer.time_zone!r} is not known here")
        self._facts = Account(
            id=self._id,
            name=customer.descriptive_name or self._id.account,
            currency=customer.currency_code,
            time_zone=customer.time_zone,
            unit_micros=units[0],
            over_delivery=_OVER_DELIVERY,
        )
        return self._facts

    def entities(self) -> EntityTable:
        account = self._known_account()
        campaigns = self._campaigns(queries.campaign_state())
        with explained(str(self._id)):
            labelled = any(campaign.labels for campaign in campaigns)
            labels = self._client.rows(queries.LABELS) if labelled else ()
            names = {row.label.resource_name: row.label.name for row in labels}
        return entities_of(account, campaigns, names)

    def metrics(self, since: date, until: date) -> MetricsTable:
        zone = ZoneInfo(self._known_account().time_zone)
        unsettled = first_unsettled_day(self._clock.now(), zone, until)
        with explained(str(self._id)):
            table = metrics_of(
                self._client.rows(queries.campaign_daily(since, until)), since, until, unsettled
            )
            shared = {
                str(row.campaign.id): str(row.campaign_budget.id)
                for row in self._client.rows(queries.MEMBERSHIP)
                if is_shared(row.campaign_budget)
            }
        return with_shared_budgets(table, shared)

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return no_hours()

    def advice(self) -> Advice:
        return NO_ADVICE

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        account = self._known_account()
        campaigns = self._campaigns_of([ref for ref, _ in levers])
        numbers: dict[tuple[Kind, str], Mapping[Lever, int]] = {}
        for campaign in campaigns.values():
            numbers[Kind.CAMPAIGN, campaign.id] = campaign.levers()
            if campaign.budget.shared:
                amount = {Lever.DAILY_BUDGET: campaign.budget.amount_micros}
                numbers[Kind.CAMPAIGN_BUDGET, campaign.budget.id] = amount
        found: dict[tuple[Ref, Lever], Value] = {}
        for ref, lever in levers:
            number = numbers.get((ref.kind, ref.id), {}).get(lever) if self._is_mine(ref) else None
            if number is not None:
                found[ref, lever] = value_of(lever, number, account.currency)
        return found

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._mutate(changes, validate_only=True)

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._mutate(changes, validate_only=False)

    def history(self, since: datetime) -> Sequence[Edit]:
        """Edits of budgets, statuses and targets; Google tells 30 days back, minutes late."""
        account = self._known_account()
        zone = ZoneInfo(account.time_zone)
        now = self._clock.now()
        start = max(since, now - _HISTORY).astimezone(zone)
        end = (now + timedelta(days=1)).astimezone(zone)
        with explained(str(self._id)):
            own_budgets = {
                str(row.campaign_budget.id): str(row.campaign.id)
                for row in self._client.rows(queries.MEMBERSHIP)
                if not is_shared(row.campaign_budget)
            }
            events = []
            begin, last = f"{start:%Y-%m-%d %H:%M:%S}", f"{end:%Y-%m-%d %H:%M:%S}"
            while True:
                page = list(self._client.rows(queries.changes(begin, last)))
                events += page
                following = page[-1].change_event.change_date_time[:19] if page else begin
                if len(page) < queries.CHANGES_PER_QUERY or following == begin:
                    break
                begin = following
        edits = edits_of(events, account, own_budgets, self._own_user)
        return sorted(dict.fromkeys(edits), key=lambda edit: edit.at)

    def _mutate(self, changes: Sequence[Change], *, validate_only: bool) -> Sequence[Receipt]:
        account = self._known_account()
        campaigns = self._campaigns_of([change.ref for change in changes])
        batch = draft(changes, account, campaigns)
        receipts = send(self._client, str(self._id), batch, validate_only=validate_only)
        return [receipts[position] for position in range(len(changes))]

    def _known_account(self) -> Account:
        return self._facts or self.account()

    def _campaigns_of(self, refs: Sequence[Ref]) -> dict[str, Campaign]:
        """The campaigns of these refs, and those on these shared budgets, read now, by id."""
        mine = [ref for ref in refs if self._is_mine(ref)]
        campaigns = {ref.id for ref in mine if ref.kind is Kind.CAMPAIGN}
        budgets = {ref.id for ref in mine if ref.kind is Kind.CAMPAIGN_BUDGET}
        if not campaigns and not budgets:
            return {}
        found = self._campaigns(queries.campaign_state(campaigns, budgets))
        return {campaign.id: campaign for campaign in found}

    def _campaigns(self, query: str) -> list[Campaign]:
        with explained(str(self._id)):
            return [campaign_of(row) for row in self._client.rows(query)]

    def _is_mine(self, ref: Ref) -> bool:
        mine = AccountId(ref.platform, ref.account) == self._id
        return mine and ref.id.isascii() and ref.id.isdigit()
