"""History: change events as edits. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.google_ads.campaigns import TARGET_FIELDS
from agent.domain.entity import Account
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import MICROS, Money
from agent.domain.outcome import Edit
from agent.domain.ref import Kind, Ref

_API = 6  # client_type GOOGLE_ADS_API
_BUDGET, _CAMPAIGN = 6, 5  # change_resource_type
_STATUSES = {2: Status.ENABLED, 3: Status.PAUSED}
_LEVER_PATHS = {
    "status": Lever.STATUS,
    **{f"{strategy}.{field}": lever for strategy, (field, lever) in TARGET_FIELDS.items()},
}


def edits_of(
    rows: Iterable[Any], account: Account, campaign_of: Mapping[str, str], own_user: str | None
) -> Iterator[Edit]:
    """The edits of levers among change events (protobuf form), in their order.

    Args:
        campaign_of: The campaign of each budget that is one campaign's own; any other
            budget is an entity by itself.
        own_user: The e-mail address that gebot signs in as; None: every change made
            through the API counts as gebot's own.
    """
    zone = ZoneInfo(account.time_zone)
    for row in rows:
        event = row.change_event
        at = datetime.fromisoformat(event.change_date_time).replace(tzinfo=zone).astimezone(UTC)
        user = event.user_email
        is_own_user = own_user is None or user.casefold() == own_user.casefold()
        program = event.DESCRIPTOR.fields_by_name["client_type"].enum_type.values_by_number.get(
            event.client_type
        )
        by = f"{user or 'unknown'} ({program.name.lower() if program else 'unknown'})"
        id_ = event.change_resource_name.rsplit("/", 1)[-1]
        for lever, kind, path in _levers(event):
            campaign = campaign_of.get(id_) if kind is Kind.CAMPAIGN_BUDGET else id_
            ref = Ref(
                account.id.platform,
                account.id.account,
                kind if campaign is None else Kind.CAMPAIGN,
                campaign or id_,
            )
            yield Edit(
                at=at,
                ref=ref,
                lever=lever,
                before=_value(event.old_resource, kind, path, lever, account.currency),
                after=_value(event.new_resource, kind, path, lever, account.currency),
                by=by,
                ours=event.client_type == _API and is_own_user,
            )


def _levers(event: Any) -> Iterator[tuple[Lever, Kind, str]]:
    """Lever, kind of resource and path of each changed field that is a lever."""
    for path in event.changed_fields.paths:
        if event.change_resource_type == _BUDGET and path == "amount_micros":
            yield Lever.DAILY_BUDGET, Kind.CAMPAIGN_BUDGET, path
        elif event.change_resource_type == _CAMPAIGN and path in _LEVER_PATHS:
            yield _LEVER_PATHS[path], Kind.CAMPAIGN, path


def _value(changed: Any, kind: Kind, path: str, lever: Lever, currency: str) -> Value | None:
    """The value in the old or the new resource; None when Google does not tell."""
    number = changed.campaign_budget if kind is Kind.CAMPAIGN_BUDGET else changed.campaign
    for part in path.split("."):
        number = getattr(number, part)
    if lever is Lever.STATUS:
        return _STATUSES.get(number)
    if not number:
        return None
    return Ratio(round(number * MICROS)) if lever is Lever.TARGET_ROAS else Money(number, currency)
