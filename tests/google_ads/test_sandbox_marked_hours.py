"""Data exclusions and seasonality adjustments in the sandbox, through the official client."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.ads.googleads.errors import GoogleAdsException
from google_ads_account import opened
from google_ads_wire import CUSTOMER, Wire

from agent.domain.ref import Kind
from simulations.sandbox.google_ads.serve import Sandbox

EXCLUSIONS = "BiddingDataExclusionService"
ADJUSTMENTS = "BiddingSeasonalityAdjustmentService"
_OPERATIONS = {EXCLUSIONS: "BiddingDataExclusion", ADJUSTMENTS: "BiddingSeasonalityAdjustment"}
_CUSTOMER, _CAMPAIGN, _CHANNEL, _SEARCH = 2, 4, 5, 2


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    running = opened(tmp_path_factory.mktemp("marked"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def channel(marked: Sandbox) -> Wire:
    return Wire(marked)


@pytest.fixture
def wire(channel: Wire, marked: Sandbox) -> Iterator[Wire]:
    """Begins without any marked hours."""
    yield channel
    for service, field in (
        (EXCLUSIONS, "bidding_data_exclusion"),
        (ADJUSTMENTS, "bidding_seasonality_adjustment"),
    ):
        for row in channel.rows(f"SELECT {field}.resource_name FROM {field}"):
            remove(channel, service, getattr(row, field).resource_name)


def create(wire: Wire, service: str, since: str, until: str, **values: Any) -> Any:
    operation = wire.message(f"{_OPERATIONS[service]}Operation")
    operation.create.scope = values.pop("scope", _CUSTOMER)
    operation.create.start_date_time, operation.create.end_date_time = since, until
    operation.create.advertising_channel_types.extend(values.pop("channels", ()))
    operation.create.campaigns.extend(values.pop("campaigns", ()))
    for name, value in values.items():
        setattr(operation.create, name, value)
    return wire.mutate(service, [operation], response_content_type=2).results[0]


def update(wire: Wire, service: str, name: str, **values: Any) -> Any:
    operation = wire.message(f"{_OPERATIONS[service]}Operation")
    operation.update.resource_name = name
    for field, value in values.items():
        setattr(operation.update, field, value)
        operation.update_mask.paths.append(field)
    return wire.mutate(service, [operation], response_content_type=2).results[0]


def remove(wire: Wire, service: str, name: str) -> Any:
    operation = wire.message(f"{_OPERATIONS[service]}Operation")
    operation.remove = name
    return wire.mutate(service, [operation]).results[0]


def test_an_exclusion_is_made_told_and_taken_away(wire: Wire, marked: Sandbox) -> None:
    """Times are local; the answer and the query tell what was made."""
    made = create(wire, EXCLUSIONS, "2026-11-10 08:00:00", "2026-11-10 14:00:00", name="Tag was down")
    select = (
        "SELECT bidding_data_exclusion.name, bidding_data_exclusion.start_date_time,"
        " bidding_data_exclusion.status FROM bidding_data_exclusion"
    )
    rows = wire.rows(select)
    windows = [(window.kind, window.id) for window in marked.platform.windows()]
    remove(wire, EXCLUSIONS, made.resource_name)

    told = rows[0].bidding_data_exclusion
    assert (told.name, told.start_date_time, told.status) == ("Tag was down", "2026-11-10 08:00:00", 2)
    assert made.bidding_data_exclusion.end_date_time == "2026-11-10 14:00:00"
    assert windows == [(Kind.DATA_EXCLUSION, "2026-11-10T08:00/2026-11-10T14:00")]
    assert marked.platform.windows() == ()
    masks = [entry.mask for entry in marked.journal.mutations()[-2:]]
    assert masks == [f"{word} 2026-11-10T08:00/2026-11-10T14:00" for word in ("create", "remove")]


def test_an_adjustment_is_made_and_changed(wire: Wire, marked: Sandbox) -> None:
    """Its modifier alone, and its hours, which gives it another name on the platform."""
    made = create(
        wire,
        ADJUSTMENTS,
        "2026-11-27 00:00:00",
        "2026-11-28 00:00:00",
        conversion_rate_modifier=1.5,
        scope=_CHANNEL,
        channels=[_SEARCH],
    )
    stronger = update(wire, ADJUSTMENTS, made.resource_name, conversion_rate_modifier=2.0)
    longer = update(wire, ADJUSTMENTS, made.resource_name, end_date_time="2026-11-29 00:00:00")

    windows = [(window.id, window.modifier_millionths) for window in marked.platform.windows()]
    assert windows == [("2026-11-27T00:00/2026-11-29T00:00 search", 2_000_000)]
    assert stronger.bidding_seasonality_adjustment.conversion_rate_modifier == 2.0
    assert longer.bidding_seasonality_adjustment.conversion_rate_modifier == 2.0
    assert list(longer.bidding_seasonality_adjustment.advertising_channel_types) == [_SEARCH]


DAY = ("2026-11-27 00:00:00", "2026-11-28 00:00:00")
REFUSED: list[tuple[str, tuple[str, str], dict[str, Any], str]] = [
    (EXCLUSIONS, ("2026-11-10 14:00:00", "2026-11-10 08:00:00"), {}, "START_DATE_AFTER_END_DATE"),
    (EXCLUSIONS, ("2026-11-01 00:00:00", "2026-11-16 00:00:00"), {}, "AFTER_MAXIMUM_ALLOWABLE_DATE"),
    (EXCLUSIONS, ("2026-11-10", "2026-11-11"), {}, "INVALID_STRING_DATE_TIME_SECONDS"),
    (EXCLUSIONS, ("2026-11-10 08:00:30", "2026-11-11 00:00:00"), {}, "GRANULARITY"),
    (EXCLUSIONS, ("", "2026-11-11 00:00:00"), {}, "REQUIRED"),
    (EXCLUSIONS, DAY, {"scope": 0}, "REQUIRED"),
    (EXCLUSIONS, DAY, {"scope": _CHANNEL}, "INVALID_VALUE"),
    (EXCLUSIONS, DAY, {"channels": [_SEARCH]}, "INVALID_VALUE"),
    (EXCLUSIONS, DAY, {"scope": _CHANNEL, "channels": [9]}, "INVALID_VALUE"),
    (EXCLUSIONS, DAY, {"scope": _CAMPAIGN, "campaigns": ["customers/1/campaigns/2"]}, "MUTATE_NOT_ALLOWED"),
    (EXCLUSIONS, DAY, {"name": "x" * 256}, "TOO_LONG"),
    (EXCLUSIONS, DAY, {"resource_name": f"customers/{CUSTOMER}/biddingDataExclusions/1"}, "MUST_BE_UNSET"),
    (ADJUSTMENTS, DAY, {"conversion_rate_modifier": 0.05}, "TOO_LOW"),
    (ADJUSTMENTS, DAY, {"conversion_rate_modifier": 11.0}, "TOO_HIGH"),
    (ADJUSTMENTS, ("2026-11-01 00:00:00", "2026-11-02 00:00:00"), {}, "CANNOT_SET_DATE_TO_PAST"),
]


@pytest.mark.parametrize(("service", "hours", "values", "code"), REFUSED)
def test_hours_that_google_would_refuse_are_refused(
    wire: Wire, marked: Sandbox, service: str, hours: tuple[str, str], values: dict[str, Any], code: str
) -> None:
    """And nothing is marked."""
    with pytest.raises(GoogleAdsException, match=code):
        create(wire, service, *hours, **values)

    assert marked.platform.windows() == ()


def test_the_same_hours_are_marked_once(wire: Wire) -> None:
    """RESOURCE_ALREADY_EXISTS the second time."""
    create(wire, EXCLUSIONS, *DAY)

    with pytest.raises(GoogleAdsException, match="RESOURCE_ALREADY_EXISTS"):
        create(wire, EXCLUSIONS, *DAY)


def test_what_is_not_there_cannot_be_taken_away(wire: Wire) -> None:
    """RESOURCE_NOT_FOUND."""
    with pytest.raises(GoogleAdsException, match="RESOURCE_NOT_FOUND"):
        remove(wire, EXCLUSIONS, f"customers/{CUSTOMER}/biddingDataExclusions/1")
