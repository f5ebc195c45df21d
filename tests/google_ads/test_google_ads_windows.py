"""Marked hours: an id says which, and a change makes, alters or removes one window."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from google_ads_rows import CUSTOMER, account_of, bare_row, change, drafted, refusal
from hypothesis import given
from hypothesis import strategies as st

from adapters.google_ads.operations import Action, request_of, stored_otherwise
from adapters.google_ads.structure import Structure
from adapters.google_ads.windows import CHANNELS, LONGEST, Hours, hours_of_id, marked_of, window_of
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.outcome import Accepted
from agent.domain.ref import Kind

HOURS = "2026-11-10T08:00/2026-11-10T14:00"
NEVER = datetime(2000, 1, 1)  # local time of no account
NEW_YORK = ZoneInfo("America/New_York")


def exclusion(**fields: Any) -> Any:
    usual = {
        "bidding_data_exclusion__resource_name": f"customers/{CUSTOMER}/biddingDataExclusions/3",
        "bidding_data_exclusion__scope": "CUSTOMER",
        "bidding_data_exclusion__start_date_time": "2026-11-10 08:00:00",
        "bidding_data_exclusion__end_date_time": "2026-11-10 14:00:00",
    }
    return bare_row(**{**usual, **fields})


def sale(modifier: float) -> Any:
    return bare_row(
        bidding_seasonality_adjustment__resource_name=f"customers/{CUSTOMER}/biddingSeasonalityAdjustments/4",
        bidding_seasonality_adjustment__scope="CUSTOMER",
        bidding_seasonality_adjustment__start_date_time="2026-11-10 08:00:00",
        bidding_seasonality_adjustment__end_date_time="2026-11-10 14:00:00",
        bidding_seasonality_adjustment__conversion_rate_modifier=modifier,
    )


def standing(*rows: Any, kind: Kind = Kind.DATA_EXCLUSION) -> Structure:
    return account_of(windows={kind: marked_of(rows, kind)})


def message_of(structure: Structure, kind: Kind, id_: str, lever: Lever, value: Value) -> Any:
    batch = drafted(structure, change(lever, value, kind, id_))
    request = request_of(batch.operations, CUSTOMER, validate_only=False)
    (message,) = type(request).pb(request).operations
    return message


PARTS = st.one_of(
    st.just(Hours(NEVER, NEVER)),
    st.sets(st.sampled_from(CHANNELS), min_size=1).map(
        lambda each: Hours(NEVER, NEVER, channels=tuple(sorted(each)))
    ),
    st.sets(st.integers(1, 10**11).map(str), min_size=1, max_size=5).map(
        lambda each: Hours(NEVER, NEVER, campaigns=tuple(sorted(each)))
    ),
)


@given(
    since=st.datetimes(NEVER, NEVER.replace(year=2100)),
    minutes=st.integers(1, int(LONGEST.total_seconds()) // 60),
    part=PARTS,
)
def test_an_id_says_what_it_was_made_from(since: datetime, minutes: int, part: Hours) -> None:
    """One name for the same hours, whoever writes it."""
    since = since.replace(microsecond=0)
    hours = replace(part, since=since, until=since + timedelta(minutes=minutes))

    assert hours_of_id(str(hours)) == hours


@pytest.mark.parametrize(
    "id_",
    [
        "",
        "yesterday",
        "2026-11-10T08:00",
        "2026-11-10T08:00/2026-11-10T08:00",
        "2026-11-10T14:00/2026-11-10T08:00",
        "2026-11-10T08:00/2026-11-24T08:01",
        "2026-11-10T08:00+01:00/2026-11-10T14:00+01:00",
        "2026-11-10 08:00/2026-11-10 14:00",
        f"{HOURS} video",
        f"{HOURS} shopping,search",
        f"{HOURS} search,search",
        f"{HOURS} search,123",
        f"{HOURS} ",
    ],
)
def test_what_names_no_hours_that_google_takes_is_unknown(id_: str) -> None:
    """Nothing longer than 14 days, and one spelling only."""
    structure = standing()

    assert structure.levers(Kind.DATA_EXCLUSION, id_) == {}
    assert "no such data_exclusion" in refusal(
        drafted(structure, change(Lever.DATA_EXCLUSION, Status.ENABLED, Kind.DATA_EXCLUSION, id_))
    )


def test_hours_that_nobody_marked_read_as_none() -> None:
    """So that making a window is a change from something to something."""
    assert standing().levers(Kind.DATA_EXCLUSION, HOURS) == {Lever.DATA_EXCLUSION: 0}
    assert standing(exclusion()).levers(Kind.DATA_EXCLUSION, HOURS) == {Lever.DATA_EXCLUSION: 1}
    assert standing(kind=Kind.SEASONALITY).levers(Kind.SEASONALITY, HOURS) == {
        Lever.CONVERSION_RATE_MODIFIER: 1_000_000
    }
    assert standing(sale(1.25), kind=Kind.SEASONALITY).levers(Kind.SEASONALITY, HOURS) == {
        Lever.CONVERSION_RATE_MODIFIER: 1_250_000
    }


def test_an_exclusion_is_made_under_our_name() -> None:
    """For the whole account, in the account's own time."""
    message = message_of(standing(), Kind.DATA_EXCLUSION, HOURS, Lever.DATA_EXCLUSION, Status.ENABLED)

    made = message.create
    assert message.WhichOneof("operation") == "create"
    assert list(message.update_mask.paths) == []
    assert made.name == f"gebot {HOURS}"
    assert (made.start_date_time, made.end_date_time) == ("2026-11-10 08:00:00", "2026-11-10 14:00:00")
    assert (made.scope, list(made.campaigns), list(made.advertising_channel_types)) == (2, [], [])


def test_an_exclusion_for_channels_or_campaigns_says_so() -> None:
    """Scope and list belong together."""
    channels = message_of(
        standing(), Kind.DATA_EXCLUSION, f"{HOURS} search,shopping", Lever.DATA_EXCLUSION, Status.ENABLED
    ).create
    campaigns = message_of(
        standing(), Kind.DATA_EXCLUSION, f"{HOURS} 20,21", Lever.DATA_EXCLUSION, Status.ENABLED
    ).create

    assert (channels.scope, list(channels.advertising_channel_types)) == (5, [2, 4])
    assert (campaigns.scope, list(campaigns.campaigns)) == (
        4,
        [f"customers/{CUSTOMER}/campaigns/20", f"customers/{CUSTOMER}/campaigns/21"],
    )


def test_a_window_is_removed_by_its_inverse() -> None:
    """The one that stands, by its resource name."""
    excluded = message_of(
        standing(exclusion()), Kind.DATA_EXCLUSION, HOURS, Lever.DATA_EXCLUSION, Status.PAUSED
    )
    usual = message_of(
        standing(sale(1.25), kind=Kind.SEASONALITY),
        Kind.SEASONALITY,
        HOURS,
        Lever.CONVERSION_RATE_MODIFIER,
        Ratio.of(1),
    )

    assert excluded.remove == f"customers/{CUSTOMER}/biddingDataExclusions/3"
    assert usual.remove == f"customers/{CUSTOMER}/biddingSeasonalityAdjustments/4"


def test_a_modifier_is_made_and_altered() -> None:
    """Made with the window; altered by one leaf."""
    made = message_of(
        standing(kind=Kind.SEASONALITY),
        Kind.SEASONALITY,
        HOURS,
        Lever.CONVERSION_RATE_MODIFIER,
        Ratio.of("1.4"),
    )
    altered = message_of(
        standing(sale(1.25), kind=Kind.SEASONALITY),
        Kind.SEASONALITY,
        HOURS,
        Lever.CONVERSION_RATE_MODIFIER,
        Ratio.of("1.4"),
    )

    assert made.create.conversion_rate_modifier == 1.4
    assert list(altered.update_mask.paths) == ["conversion_rate_modifier"]
    assert altered.update.conversion_rate_modifier == 1.4


@pytest.mark.parametrize(("value", "why"), [(Ratio.of("0.05"), "0.1 to 10"), (Ratio.of(11), "0.1 to 10")])
def test_a_modifier_that_google_does_not_take_is_refused(value: Ratio, why: str) -> None:
    """Before the wire."""
    batch = drafted(
        standing(kind=Kind.SEASONALITY),
        change(Lever.CONVERSION_RATE_MODIFIER, value, Kind.SEASONALITY, HOURS),
    )

    assert why in refusal(batch)


def test_the_same_hours_marked_twice_are_left_to_people() -> None:
    """Removing one of them would change nothing, and gebot would not know which to keep."""
    second = exclusion(bidding_data_exclusion__resource_name=f"customers/{CUSTOMER}/biddingDataExclusions/9")

    batch = drafted(
        standing(exclusion(), second), change(Lever.DATA_EXCLUSION, Status.PAUSED, Kind.DATA_EXCLUSION, HOURS)
    )

    assert "2 windows mark these hours" in refusal(batch)


def test_hours_are_marked_once_in_a_batch_and_not_at_all_when_they_are() -> None:
    """A second wish for the same hours is refused; what stands costs no operation."""
    wish = change(Lever.DATA_EXCLUSION, Status.ENABLED, Kind.DATA_EXCLUSION, HOURS)

    twice, again = drafted(standing(), wish, wish), drafted(standing(exclusion()), wish)

    assert [operation.action for operation in twice.operations] == [Action.CREATE]
    assert "another change of the same batch" in refusal(twice, 1)
    assert (again.operations, type(again.settled[0])) == ((), Accepted)


def test_windows_of_others_are_told_in_utc_with_all_that_they_are_about() -> None:
    """A window for some devices counts as one for all: rather learn too little than wrongly."""
    (marked,) = marked_of(
        [
            exclusion(
                bidding_data_exclusion__scope="CHANNEL",
                bidding_data_exclusion__name="outage",
                bidding_data_exclusion__advertising_channel_types=["SHOPPING", "SEARCH"],
                bidding_data_exclusion__devices=["MOBILE"],
            )
        ],
        Kind.DATA_EXCLUSION,
    ).values()

    window = window_of(marked, NEW_YORK)

    assert (window.id, window.name, window.channels) == (
        f"{HOURS} search,shopping mobile",
        "outage",
        ("search", "shopping"),
    )
    assert (window.since.isoformat(), window.until.isoformat()) == (
        "2026-11-10T13:00:00+00:00",
        "2026-11-10T19:00:00+00:00",
    )


def test_an_answer_without_the_new_window_is_no_yes() -> None:
    """Only a full entry says that it stands."""
    batch = drafted(standing(), change(Lever.DATA_EXCLUSION, Status.ENABLED, Kind.DATA_EXCLUSION, HOURS))
    (operation,) = batch.operations
    result = type("Result", (), {"resource_name": ""})()

    assert stored_otherwise(operation, result) == "Google's answer has no entry for it"


def test_hours_of_a_channel_without_a_word_are_about_everything() -> None:
    """In doubt nothing is learned, and a channel of a newer API must not let days back in."""
    row = exclusion(bidding_data_exclusion__scope="CHANNEL")
    row.bidding_data_exclusion.advertising_channel_types.append(99)

    (marked,) = marked_of([row], Kind.DATA_EXCLUSION).values()

    assert window_of(marked, NEW_YORK).channels == ()
    assert str(marked.hours) != HOURS


def test_hours_that_name_nothing_do_not_stand_for_the_whole_account() -> None:
    """Where the campaigns of a window are gone, the account's own hours can still be marked."""
    marked = marked_of([exclusion(bidding_data_exclusion__scope="CAMPAIGN")], Kind.DATA_EXCLUSION)

    assert HOURS not in marked
    assert [window_of(each, NEW_YORK).campaigns for each in marked.values()] == [()]
