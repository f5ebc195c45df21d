"""Marked hours: which days of which entities they are about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.advice import Window
from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.exclusion import excluded_days
from agent.domain.marked_hours import MarkedHours
from agent.domain.ref import AccountId, Kind
from agent.steps.recall import digest

DAYS = np.arange(np.datetime64("2026-11-09"), np.datetime64("2026-11-14"))


def table(account: Account = sample.ACCOUNT, prefix: str = "") -> EntityTable:
    """Two campaigns with a group and a keyword in the first, and what campaigns may share."""
    return entity_table(
        account,
        [prefix + id_ for id_ in ("1", "2", "11", "11~5", "9", "8")],
        names=["A", "B", "a", "shoes", "shared", "portfolio"],
        kinds=["campaign", "campaign", "ad_group", "keyword", "campaign_budget", "bidding_strategy"],
        parents=["", "", prefix + "1", prefix + "1", "", ""],
        channels=["search", "shopping", "search", "", "", ""],
    )


def named(window_table: EntityTable, excluded: np.ndarray) -> dict[str, list[int]]:
    """Of each entity, which days are out."""
    pairs = zip(window_table.names.tolist(), excluded, strict=True)
    return {name: np.flatnonzero(row).tolist() for name, row in pairs if row.any()}


def test_hours_touch_each_day_that_they_lie_on() -> None:
    """From the evening of one day into the next; midnight itself belongs to no more."""
    windows = sample.marked("2026-11-10T20:00/2026-11-12T00:00").windows

    found = named(table(), excluded_days(windows, table(), DAYS))

    assert found == {key: [1, 2] for key in ["A", "B", "a", "shoes", "shared", "portfolio"]}


def test_days_are_those_of_the_accounts_time_zone() -> None:
    """An hour before midnight in London is the next day in Berlin."""
    account = replace(sample.ACCOUNT, time_zone="Europe/Berlin")
    window = Window(
        Kind.DATA_EXCLUSION,
        "any",
        "",
        datetime(2026, 11, 10, 23, tzinfo=UTC),
        datetime(2026, 11, 10, 23, 30, tzinfo=UTC),
    )

    assert (
        excluded_days([window], table(account), DAYS).any(axis=0).tolist()
        == [False] * 2 + [True] + [False] * 2
    )


def test_a_channel_is_out_with_all_whose_channel_nobody_knows() -> None:
    """In doubt nothing is learned."""
    windows = sample.marked("2026-11-10T08:00/2026-11-10T14:00 shopping").windows

    found = set(named(table(), excluded_days(windows, table(), DAYS)))

    assert found == {"B", "shoes", "shared", "portfolio"}


def test_a_campaign_is_out_with_what_is_in_it_and_what_it_may_share() -> None:
    """Nobody tells which campaigns are on a shared budget."""
    windows = sample.marked("2026-11-10T08:00/2026-11-10T14:00", campaigns=["1"]).windows

    found = set(named(table(), excluded_days(windows, table(), DAYS)))

    assert found == {"A", "a", "shoes", "shared", "portfolio"}


def test_hours_of_one_member_leave_the_others_of_a_joint_account_alone() -> None:
    """Their ids begin with whose they are."""
    joint = replace(sample.ACCOUNT, id=AccountId("joint", "both"))
    google = table(joint, "google_ads:1/")
    both = replace(google, ids=np.array(["google_ads:1/1", *(f"meta_ads:2/{n}" for n in range(5))]))
    window = replace(
        sample.marked("2026-11-10T08:00/2026-11-10T14:00").windows[0],
        id="google_ads:1/2026-11-10T08:00/2026-11-10T14:00",
    )

    assert excluded_days([window], both, DAYS).any(axis=1).tolist() == [True, *[False] * 5]


def test_a_cut_of_a_snapshot_leaves_out_the_same_days() -> None:
    """A portfolio of keywords alone is about the same campaigns."""
    whole = sample.snapshot(table(), n_days=14)
    whole = replace(whole, advice=sample.marked("2026-11-10T08:00/2026-11-10T14:00", campaigns=["1"]))
    keyword = np.flatnonzero(whole.entities.kinds == "keyword")

    assert (whole.only(keyword).excluded == whole.excluded[keyword]).all()
    assert (whole.before(3).excluded == whole.excluded[:, :-3]).all()
    assert (whole.learnable == ~whole.excluded).all()


def test_nothing_marked_is_nothing_out() -> None:
    """And what is known can all be learned from."""
    known = np.arange(30) != 4

    found = sample.snapshot(table(), known=known)

    assert not found.excluded.any()
    assert (found.learnable == known).all()


def test_the_digest_of_a_snapshot_covers_what_the_platform_told() -> None:
    """A plan that was made without knowing of an exclusion is not one that was made with it."""
    plain = sample.snapshot(table())

    assert digest(plain) != digest(replace(plain, advice=sample.marked("2026-11-10T08:00/2026-11-10T14:00")))


def test_the_last_learnable_days_are_what_evidence_counts() -> None:
    """Marked days are stepped over as unknown ones are."""
    snapshot = sample.snapshot(sample.entities([50]), clicks=np.arange(30), maturity=np.r_[np.ones(29), 0.5])
    marked = replace(snapshot, advice=sample.marked("2026-11-19T08:00/2026-11-21T00:00"))

    assert snapshot.recent.clicks.tolist() == [sum(range(16, 30))]
    assert marked.recent.clicks.tolist() == [sum(range(14, 28))]
    assert marked.recent.history_days.tolist() == [28]
    assert marked.recent.reported.tolist() == [1.0]


@pytest.mark.parametrize(
    "id_",
    [
        "2026-11-10T08:00",
        "2026-11-10T14:00/2026-11-10T08:00",
        "2026-11-10T08:00/2026-11-31T08:00",
        "2026-11-10T08:00/2026-11-10T14:00 shopping,search",
        "2026-11-10T08:00/2026-11-10T14:00 Search",
        "2026-11-10T08:00/2026-11-10T14:00 ",
        "2026-11-10T08:00+01:00/2026-11-10T14:00+01:00",
    ],
)
def test_an_id_that_says_no_hours_is_none(id_: str) -> None:
    """There is one way to write each, or two refs would be one window."""
    assert MarkedHours.parse(id_) is None


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=60)),
    st.lists(st.sampled_from(["search", "shopping", "performance_max"])),
)
def test_ids_come_back(since: datetime, length: timedelta, channels: list[str]) -> None:
    """What is written is read."""
    since = since.replace(second=0, microsecond=0)
    until = (since + length).replace(second=0, microsecond=0)
    hours = MarkedHours(since, until, tuple(sorted(set(channels))))

    assert until == since or MarkedHours.parse(hours.id) == hours


def test_local_hours_are_moments_in_their_zone() -> None:
    """Eight o'clock in Berlin is seven in London."""
    hours = MarkedHours.parse("2026-11-10T08:00/2026-11-10T14:00")
    assert hours is not None

    assert hours.since_utc("Europe/Berlin") == datetime(2026, 11, 10, 7, tzinfo=UTC)
    assert hours.until_utc("Europe/Berlin") == datetime(2026, 11, 10, 13, tzinfo=UTC)
    moments = (hours.since_utc("Europe/Berlin"), hours.until_utc("Europe/Berlin"))
    assert MarkedHours.between(*moments, "Europe/Berlin") == hours
