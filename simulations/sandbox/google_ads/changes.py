"""Changes: who changed what in the simulated account, as rows of change_event and change_status."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agent.domain.money import MICROS
from agent.domain.ref import Kind
from simulations.journal import Field, PlatformEdit
from simulations.platform import Platform
from simulations.sandbox.google_ads.entity_rows import told
from simulations.sandbox.google_ads.fields import leaf_of
from simulations.sandbox.google_ads.gaql import Query
from simulations.sandbox.google_ads.messages import message_class
from simulations.sandbox.google_ads.refusal import Refusal
from simulations.sandbox.google_ads.resources import (
    AD_GROUPS,
    BUDGETS,
    CAMPAIGNS,
    CRITERIA,
    Collection,
    target_leaf,
)
from simulations.sandbox.google_ads.search import Row

CLIENTS = {
    "api": "GOOGLE_ADS_API",
    "web": "GOOGLE_ADS_WEB_CLIENT",
    "editor": "GOOGLE_ADS_EDITOR",
    "rule": "GOOGLE_ADS_AUTOMATED_RULE",
    "scripts": "GOOGLE_ADS_SCRIPTS",
}
"""Google's word for each program through which an edit can be made."""

_COLLECTIONS = {
    Kind.CAMPAIGN_BUDGET: BUDGETS,
    Kind.CAMPAIGN: CAMPAIGNS,
    Kind.AD_GROUP: AD_GROUPS,
    Kind.AD_SET: AD_GROUPS,
    Kind.KEYWORD: CRITERIA,
}
_STATUSES = ("PAUSED", "ENABLED")
_MAX_CHANGES = 10_000
_KEPT = {"change_event": timedelta(days=30), "change_status": timedelta(days=90)}
_TIMES = {
    "change_event": "change_event.change_date_time",
    "change_status": "change_status.last_change_date_time",
}


class Changes:
    """The account's history, as Google tells it: without portfolio strategies and marked hours."""

    def __init__(self, platform: Platform, *, delay: timedelta, merged: bool) -> None:
        """Read from this platform.

        Args:
            delay: How long a change takes to show.
            merged: See `EntityRows`.
        """
        self._platform = platform
        self._delay = delay
        self._merged = merged
        self._groups = {group.id: group for group in platform.groups}
        self._keywords = {keyword.id: keyword for keyword in platform.keywords}

    def events(self, query: Query) -> Iterator[Row]:
        """Every change since the query's first moment.

        Raises:
            Refusal: The query lacks the time range or the limit that Google insists on.
        """
        customer = self._platform.account.id.account
        for edit in self._shown(query):
            collection = _COLLECTIONS[edit.kind]
            leaf = self._leaf(collection, edit)
            stamp = round(edit.at.timestamp() * MICROS)
            yield {
                **self._parents(edit, "change_event"),
                "change_event.resource_name": f"customers/{customer}/changeEvents/{stamp}~0~0",
                "change_event.change_date_time": self._local(edit),
                "change_event.change_resource_type": collection.field.upper(),
                "change_event.change_resource_name": collection.name_of(customer, edit.id),
                "change_event.client_type": CLIENTS.get(edit.client, "OTHER"),
                "change_event.user_email": edit.by,
                "change_event.resource_change_operation": "UPDATE",
                "change_event.changed_fields": message_class("google.protobuf.FieldMask")(paths=[leaf]),
                "change_event.old_resource": _changed(collection, leaf, edit.field, edit.before),
                "change_event.new_resource": _changed(collection, leaf, edit.field, edit.after),
            }

    def statuses(self, query: Query) -> Iterator[Row]:
        """When each resource last changed.

        Raises:
            Refusal: As `events`.
        """
        customer = self._platform.account.id.account
        latest: dict[tuple[str, str], PlatformEdit] = {}
        for edit in self._shown(query):
            latest[(_COLLECTIONS[edit.kind].field, edit.id)] = edit
        for (root, id_), edit in latest.items():
            collection = _COLLECTIONS[edit.kind]
            name = collection.name_of(customer, id_)
            yield {
                **self._parents(edit, "change_status"),
                "change_status.resource_name": f"customers/{customer}/changeStatus/{root.upper()}-{id_}",
                "change_status.last_change_date_time": self._local(edit),
                "change_status.resource_type": root.upper(),
                "change_status.resource_status": "CHANGED",
                f"change_status.{root}": name,
            }

    def _shown(self, query: Query) -> Iterator[PlatformEdit]:
        until = self._platform.now() - self._delay
        for edit in self._platform.edits(self._since(query)):
            if edit.at <= until and edit.kind in _COLLECTIONS:
                yield edit

    def _since(self, query: Query) -> datetime:
        """Where the query's time range begins (UTC); the conditions see to its end."""
        codes = f"{query.resource}_error"
        path = _TIMES[query.resource]
        bounds = {each.operator: each.values for each in query.where if each.field == path and each.values}
        if "BETWEEN" not in bounds and not ({">", ">="} & set(bounds) and {"<", "<="} & set(bounds)):
            message = "The requested filter on the time of the change is not a finite range."
            raise Refusal(f"{codes}.CHANGE_DATE_RANGE_INFINITE", message)
        if query.limit is None:
            raise Refusal(f"{codes}.LIMIT_NOT_SPECIFIED", "The LIMIT clause is required.")
        if query.limit > _MAX_CHANGES:
            raise Refusal(f"{codes}.INVALID_LIMIT_CLAUSE", "LIMIT may be 10000 at most.")
        lower = next(str(bounds[operator][0]) for operator in ("BETWEEN", ">=", ">") if operator in bounds)
        upper = next(str(bounds[operator][-1]) for operator in ("BETWEEN", "<=", "<") if operator in bounds)
        since = self._moment(lower)
        if self._moment(upper) < since:
            raise Refusal(f"{codes}.CHANGE_DATE_RANGE_NEGATIVE", "The range ends before it begins.")
        kept = _KEPT[query.resource]
        if since < self._platform.now() - kept:
            raise Refusal(
                f"{codes}.START_DATE_TOO_OLD",
                f"The requested start date is too old. It cannot be older than {kept.days} days.",
            )
        return since

    def _moment(self, text: str) -> datetime:
        zone = ZoneInfo(self._platform.account.time_zone)
        try:
            return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
        except ValueError:
            raise Refusal("query_error.INVALID_DATE_FORMAT", f"{text} is no date or time.") from None

    def _local(self, edit: PlatformEdit) -> str:
        return f"{edit.at.astimezone(ZoneInfo(self._platform.account.time_zone)):%Y-%m-%d %H:%M:%S.%f}"

    def _leaf(self, collection: Collection, edit: PlatformEdit) -> str:
        if collection is CAMPAIGNS and edit.field is not Field.STATUS:
            campaign = self._platform.campaign(edit.id)
            leaf = None if campaign is None else target_leaf(campaign.bidding, merged=self._merged)
            assert leaf is not None, "it had a target to be edited"
            return leaf
        return next((leaf for leaf, field in collection.levers.items() if field is edit.field), edit.field)

    def _parents(self, edit: PlatformEdit, root: str) -> Row:
        """The campaign and the ad group that the change was in."""
        customer = self._platform.account.id.account
        keyword = self._keywords.get(edit.id) if edit.kind is Kind.KEYWORD else None
        group = self._groups.get(keyword.group_id if keyword is not None else edit.id)
        row: dict[str, Any] = {}
        if group is not None:
            row[f"{root}.ad_group"] = AD_GROUPS.name_of(customer, group.id)
        campaign = group.campaign_id if group is not None else edit.id
        if self._platform.campaign(campaign) is not None:
            row[f"{root}.campaign"] = CAMPAIGNS.name_of(customer, campaign)
        return row


def _changed(collection: Collection, leaf: str, field: Field, number: int) -> Any:
    """The resource with nothing but what was changed."""
    holder = message_class("resources.ChangeEvent.ChangedResource")()
    resource = getattr(holder, collection.field)
    found = leaf_of(resource.DESCRIPTOR, leaf)
    if found is not None:
        found.write(resource, _STATUSES[number] if field is Field.STATUS else told(field, number))
    return holder
