"""Marking: changes of marked hours as operations that make, change or remove a window. Pure."""

from adapters.google_ads.operations import EXCLUSIONS, SEASONALITY, Action, Operation, Setting
from adapters.google_ads.structure import Structure
from adapters.google_ads.values import on_the_wire
from adapters.google_ads.windows import Hours, hours_of_id
from agent.domain.lever import Lever, Ratio, Status
from agent.domain.money import MICROS
from agent.domain.outcome import Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind

_SERVICE_OF = {Kind.DATA_EXCLUSION: EXCLUSIONS, Kind.SEASONALITY: SEASONALITY}
_WHOLE_ACCOUNT, _CAMPAIGNS, _CHANNELS = 2, 4, 5  # scope
_CHANNEL_NUMBERS = {"search": 2, "display": 3, "shopping": 4}
_LONGEST_NAME = 255
_MODIFIER = "conversion_rate_modifier"


def marking(change: Change, structure: Structure, position: int) -> Operation | Receipt:
    """The operation of a change to hours that stand otherwise now.

    A window is made under a name that begins with "gebot", and removed when its lever goes
    back to none. A removed window stays in Google's own lists as removed.
    """
    ref, after = change.ref, change.after
    service = _SERVICE_OF[ref.kind]
    marked = structure.windows[ref.kind].get(ref.id)
    is_none = after is Status.PAUSED or after == Ratio(MICROS)
    if marked is None:
        hours = hours_of_id(ref.id)
        if hours is None:
            return Refused(f"{ref.id!r} does not name hours that gebot may mark")
        settings = _settings(ref.account, hours)
        if change.lever is Lever.CONVERSION_RATE_MODIFIER:
            settings += (Setting(_MODIFIER, on_the_wire(after)),)
        return Operation(service, "", settings, (position,), Action.CREATE)
    if len(marked.names) > 1:
        return Refused(f"{len(marked.names)} windows mark these hours; remove all but one at Google")
    if is_none:
        return Operation(service, marked.names[0], (), (position,), Action.REMOVE)
    return Operation(service, marked.names[0], (Setting(_MODIFIER, on_the_wire(after)),), (position,))


def _settings(account: str, hours: Hours) -> tuple[Setting, ...]:
    scope = _CHANNELS if hours.channels else _CAMPAIGNS if hours.campaigns else _WHOLE_ACCOUNT
    settings: tuple[Setting, ...] = (
        Setting("scope", scope),
        Setting("name", f"gebot {hours}"[:_LONGEST_NAME]),
        Setting("start_date_time", f"{hours.since:%Y-%m-%d %H:%M:%S}"),
        Setting("end_date_time", f"{hours.until:%Y-%m-%d %H:%M:%S}"),
    )
    if hours.channels:
        numbers = tuple(_CHANNEL_NUMBERS[channel] for channel in hours.channels)
        settings += (Setting("advertising_channel_types", numbers),)
    if hours.campaigns:
        names = tuple(f"customers/{account}/campaigns/{campaign}" for campaign in hours.campaigns)
        settings += (Setting("campaigns", names),)
    return settings
