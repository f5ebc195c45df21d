"""Marking: data exclusions and seasonality adjustments, made, changed and taken away."""

import re
from datetime import datetime
from typing import Any

from agent.domain.marked_hours import MarkedHours
from agent.domain.money import MICROS
from agent.domain.ref import Kind
from simulations.groups import OF_HOURS
from simulations.journal import Field
from simulations.objections import Fault
from simulations.platform import Platform
from simulations.sandbox.google_ads.advice_rows import CHANNELS, number_of
from simulations.sandbox.google_ads.checks import id_of
from simulations.sandbox.google_ads.masks import masked, number_at
from simulations.sandbox.google_ads.orders import Item, Order, Setting
from simulations.sandbox.google_ads.refusal import Refusal
from simulations.sandbox.google_ads.resources import Collection

_NONE = {Field.EXCLUSION: 0, Field.MODIFIER: MICROS}
_STORED = ("conversion_rate_modifier", "start_date_time", "end_date_time", "name", "description")
_CODES = {
    Fault.NOT_ABOVE_ZERO: "range_error.TOO_LOW",
    Fault.BELOW_MINIMUM: "range_error.TOO_LOW",
    Fault.MALFORMED: "date_range_error.INVALID_DATE",
}
_CUSTOMER, _CAMPAIGN, _CHANNEL = 2, 4, 5
_LONGEST_NAME = 255


class Marking:
    """Turns operations on marked hours into orders."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def order(self, item: Item, customer: str) -> Order:
        """What the operation asks for.

        Raises:
            Refusal: Google would not let it through, or the sandbox has nothing of the kind.
        """
        what = item.operation.WhichOneof("operation")
        if what == "create":
            return self._created(item.collection, item.operation.create, customer)
        window = self._standing(item.collection, item.resource_name, customer)
        field = OF_HOURS[item.collection.kind]
        gone = Setting("remove", item.collection.kind, window, field, _NONE[field])
        if what == "remove":
            return Order(item.resource_name, (gone,))
        return self._updated(item, window, customer)

    def _created(self, collection: Collection, resource: Any, customer: str) -> Order:
        if resource.resource_name:
            message = "A new resource is named by Google."
            raise Refusal("field_error.VALUE_MUST_BE_UNSET", message, path=("create", "resource_name"))
        hours = self._hours(resource)
        if hours.id in self._marked(collection.kind):
            raise Refusal(
                "mutate_error.RESOURCE_ALREADY_EXISTS", f"These hours are marked already: {hours.id}."
            )
        setting = self._setting(collection, "create", hours, resource)
        name = collection.name_of(customer, number_of(hours.id))
        return Order(name, (setting,), name=resource.name or None)

    def _updated(self, item: Item, window: str, customer: str) -> Order:
        collection, resource = item.collection, item.operation.update
        paths = masked(collection, item.operation)
        for path in paths:
            if path not in _STORED:
                raise Refusal("mutate_error.MUTATE_NOT_ALLOWED", f"The sandbox does not store '{path}'.")
        standing = MarkedHours.parse(window)
        assert standing is not None, "it was marked"
        field = OF_HOURS[collection.kind]
        since = _time(resource.start_date_time) if "start_date_time" in paths else standing.since
        until = _time(resource.end_date_time) if "end_date_time" in paths else standing.until
        hours = MarkedHours(since, until, standing.channels)
        modifier = resource if "conversion_rate_modifier" in paths else None
        settings = [self._setting(collection, ",".join(paths), hours, modifier, standing=window)]
        if hours.id != window:
            settings.insert(0, Setting("remove", collection.kind, window, field, _NONE[field]))
        name = collection.name_of(customer, number_of(hours.id))
        return Order(name, tuple(settings), name=resource.name if "name" in paths else None)

    def _setting(
        self, collection: Collection, mask: str, hours: MarkedHours, resource: Any, *, standing: str = ""
    ) -> Setting:
        """The hours with the modifier of the resource, else with the one that stands."""
        field = OF_HOURS[collection.kind]
        number: int | None = 1
        if field is Field.MODIFIER:
            number = (
                self._platform.standing(collection.kind, standing, field)
                if resource is None
                else number_at(resource, "conversion_rate_modifier", field)
            )
        zone = self._platform.account.time_zone
        if hours.since >= hours.until:
            code = "date_range_error.START_DATE_AFTER_END_DATE"
            raise Refusal(code, "The hours end before they begin.")
        if field is Field.MODIFIER and hours.until_utc(zone) <= self._platform.now():
            message = "A seasonality adjustment is for hours to come."
            raise Refusal("date_range_error.CANNOT_SET_DATE_TO_PAST", message)
        objection = self._platform.object_to(
            collection.kind, hours.id, field, MICROS if number is None else number
        )
        if objection is not None:
            too_long = (hours.until - hours.since).days >= 14  # Google's limit
            above = "date_range_error.AFTER_MAXIMUM_ALLOWABLE_DATE" if too_long else "range_error.TOO_HIGH"
            raise Refusal(_CODES.get(objection.fault, above), objection.because)
        return Setting(mask, collection.kind, hours.id, field, number)

    def _hours(self, resource: Any) -> MarkedHours:
        if len(resource.name) > _LONGEST_NAME:
            raise Refusal("string_length_error.TOO_LONG", "The name is too long.", path=("create", "name"))
        if resource.scope == _CAMPAIGN or resource.campaigns or resource.devices:
            message = "The sandbox marks hours of all campaigns or of channels, on all devices."
            raise Refusal("mutate_error.MUTATE_NOT_ALLOWED", message)
        if resource.scope not in (_CUSTOMER, _CHANNEL):
            raise Refusal("field_error.REQUIRED", "The scope is missing.", path=("create", "scope"))
        if (resource.scope == _CHANNEL) != bool(resource.advertising_channel_types):
            message = "Channels are named where the scope is CHANNEL, and only there."
            raise Refusal("field_error.INVALID_VALUE", message, path=("create", "advertising_channel_types"))
        values = resource.DESCRIPTOR.fields_by_name["advertising_channel_types"].enum_type.values_by_number
        words = {word: channel for channel, word in CHANNELS.items()}
        channels = []
        where = ("create", "advertising_channel_types")
        for number in resource.advertising_channel_types:
            word = values[number].name if number in values else str(number)
            if word not in words:
                message = f"The channel {word} is not supported."
                raise Refusal("field_error.INVALID_VALUE", message, path=where)
            channels.append(words[word])
        since, until = _time(resource.start_date_time), _time(resource.end_date_time)
        return MarkedHours(since, until, tuple(sorted(set(channels))))

    def _marked(self, kind: Kind) -> dict[str, str]:
        return {window.id: number_of(window.id) for window in self._platform.windows() if window.kind is kind}

    def _standing(self, collection: Collection, resource_name: str, customer: str) -> str:
        """What the platform calls the hours of this resource."""
        number = id_of(collection, resource_name, customer)
        for window, known in self._marked(collection.kind).items():
            if known == number:
                return window
        raise Refusal("mutate_error.RESOURCE_NOT_FOUND", f"'{resource_name}' was not found.")


def _time(text: str) -> datetime:
    """A local time of the account, "2026-11-21 08:00:00"."""
    if not text:
        raise Refusal("field_error.REQUIRED", "A time is missing.")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", text):
        raise Refusal(
            "date_error.INVALID_STRING_DATE_TIME_SECONDS", f"{text!r} is not of the form YYYY-MM-DD HH:MM:SS."
        )
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal("date_error.INVALID_STRING_DATE_TIME_SECONDS", f"{text!r} is no time.") from None
    if moment.second:
        message = "The sandbox marks whole minutes."
        raise Refusal("date_range_error.REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED", message)
    return moment
