"""Changes: who changed what in the simulated account, as rows of change_event."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agent.domain.lever import Status
from agent.domain.money import MICROS
from agent.domain.ref import Kind
from simulations.journal import PlatformEdit
from simulations.platform import Platform
from simulations.sandbox.google_ads.gaql import Query
from simulations.sandbox.google_ads.messages import message_class
from simulations.sandbox.google_ads.refusal import Refusal
from simulations.sandbox.google_ads.search import Row

CLIENTS = {
    "api": "GOOGLE_ADS_API",
    "web": "GOOGLE_ADS_WEB_CLIENT",
    "editor": "GOOGLE_ADS_EDITOR",
    "rule": "GOOGLE_ADS_AUTOMATED_RULE",
    "scripts": "GOOGLE_ADS_SCRIPTS",
}
"""Google's word for each program through which an edit can be made."""

_TIME = "change_event.change_date_time"
_STATUS_NUMBERS = {Status.ENABLED.value: 2, Status.PAUSED.value: 3}
_MAX_CHANGES = 10_000
_CHANGES_KEPT = timedelta(days=30)


def change_rows(platform: Platform, query: Query, delay: timedelta) -> Iterator[Row]:
    """Edits since the query's first moment that have been known for `delay`.

    Raises:
        Refusal: The query lacks the time range or the limit that Google insists on.
    """
    since = _since(platform, query)
    shown_until = platform.now() - delay
    for edit in platform.edits(since):
        if edit.at <= shown_until:
            yield _row(platform, edit)


def _since(platform: Platform, query: Query) -> datetime:
    """Where the query's time range begins (UTC)."""
    bounds = {each.operator: each.values for each in query.where if each.field == _TIME and each.values}
    if "BETWEEN" not in bounds and not ({">", ">="} & set(bounds) and {"<", "<="} & set(bounds)):
        raise Refusal(
            "change_event_error.CHANGE_DATE_RANGE_INFINITE",
            "The requested filter on change_date_time is not a finite range.",
        )
    if query.limit is None:
        raise Refusal("change_event_error.LIMIT_NOT_SPECIFIED", "The LIMIT clause is required.")
    if query.limit > _MAX_CHANGES:
        raise Refusal("change_event_error.INVALID_LIMIT_CLAUSE", "LIMIT may be 10000 at most.")
    lower = next(str(bounds[operator][0]) for operator in ("BETWEEN", ">=", ">") if operator in bounds)
    zone = ZoneInfo(platform.account.time_zone)
    try:
        since = datetime.fromisoformat(lower).replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        raise Refusal("query_error.INVALID_DATE_FORMAT", f"{lower} is no date or time.") from None
    if since < platform.now() - _CHANGES_KEPT:
        raise Refusal(
            "change_event_error.START_DATE_TOO_OLD",
            "The requested start date is too old. It cannot be older than 30 days.",
        )
    return since


def _row(platform: Platform, edit: PlatformEdit) -> Row:
    customer = platform.account.id.account
    local = edit.at.astimezone(ZoneInfo(platform.account.time_zone))
    is_budget = edit.kind is Kind.CAMPAIGN_BUDGET
    collection = "campaignBudgets" if is_budget else "campaigns"
    stamp = round(edit.at.timestamp() * MICROS)
    return {
        "change_event.resource_name": f"customers/{customer}/changeEvents/{stamp}~0~0",
        "change_event.change_date_time": f"{local:%Y-%m-%d %H:%M:%S.%f}",
        "change_event.change_resource_type": "CAMPAIGN_BUDGET" if is_budget else "CAMPAIGN",
        "change_event.change_resource_name": f"customers/{customer}/{collection}/{edit.id}",
        "change_event.client_type": CLIENTS.get(edit.client, "OTHER"),
        "change_event.user_email": edit.by,
        "change_event.resource_change_operation": "UPDATE",
        "change_event.changed_fields": message_class("google.protobuf.FieldMask")(paths=[edit.field.value]),
        "change_event.old_resource": _changed(edit, edit.before),
        "change_event.new_resource": _changed(edit, edit.after),
    }


def _changed(edit: PlatformEdit, number: int) -> Any:
    resource = message_class("resources.ChangeEvent.ChangedResource")()
    if edit.kind is Kind.CAMPAIGN_BUDGET:
        resource.campaign_budget.amount_micros = number
    else:
        resource.campaign.status = _STATUS_NUMBERS[number]
    return resource
