"""History: change events as edits. Pure.

Google tells changes of budgets, campaigns, ad groups and criteria. Of portfolio strategies and
of marked hours it tells none: their changes show when values that were read differ.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.google_ads.targets import TARGET_FIELDS
from agent.domain.entity import Account
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import MICROS, Money
from agent.domain.outcome import Edit
from agent.domain.ref import Kind, Ref

_API = 6  # client_type GOOGLE_ADS_API
_STATUSES = {2: Status.ENABLED, 3: Status.PAUSED}


@dataclass(frozen=True, slots=True)
class _Resource:
    """A type of resource in the change history.

    Attributes:
        field: Where its old and new form stand.
        levers: By the path of the changed field.
    """

    kind: Kind
    field: str
    levers: Mapping[str, Lever]


_STATUS_AND_BID = {"status": Lever.STATUS, "cpc_bid_micros": Lever.CPC_BID}
_RESOURCES = {  # by change_resource_type
    6: _Resource(
        Kind.CAMPAIGN_BUDGET,
        "campaign_budget",
        {"amount_micros": Lever.DAILY_BUDGET, "total_amount_micros": Lever.LIFETIME_BUDGET},
    ),
    5: _Resource(
        Kind.CAMPAIGN,
        "campaign",
        {
            "status": Lever.STATUS,
            **{f"{strategy}.{field}": lever for strategy, (field, lever) in TARGET_FIELDS.items()},
        },
    ),
    3: _Resource(
        Kind.AD_GROUP,
        "ad_group",
        {**_STATUS_AND_BID, "target_cpa_micros": Lever.TARGET_CPA, "target_roas": Lever.TARGET_ROAS},
    ),
    4: _Resource(Kind.KEYWORD, "ad_group_criterion", _STATUS_AND_BID),
}


def resource_types(levels: Collection[Kind]) -> tuple[str, ...]:
    """Which types of resources to ask for, when these levels below the campaign are told."""
    names = ["CAMPAIGN_BUDGET", "CAMPAIGN"]
    names += ["AD_GROUP"] if Kind.AD_GROUP in levels else []
    names += ["AD_GROUP_CRITERION"] if Kind.KEYWORD in levels else []
    return tuple(names)


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
        resource = _RESOURCES.get(event.change_resource_type)
        if resource is None:
            continue
        at = datetime.fromisoformat(event.change_date_time).replace(tzinfo=zone).astimezone(UTC)
        user = event.user_email
        is_own_user = own_user is None or user.casefold() == own_user.casefold()
        program = event.DESCRIPTOR.fields_by_name["client_type"].enum_type.values_by_number.get(
            event.client_type
        )
        by = f"{user or 'unknown'} ({program.name.lower() if program else 'unknown'})"
        kind, id_ = resource.kind, event.change_resource_name.rsplit("/", 1)[-1]
        if kind is Kind.CAMPAIGN_BUDGET and id_ in campaign_of:
            kind, id_ = Kind.CAMPAIGN, campaign_of[id_]
        for path in event.changed_fields.paths:
            lever = resource.levers.get(path)
            if lever is not None:
                before = getattr(event.old_resource, resource.field)
                after = getattr(event.new_resource, resource.field)
                yield Edit(
                    at=at,
                    ref=Ref(account.id.platform, account.id.account, kind, id_),
                    lever=lever,
                    before=_value(before, path, lever, account.currency),
                    after=_value(after, path, lever, account.currency),
                    by=by,
                    ours=event.client_type == _API and is_own_user,
                )


def _value(number: Any, path: str, lever: Lever, currency: str) -> Value | None:
    """The value in the old or the new resource; None when Google does not tell."""
    for part in path.split("."):
        number = getattr(number, part)
    if lever is Lever.STATUS:
        return _STATUSES.get(number)
    if not number:
        return None
    return Ratio(round(number * MICROS)) if lever is Lever.TARGET_ROAS else Money(number, currency)
