"""Activities: who changed what in the simulated account, as Meta tells it."""

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agent.domain.ref import Kind
from simulations.journal import Field, PlatformEdit
from simulations.platform import Platform
from simulations.sandbox.meta_ads.call import Call
from simulations.sandbox.meta_ads.fields import Row
from simulations.sandbox.meta_ads.ids import shown
from simulations.sandbox.meta_ads.money import units
from simulations.sandbox.meta_ads.nodes import ROAS_STEP
from simulations.sandbox.meta_ads.refusal import PARAMETER, Refusal

_USUAL_SPAN = timedelta(days=7)
_BUDGETS = (Field.AMOUNT, Field.LIFETIME_AMOUNT)
# What people edit through, and under which application Meta has it.
_APPLICATIONS = {
    "web": ("119211728144504", "Ads Manager"),
    "editor": ("119211728144504", "Ads Manager"),
    "rule": ("1000000000000009", "Automated Rules"),
    "scripts": ("1000000000000010", "Another App"),
}


class Activities:
    """The account's history."""

    def __init__(self, platform: Platform, app_id: str, *, delay: timedelta = timedelta(0)) -> None:
        """Read from this platform.

        Args:
            app_id: Through which gebot's own edits come.
            delay: How long an edit takes to show.
        """
        self._platform = platform
        self._app_id = app_id
        self._delay = delay
        self._zone = ZoneInfo(platform.account.time_zone)
        self._campaign_of = {budget.id: budget.campaign_ids[0] for budget in platform.budgets}
        self._names = {campaign.id: campaign.name for campaign in platform.campaigns}
        self._names |= {group.id: group.name for group in platform.groups}

    def rows(self, call: Call) -> list[Row]:
        """Edits of the time asked about, the latest first; of the last week when none is named.

        Raises:
            Refusal: A moment is neither a day nor a number of seconds.
        """
        now = self._platform.now()
        until = min(self._moment(call, "until", now), now - self._delay)
        since = self._moment(call, "since", until - _USUAL_SPAN)
        edits = [edit for edit in self._platform.edits(since) if edit.at <= until]
        return [self._row(edit) for edit in reversed(edits)]

    def _moment(self, call: Call, name: str, default: datetime) -> datetime:
        text = call.params.get(name)
        if text is None:
            return default
        if text.isdigit():
            return datetime.fromtimestamp(int(text), UTC)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise Refusal(PARAMETER, f"Param {name} must be a date or a timestamp", blame=[name]) from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)

    def _row(self, edit: PlatformEdit) -> Row:
        is_ours = edit.client == "api"
        application, tool = _APPLICATIONS.get(edit.client, (self._app_id, "gebot"))
        id_, kind = edit.id, edit.kind
        if kind is Kind.CAMPAIGN_BUDGET:
            id_, kind = self._campaign_of[edit.id], Kind.CAMPAIGN
        event = _event(kind, edit.field)
        return {
            "event_time": edit.at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "date_time_in_timezone": edit.at.astimezone(self._zone).strftime("%m/%d/%Y at %-I:%M %p"),
            "event_type": event,
            "translated_event_type": event.replace("_", " ").capitalize(),
            "object_id": shown(id_),
            "object_name": self._names.get(id_, ""),
            "object_type": "CAMPAIGN" if kind is Kind.AD_SET else "CAMPAIGN_GROUP",
            "actor_id": actor_id(edit.by),
            "actor_name": edit.by,
            "application_id": self._app_id if is_ours else application,
            "application_name": "gebot" if is_ours else tool,
            "tool": tool,
            "extra_data": json.dumps(self._extra(edit)),
        }

    def _extra(self, edit: PlatformEdit) -> Mapping[str, Any]:
        """Before and after; the layout of Meta's is not documented."""
        currency = self._platform.account.currency
        if edit.field is Field.STATUS:
            words = {0: "Inactive", 1: "Active"}
            return {"old_value": words[edit.before], "new_value": words[edit.after], "type": "run_status"}
        if edit.field is Field.TARGET_ROAS:
            before, after = edit.before // ROAS_STEP, edit.after // ROAS_STEP
            return {"old_value": before, "new_value": after, "type": "roas_average_floor"}
        return {
            "old_value": units(edit.before, currency),
            "new_value": units(edit.after, currency),
            "currency": currency,
            "type": "payment_amount",
        }


def actor_id(name: str) -> str:
    """The number under which somebody is known."""
    return str(10_000_000_000_000 + zlib.crc32(name.encode()))


def _event(kind: Kind, field: Field) -> str:
    thing = "ad_set" if kind is Kind.AD_SET else "campaign"
    if field in _BUDGETS:
        return f"update_{thing}_budget"
    return f"update_{thing}_run_status" if field is Field.STATUS else f"update_{thing}_bidding"
