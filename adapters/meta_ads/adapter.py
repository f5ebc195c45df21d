"""Adapter: one Meta ad account behind gebot's port."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from adapters.meta_ads import fields
from adapters.meta_ads.client import MAX_BATCH, Client
from adapters.meta_ads.entities import entities_of, told
from adapters.meta_ads.errors import Answer, CallFailed, explained
from adapters.meta_ads.history import Own, edits_of
from adapters.meta_ads.insights import PURCHASE, Figures, first_unsettled_day, hours_of, metrics_of
from adapters.meta_ads.posts import Draft, draft
from adapters.meta_ads.reports import Reports
from adapters.meta_ads.sending import Sending
from adapters.meta_ads.structure import Structure, structure_of
from adapters.meta_ads.units import minor_units, unit_micros
from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import AccessDenied, Misunderstood
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value, value_of
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Edit, Receipt
from agent.domain.plan import Change
from agent.domain.ref import AccountId, Kind, Ref
from agent.ports.clock import Clock

PLATFORM = "meta_ads"
_OVER_DELIVERY = 1.75  # on a day, of the highest daily budget of that day
_PAGE = 200
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_HISTORY = timedelta(days=30)  # of one call; longer ones fail on busy accounts
_ANYBODY = Own()
_NOT_USABLE = {"2": "disabled", "100": "about to be closed", "101": "closed"}  # account_status


class MetaAdsAdapter:
    """An `Adapter`. Keeps the account's facts and its last structure between calls.

    The structure only tells which ad sets to bring figures of; no value of a lever is read from it.
    """

    def __init__(
        self,
        client: Client,
        clock: Clock,
        reports: Reports,
        sending: Sending,
        *,
        conversion: str | None = None,
        all_ad_sets: bool = False,
        own: Own = _ANYBODY,
    ) -> None:
        """Wrap a client.

        Args:
            conversion: Action type that counts as a conversion; None: purchases.
            all_ad_sets: Tell of ad sets that hold no budget too.
        """
        self._client = client
        self._clock = clock
        self._reports = reports
        self._sending = sending
        self._actions = PURCHASE if conversion is None else (conversion,)
        self._all_ad_sets = all_ad_sets
        self._own = own
        self._id = AccountId(PLATFORM, client.account)
        self._facts: Account | None = None
        self._last: Structure | None = None

    def account(self) -> Account:
        """Read the account's facts anew: the cheapest proof that the account can be reached."""
        with explained(str(self._id)):
            row = self._client.get((self._node,), {"fields": fields.ACCOUNT})
            id_ = str(row["id"]).removeprefix("act_")
            currency, zone = str(row["currency"]), str(row["timezone_name"])
            name, status = str(row.get("name") or id_), str(row.get("account_status"))
            if not _CURRENCY.fullmatch(currency):
                raise ValueError(f"the currency was {currency!r}")
            unit = unit_micros(currency)
            minimum = self._minimum(currency) * unit
        if id_ != self._client.account:
            raise Misunderstood(str(self._id), f"Meta answered for account {id_}")
        if status in _NOT_USABLE:
            raise AccessDenied(str(self._id), f"Meta says that the account is {_NOT_USABLE[status]}")
        if zone not in available_timezones():
            raise Misunderstood(str(self._id), f"its time zone {zone!r} is not known here")
        self._facts = Account(
            id=self._id,
            name=name,
            currency=currency,
            time_zone=zone,
            unit_micros=unit,
            over_delivery=_OVER_DELIVERY,
            min_daily_budget_micros=minimum,
        )
        return self._facts

    def entities(self) -> EntityTable:
        account = self._known_account()
        return entities_of(account, self._structure(), all_ad_sets=self._all_ad_sets)

    def metrics(self, since: date, until: date) -> MetricsTable:
        account = self._known_account()
        structure = self._last or self._structure()
        ad_sets = {node.id for node in told(structure, all_ad_sets=self._all_ad_sets)}
        figures = Figures(self._actions)
        now, zone = self._clock.now(), ZoneInfo(account.time_zone)
        until = min(until, now.astimezone(zone).date())
        n_days = (until - since).days + 1
        partial_since = first_unsettled_day(now, zone, until)
        if n_days <= 0:
            return metrics_of(figures, since, until, partial_since)
        with explained(str(self._id)):
            n_expected = n_days * len(structure.campaigns)
            self._reports.read(figures, Kind.CAMPAIGN, since, until, n_expected=n_expected)
            if ad_sets:
                n_expected = n_days * len(structure.ad_sets)
                self._reports.read(figures, Kind.AD_SET, since, until, n_expected=n_expected, among=ad_sets)
            return metrics_of(figures, since, until, partial_since)

    def hours(self, since: date, until: date) -> HourlyMetrics:
        """Of campaigns. Meta leaves most conversions off the web out of hourly reports (see `hours_of`)."""
        zone = ZoneInfo(self._known_account().time_zone)
        n_hours = 24 * ((until - since).days + 1)
        figures = Figures(self._actions)
        with explained(str(self._id)):
            n_expected = n_hours * len((self._last or self._structure()).campaigns)
            self._reports.read(figures, Kind.CAMPAIGN, since, until, n_expected=n_expected, hourly=True)
            return hours_of(figures, zone)

    def advice(self) -> Advice:
        return NO_ADVICE

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        account = self._known_account()
        structure = self._structure_of([ref for ref, _ in levers])
        found: dict[tuple[Ref, Lever], Value] = {}
        for ref, lever in levers:
            node = structure.node(ref.kind, ref.id) if ref.account_id == self._id else None
            number = None if node is None else node.levers().get(lever)
            if number is not None:
                found[ref, lever] = value_of(lever, number, account.currency)
        return found

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._in_order(changes, self._sending.rehearse)

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._in_order(changes, self._sending.apply)

    def history(self, since: datetime) -> Sequence[Edit]:
        """Edits of budgets, bids and statuses, by the account's activities."""
        account = self._known_account()
        structure = self._last or self._structure()
        until = self._clock.now() + timedelta(minutes=1)
        edits: list[Edit] = []
        with explained(str(self._id)):
            while since < until:
                end = min(until, since + _HISTORY)
                params = {
                    "fields": fields.ACTIVITY,
                    "since": int(since.timestamp()),
                    "until": int(end.timestamp()),
                    "limit": _PAGE,
                }
                rows = self._client.rows((self._node, "activities"), params)
                edits += edits_of(rows, account, structure, self._own)
                since = end
        return sorted(dict.fromkeys(edits), key=lambda edit: edit.at)

    @property
    def _node(self) -> str:
        return f"act_{self._client.account}"

    def _minimum(self, currency: str) -> int:
        """The least daily budget, smallest units; 0 when Meta does not tell."""
        rows = self._client.rows((self._node, "minimum_budgets"), {"fields": fields.MINIMUM_BUDGETS})
        amounts = [row.get("min_daily_budget_imp") for row in rows if row.get("currency") == currency]
        return (minor_units(amounts[0]) or 0) if amounts else 0

    def _in_order(
        self, changes: Sequence[Change], send: Callable[[Draft], Mapping[int, Receipt]]
    ) -> Sequence[Receipt]:
        account = self._known_account()
        structure = self._structure_of([change.ref for change in changes])
        receipts = send(draft(changes, account, structure))
        return [receipts[position] for position in range(len(changes))]

    def _known_account(self) -> Account:
        return self._facts or self.account()

    def _structure(self) -> Structure:
        """All campaigns and ad sets, read now."""
        with explained(str(self._id)):
            self._last = self._structure_from(
                self._client.rows((self._node, "campaigns"), {"fields": fields.CAMPAIGN, "limit": _PAGE}),
                self._client.rows((self._node, "adsets"), {"fields": fields.AD_SET, "limit": _PAGE}),
            )
        return self._last

    def _structure_of(self, refs: Sequence[Ref]) -> Structure:
        """The objects of these refs and their campaigns, read now."""
        mine = [ref for ref in refs if ref.account_id == self._id and ref.id.isascii() and ref.id.isdigit()]
        with explained(str(self._id)):
            ad_sets = self._nodes({ref.id for ref in mine if ref.kind is Kind.AD_SET}, fields.AD_SET)
            ids = {ref.id for ref in mine if ref.kind is Kind.CAMPAIGN}
            ids |= {str(row["campaign_id"]) for row in ad_sets}
            return self._structure_from(self._nodes(ids, fields.CAMPAIGN), ad_sets)

    def _structure_from(
        self, campaigns: Iterable[Mapping[str, Any]], ad_sets: Iterable[Mapping[str, Any]]
    ) -> Structure:
        account = self._known_account()
        zone = ZoneInfo(account.time_zone)
        return structure_of(campaigns, ad_sets, unit=account.unit_micros, zone=zone, now=self._clock.now())

    def _nodes(self, ids: Iterable[str], wanted: str) -> list[Mapping[str, Any]]:
        """Objects by id, at most 50 in a call; those that are not there are left out."""
        remaining = sorted(ids)
        found: list[Mapping[str, Any]] = []
        for start in range(0, len(remaining), MAX_BATCH):
            found += self._some_nodes(remaining[start : start + MAX_BATCH], wanted)
        return found

    def _some_nodes(self, ids: Sequence[str], wanted: str) -> list[Mapping[str, Any]]:
        """One missing object fails the whole call, so it is asked again in halves."""
        try:
            return list(self._client.get((), {"ids": ",".join(ids), "fields": wanted}).values())
        except CallFailed as failed:
            if failed.fault.answer is not Answer.GONE:
                raise
        if len(ids) == 1:
            return []
        half = len(ids) // 2
        return self._some_nodes(ids[:half], wanted) + self._some_nodes(ids[half:], wanted)
