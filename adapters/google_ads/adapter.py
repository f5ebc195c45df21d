"""Adapter: one Google Ads account behind gebot's port."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo, available_timezones

from adapters.google_ads import queries, reading
from adapters.google_ads.budgets import is_shared
from adapters.google_ads.children import below
from adapters.google_ads.client import Client
from adapters.google_ads.draft import draft
from adapters.google_ads.entities import entities_of
from adapters.google_ads.errors import explained
from adapters.google_ads.faults import Fault
from adapters.google_ads.history import edits_of, resource_types
from adapters.google_ads.hours import hours_of
from adapters.google_ads.lag import lag_days, reported_of
from adapters.google_ads.metrics import first_unsettled_day, joined, metrics_of
from adapters.google_ads.minimum import Minimum
from adapters.google_ads.mutate import send
from adapters.google_ads.responses import responses_of
from adapters.google_ads.structure import Structure, own_strategy
from adapters.google_ads.windows import window_of
from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import Misunderstood
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value, value_of
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Edit, Receipt
from agent.domain.plan import Change
from agent.domain.ref import AccountId, Kind, Ref
from agent.domain.shared_budgets import with_shared_budgets
from agent.ports.clock import Clock

PLATFORM = "google_ads"
_OVER_DELIVERY = 2.0  # on a day, of the highest daily budget of that day
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_HISTORY = timedelta(days=29, hours=20)  # Google keeps 30 days and refuses a start before them
_DAILY = {
    Kind.CAMPAIGN: queries.campaign_daily,
    Kind.AD_GROUP: queries.ad_group_daily,
    Kind.KEYWORD: queries.keyword_daily,
}


class GoogleAdsAdapter:
    """An `Adapter`. Keeps nothing but the account's facts between calls."""

    def __init__(
        self,
        client: Client,
        clock: Clock,
        minimum: Minimum,
        *,
        levels: Collection[Kind] = (),
        own_user: str | None = None,
    ) -> None:
        """Wrap a client.

        Args:
            levels: Kinds below the campaign to tell of, `Kind.AD_GROUP` and `Kind.KEYWORD`.
            own_user: See `history.edits_of`.
        """
        self._client = client
        self._clock = clock
        self._minimum = minimum
        self._levels = levels
        self._own_user = own_user
        self._id = AccountId(PLATFORM, client.customer)
        self._facts: Account | None = None
        self._units: dict[str, int] = {}

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
                "this is a manager account, which has no campaigns; name the account below it, and the"
                f" manager as login_customer_id; {below(self._client)}",
            )
        if not _CURRENCY.fullmatch(customer.currency_code):
            raise Misunderstood(str(self._id), f"its currency was {customer.currency_code!r}")
        if customer.time_zone not in available_timezones():
            raise Misunderstood(str(self._id), f"its time zone {customer.time_zone!r} is not known here")
        self._facts = Account(
            id=self._id,
            name=customer.descriptive_name or self._id.account,
            currency=customer.currency_code,
            time_zone=customer.time_zone,
            unit_micros=self._unit(customer.currency_code),
            over_delivery=_OVER_DELIVERY,
            min_daily_budget_micros=self._minimum.micros(customer.currency_code),
        )
        return self._facts

    def entities(self) -> EntityTable:
        account = self._known_account()
        with explained(str(self._id)):
            return entities_of(account, reading.whole(self._client, self._levels))

    def metrics(self, since: date, until: date) -> MetricsTable:
        """Of campaigns, of what several of them share, and of the levels below that are told.

        It speaks for no day that has not begun.
        """
        zone = ZoneInfo(self._known_account().time_zone)
        until = min(until, self._clock.now().astimezone(zone).date())
        unsettled = first_unsettled_day(self._clock.now(), zone, until)
        tables = [metrics_of((), since, until, unsettled)]
        with explained(str(self._id)):
            for kind, daily in _DAILY.items():
                if kind is Kind.CAMPAIGN or kind in self._levels:
                    read = partial(metrics_of, since=since, until=until, partial_since=unsettled, kind=kind)
                    tables += map(read, self._client.batches(daily(since, until)))
            members = list(self._client.rows(queries.MEMBERSHIP))
        budgets = {
            str(row.campaign.id): str(row.campaign_budget.id)
            for row in members
            if is_shared(row.campaign_budget)
        }
        attached = {
            str(row.campaign.id): own_strategy(row.campaign.bidding_strategy, self._id.account)
            for row in members
        }
        strategies = {campaign: strategy for campaign, strategy in attached.items() if strategy}
        table = with_shared_budgets(joined(tables), budgets)
        return with_shared_budgets(table, strategies, Kind.BIDDING_STRATEGY)

    def hours(self, since: date, until: date) -> HourlyMetrics:
        zone = ZoneInfo(self._known_account().time_zone)
        with explained(str(self._id)):
            return hours_of(self._client.rows(queries.campaign_hourly(since, until)), zone)

    def advice(self) -> Advice:
        """Marked hours, Google's simulations of campaigns, and its report of conversion lag."""
        zone = ZoneInfo(self._known_account().time_zone)
        today = self._clock.now().astimezone(zone).date()
        with explained(str(self._id)):
            reported = reported_of(self._client.rows(queries.conversion_lag(*lag_days(today))))
            responses = tuple(responses_of(self._client.rows(queries.SIMULATIONS)))
            marked = reading.windows(self._client)
        windows = sorted((window_of(each, zone) for each in marked), key=lambda each: (each.kind, each.id))
        return Advice(tuple(windows), responses, reported.shares, reported.n)

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        account = self._known_account()
        structure = self._about([ref for ref, _ in levers])
        found: dict[tuple[Ref, Lever], Value] = {}
        for ref, lever in levers:
            number = structure.levers(ref.kind, ref.id).get(lever) if self._is_mine(ref) else None
            if number is not None:
                found[ref, lever] = value_of(lever, number, account.currency)
        return found

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._mutate(changes, validate_only=True)

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._mutate(changes, validate_only=False)

    def history(self, since: datetime) -> Sequence[Edit]:
        """Edits of budgets, statuses, bids and targets; Google tells 30 days back, minutes late."""
        account = self._known_account()
        zone = ZoneInfo(account.time_zone)
        now = self._clock.now()
        start = max(since, now - _HISTORY).astimezone(zone)
        end = (now + timedelta(days=1)).astimezone(zone)
        types = resource_types(self._levels)
        with explained(str(self._id)):
            own_budgets = {
                str(row.campaign_budget.id): str(row.campaign.id)
                for row in self._client.rows(queries.MEMBERSHIP)
                if not is_shared(row.campaign_budget)
            }
            events = []
            begin, last = f"{start:%Y-%m-%d %H:%M:%S}", f"{end:%Y-%m-%d %H:%M:%S}"
            while True:
                page = list(self._client.rows(queries.changes(begin, last, types)))
                events += page
                following = page[-1].change_event.change_date_time[:19] if page else begin
                if len(page) < queries.CHANGES_PER_QUERY or following == begin:
                    break
                begin = following
            edits = list(edits_of(events, account, own_budgets, self._own_user))
        return sorted(dict.fromkeys(edits), key=lambda edit: edit.at)

    def _mutate(self, changes: Sequence[Change], *, validate_only: bool) -> Sequence[Receipt]:
        account = self._known_account()
        batch = draft(changes, account, self._about([change.ref for change in changes]))
        receipts = send(self._client, str(self._id), batch, self._heed, validate_only=validate_only)
        return [receipts[position] for position in range(len(changes))]

    def _heed(self, faults: Sequence[Fault]) -> None:
        """Keep what Google said for later: how long to wait, and the least daily budget."""
        self._client.heed(faults)
        for fault in faults:
            if fault.least_micros is not None:
                self._minimum.learn(fault.least_micros, self._known_account().currency)

    def _unit(self, currency: str) -> int:
        """The smallest step of a currency, which does not change: asked once."""
        if currency not in self._units:
            with explained(str(self._id)):
                rows = list(self._client.rows(queries.billable_unit(currency)))
            if not rows or rows[0].currency_constant.billable_unit_micros <= 0:
                raise Misunderstood(str(self._id), f"Google named no smallest unit of {currency}")
            self._units[currency] = rows[0].currency_constant.billable_unit_micros
        return self._units[currency]

    def _known_account(self) -> Account:
        return self._facts or self.account()

    def _about(self, refs: Sequence[Ref]) -> Structure:
        """What these refs are about, as it stands now; refs of others are left out."""
        with explained(str(self._id)):
            return reading.about(self._client, [ref for ref in refs if self._is_mine(ref)])

    def _is_mine(self, ref: Ref) -> bool:
        return ref.account_id == self._id and reading.is_well_formed(ref)
