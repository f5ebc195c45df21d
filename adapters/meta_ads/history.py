"""History: the account's activities as edits. Pure.

Meta does not say what `extra_data` looks like, and writes its words in the language of whoever
looks. Seen so far: values side by side ("5000" and "7500"), values one level down
({"old_value": {"old_value": 5000, "type": "Per day"}}), words ("Active"), numbers for statuses.
What cannot be read becomes an edit without values: somebody did change the lever.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.meta_ads.structure import Structure
from adapters.meta_ads.units import ROAS_UNIT
from agent.domain.entity import Account
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.outcome import Edit
from agent.domain.ref import Kind, Ref

_EVENTS = {
    "update_campaign_budget": (Kind.CAMPAIGN, "budget"),
    "update_ad_set_budget": (Kind.AD_SET, "budget"),
    "update_campaign_run_status": (Kind.CAMPAIGN, "status"),
    "update_ad_set_run_status": (Kind.AD_SET, "status"),
    "update_ad_set_bidding": (Kind.AD_SET, "bid"),
}
_STATUSES = {
    "active": Status.ENABLED, "1": Status.ENABLED,
    "inactive": Status.PAUSED, "paused": Status.PAUSED, "2": Status.PAUSED, "7": Status.PAUSED,
    "8": Status.PAUSED, "15": Status.PAUSED,
}  # fmt: skip
# Meta writes one pause as three events, through these.
_PASSING_STATUSES = ("pending", "to be set")
_BID_FIELDS = ("bid_amount", "bid", "roas_average_floor")


@dataclass(frozen=True, slots=True)
class Own:
    """What gebot's own edits are told by; None: not told, so that any fits.

    Attributes:
        app: Id of the app that the token belongs to.
        user: Id of the (system) user that it belongs to.
    """

    app: str | None = None
    user: str | None = None

    def made(self, activity: Mapping[str, Any]) -> bool:
        """True when gebot made this edit, as far as it was told who gebot is."""
        pairs = ((self.app, "application_id"), (self.user, "actor_id"))
        return all(mine is None or str(activity.get(name) or "") == mine for mine, name in pairs)


def edits_of(
    activities: Iterable[Mapping[str, Any]], account: Account, structure: Structure, own: Own
) -> Iterator[Edit]:
    """The edits of levers among activities, in their order.

    Args:
        structure: As it stands now: tells which budget and which bid an object has.
    """
    for activity in activities:
        kind, what = _EVENTS.get(str(activity.get("event_type")), (None, ""))
        if kind is None:
            continue
        id_ = str(activity["object_id"])
        extra = _extra(activity)
        before, after = (_leaf(extra.get(name), name) for name in ("old_value", "new_value"))
        if what == "status" and str(after or "").lower().startswith(_PASSING_STATUSES):
            continue
        lever = _lever(what, kind, id_, extra, structure)
        yield Edit(
            at=datetime.fromisoformat(str(activity["event_time"])).astimezone(UTC),
            ref=Ref(account.id.platform, account.id.account, kind, id_),
            lever=lever,
            before=_value(before, lever, account),
            after=_value(after, lever, account),
            by=_who(activity),
            ours=own.made(activity),
        )


def _extra(activity: Mapping[str, Any]) -> Mapping[str, Any]:
    """What changed, or nothing where it cannot be read."""
    given = activity.get("extra_data")
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return {}
    return given if isinstance(given, Mapping) else {}


def _leaf(value: Any, name: str) -> str | None:
    """The value itself, from where it stands or from one or two levels down."""
    for _ in range(3):
        if not isinstance(value, Mapping):
            break
        names = [key for key in (name, *_BID_FIELDS) if key in value]
        value = value[names[0]] if names else None
    return None if value is None or isinstance(value, list | bool) else str(value)


def _lever(what: str, kind: Kind, id_: str, extra: Mapping[str, Any], structure: Structure) -> Lever:
    node = structure.node(kind, id_)
    if what == "status":
        return Lever.STATUS
    if what == "bid":
        return node.bid.lever if node is not None and node.bid is not None else Lever.BID_CAP
    words = json.dumps(extra).lower()
    if "lifetime" in words or "per day" in words or "daily" in words:
        return Lever.LIFETIME_BUDGET if "lifetime" in words else Lever.DAILY_BUDGET
    return node.budget.lever if node is not None and node.budget is not None else Lever.DAILY_BUDGET


def _value(text: str | None, lever: Lever, account: Account) -> Value | None:
    """The value in gebot's form; None when it cannot be told."""
    if text is None:
        return None
    if lever is Lever.STATUS:
        return _STATUSES.get(text.strip().lower())
    try:
        number = int(text)
    except ValueError:
        return None
    if number <= 0:
        return None
    if lever is Lever.TARGET_ROAS:
        return Ratio(number * ROAS_UNIT)
    return Money(number * account.unit_micros, account.currency)


def _who(activity: Mapping[str, Any]) -> str:
    actor = activity.get("actor_name") or activity.get("actor_id") or "unknown"
    through = activity.get("application_name") or activity.get("application_id")
    return f"{actor} ({through})" if through else str(actor)
