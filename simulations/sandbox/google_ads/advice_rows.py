"""Advice rows: simulations of other settings, and hours that somebody has marked."""

import zlib
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from agent.domain.advice import ResponseCurve, ResponsePoint, Window
from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.ref import Kind
from simulations.platform import Platform
from simulations.sandbox.google_ads.account_rows import AccountRows
from simulations.sandbox.google_ads.messages import message_class
from simulations.sandbox.google_ads.resources import ADJUSTMENTS, EXCLUSIONS, Collection
from simulations.sandbox.google_ads.search import Row

_TYPES = {Lever.DAILY_BUDGET: "BUDGET", Lever.TARGET_CPA: "TARGET_CPA", Lever.TARGET_ROAS: "TARGET_ROAS"}
_LISTS = {"BUDGET": "budget", "TARGET_CPA": "target_cpa", "TARGET_ROAS": "target_roas"}
_FIRST_NUMBER = 70_000_000_000
CHANNELS = {"search": "SEARCH", "shopping": "SHOPPING", "display": "DISPLAY", "video": "VIDEO"}
"""Google's words for the channels of marked hours."""


def number_of(hours: str) -> str:
    """The API's id of marked hours, which the platform calls by what they are."""
    return str(_FIRST_NUMBER + zlib.crc32(hours.encode()))


def simulations(platform: Platform, account: AccountRows) -> Iterator[Row]:
    """What the platform believes that last week would have brought."""
    customer = platform.account.id.account
    curves = platform.responses()
    for campaign in platform.campaigns:
        curve = curves.get(campaign.id)
        if curve is None or curve.lever not in _TYPES:
            continue
        word = _TYPES[curve.lever]
        ids = f"{campaign.id}~{word}~UNIFORM~{curve.since:%Y%m%d}~{curve.until:%Y%m%d}"
        yield {
            **account.customer,
            "campaign.resource_name": f"customers/{customer}/campaigns/{campaign.id}",
            "campaign.id": int(campaign.id),
            "campaign.name": campaign.name,
            "campaign_simulation.resource_name": f"customers/{customer}/campaignSimulations/{ids}",
            "campaign_simulation.campaign_id": int(campaign.id),
            "campaign_simulation.type": word,
            "campaign_simulation.modification_method": "UNIFORM",
            "campaign_simulation.start_date": curve.since.isoformat(),
            "campaign_simulation.end_date": curve.until.isoformat(),
            f"campaign_simulation.{_LISTS[word]}_point_list.points": _points(curve, word),
        }


def exclusions(platform: Platform, account: AccountRows, names: dict[str, str]) -> Iterator[Row]:
    """Data exclusions that are in force.

    Args:
        names: What somebody called them, by the API's id.
    """
    return _marked(platform, account, EXCLUSIONS, "data_exclusion_id", names)


def adjustments(platform: Platform, account: AccountRows, names: dict[str, str]) -> Iterator[Row]:
    """Seasonality adjustments that are in force."""
    return _marked(platform, account, ADJUSTMENTS, "seasonality_adjustment_id", names)


def _marked(
    platform: Platform, account: AccountRows, collection: Collection, id_field: str, names: dict[str, str]
) -> Iterator[Row]:
    zone = ZoneInfo(platform.account.time_zone)
    root = collection.field
    for window in platform.windows():
        if window.kind is not collection.kind:
            continue
        number = number_of(window.id)
        row = {
            **account.customer,
            f"{root}.resource_name": collection.name_of(platform.account.id.account, number),
            f"{root}.{id_field}": int(number),
            f"{root}.name": names.get(number, window.name),
            f"{root}.status": "ENABLED",
            f"{root}.start_date_time": f"{window.since.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            f"{root}.end_date_time": f"{window.until.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            **_scope(root, window),
        }
        if collection.kind is Kind.SEASONALITY:
            row[f"{root}.conversion_rate_modifier"] = window.modifier_millionths / MICROS
        yield row


def _scope(root: str, window: Window) -> Row:
    if not window.channels:
        return {f"{root}.scope": "CUSTOMER"}
    channels = [CHANNELS[channel] for channel in window.channels if channel in CHANNELS]
    return {f"{root}.scope": "CHANNEL", f"{root}.advertising_channel_types": channels}


def _points(curve: ResponseCurve, word: str) -> list[Any]:
    points = []
    for point in curve.points:
        message = message_class(f"common.{_message_of(word)}")()
        if word == "BUDGET":
            message.budget_amount_micros = point.number
        elif word == "TARGET_CPA":
            message.target_cpa_micros = point.number
        else:
            message.target_roas = point.number / MICROS
        _fill(message, point)
        points.append(message)
    return points


def _fill(message: Any, point: ResponsePoint) -> None:
    message.cost_micros = point.cost_micros
    if point.clicks is not None:
        message.clicks = round(point.clicks)
    if point.conversions is not None:
        message.biddable_conversions = point.conversions
    if point.value_micros is not None:
        message.biddable_conversions_value = point.value_micros / MICROS


def _message_of(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_")) + "SimulationPoint"
