"""History: whose edit it was, and what it set as far as Meta's words can be read."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meta_account import FACTS, NODE, NOW, ad_set, adapter_on, campaign, structure
from meta_fake import FakeMeta, Reply

from adapters.meta_ads.history import Own, edits_of
from agent.clock import SteppedClock
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.outcome import Edit
from agent.domain.ref import Ref


def activity(event: str, id_: str, extra: object, **more: Any) -> dict[str, Any]:
    return {
        "event_time": "2026-11-21T10:05:00+0000",
        "event_type": event,
        "object_id": id_,
        "actor_id": "900",
        "actor_name": "Ana",
        "application_id": "800",
        "application_name": "Power Editor",
        "extra_data": extra if isinstance(extra, str) or extra is None else json.dumps(extra),
        **more,
    }


def edits(*rows: dict[str, Any], own: Own = Own()) -> list[Edit]:  # noqa: B008  # frozen
    return list(edits_of(rows, FACTS, structure(), own))


def eur(amount: int) -> Money:
    return Money.of(amount, "EUR")


@pytest.mark.parametrize(
    ("event", "id_", "extra", "ref", "lever", "before", "after"),
    [
        (
            "update_campaign_budget",
            "11",
            {"old_value": "5000", "new_value": "7500"},
            campaign("11"),
            Lever.DAILY_BUDGET,
            eur(50),
            eur(75),
        ),
        (
            "update_campaign_budget",
            "13",
            {"old_value": "5000", "new_value": "7500"},
            campaign("13"),
            Lever.LIFETIME_BUDGET,
            eur(50),
            eur(75),
        ),
        (
            "update_ad_set_budget",
            "121",
            {
                "old_value": {"old_value": 2000, "type": "Per day"},
                "new_value": {"new_value": 2500, "type": "Per day"},
            },
            ad_set("121"),
            Lever.DAILY_BUDGET,
            eur(20),
            eur(25),
        ),
        (
            "update_ad_set_budget",
            "121",
            {
                "old_value": {"old_value": 2000, "type": "Lifetime budget"},
                "new_value": {"new_value": 2500, "type": "Lifetime budget"},
            },
            ad_set("121"),
            Lever.LIFETIME_BUDGET,
            eur(20),
            eur(25),
        ),
        (
            "update_ad_set_run_status",
            "121",
            {"old_value": "Active", "new_value": "Inactive", "type": "run_status"},
            ad_set("121"),
            Lever.STATUS,
            Status.ENABLED,
            Status.PAUSED,
        ),
        (
            "update_campaign_run_status",
            "11",
            {"old_value": 7, "new_value": 1},
            campaign("11"),
            Lever.STATUS,
            Status.PAUSED,
            Status.ENABLED,
        ),
        (
            "update_campaign_run_status",
            "11",
            {"old_value": "Activo", "new_value": "Inactivo"},
            campaign("11"),
            Lever.STATUS,
            None,
            None,
        ),
        (
            "update_ad_set_bidding",
            "121",
            {"old_value": {"bid_amount": 300}, "new_value": {"bid_amount": 350}},
            ad_set("121"),
            Lever.BID_CAP,
            eur(3),
            Money.of("3.50", "EUR"),
        ),
        (
            "update_ad_set_bidding",
            "131",
            {
                "old_value": {"bid_constraints": {"roas_average_floor": 20000}},
                "new_value": {"roas_average_floor": 25000},
            },
            ad_set("131"),
            Lever.TARGET_ROAS,
            None,
            Ratio.of("2.5"),
        ),
        ("update_ad_set_budget", "121", "not json", ad_set("121"), Lever.DAILY_BUDGET, None, None),
        ("update_ad_set_budget", "121", "[1, 2]", ad_set("121"), Lever.DAILY_BUDGET, None, None),
        ("update_ad_set_budget", "121", None, ad_set("121"), Lever.DAILY_BUDGET, None, None),
        (
            "update_ad_set_budget",
            "777",
            {"old_value": "n/a", "new_value": True},
            ad_set("777"),
            Lever.DAILY_BUDGET,
            None,
            None,
        ),
    ],
)
def test_an_edit_is_read_as_far_as_it_can_be(
    event: str, id_: str, extra: object, ref: Ref, lever: Lever, before: Value | None, after: Value | None
) -> None:
    """What cannot be told is None; that somebody did something is told."""
    (edit,) = edits(activity(event, id_, extra))

    assert (edit.ref, edit.lever, edit.before, edit.after) == (ref, lever, before, after)
    assert edit.at == datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
    assert edit.by == "Ana (Power Editor)"


def test_other_events_are_no_edits_of_levers() -> None:
    """Nor are the steps that a pause takes inside Meta."""
    assert (
        edits(activity("create_ad", "1", {}), activity("update_campaign_name", "11", {"new_value": "1"}))
        == []
    )
    passing = [
        activity("update_ad_set_run_status", "121", {"old_value": "Active", "new_value": "Pending Process"}),
        activity(
            "update_ad_set_run_status", "121", {"old_value": "Pending Process", "new_value": "Inactive"}
        ),
    ]
    assert [edit.after for edit in edits(*passing)] == [Status.PAUSED]


@pytest.mark.parametrize(
    ("own", "ours"),
    [
        (Own(), True),
        (Own(app="800"), True),
        (Own(user="900"), True),
        (Own(app="800", user="900"), True),
        (Own(app="801"), False),
        (Own(app="800", user="901"), False),
    ],
)
def test_an_edit_is_gebots_when_all_that_is_known_of_it_fits(own: Own, ours: bool) -> None:
    """The app tells from people, the user from other programs."""
    (edit,) = edits(activity("update_campaign_budget", "11", {"new_value": "1"}), own=own)

    assert edit.ours is ours


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["old_value", "new_value", "type", "bid_amount"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(
    _JSON, st.sampled_from(["update_ad_set_budget", "update_ad_set_bidding", "update_campaign_run_status"])
)
def test_no_form_of_extra_data_breaks_the_history(extra: object, event: str) -> None:
    """Its layout is written down nowhere."""
    assert len(edits(activity(event, "121", json.dumps(extra)))) <= 1


def test_the_history_is_asked_for_in_months_and_told_oldest_first(server: FakeMeta) -> None:
    """Meta gives a week when it is not asked, and fails on long spans of busy accounts."""
    rows = [
        activity("update_campaign_budget", "11", {"new_value": "2"}, event_time="2026-11-20T10:00:00+0000"),
        activity("update_campaign_budget", "11", {"new_value": "1"}, event_time="2026-11-19T10:00:00+0000"),
    ]
    server.on("GET", f"{NODE}/activities", Reply({"data": []}), Reply({"data": rows}))

    found = adapter_on(server, SteppedClock(NOW)).history(NOW - timedelta(days=45))

    spans = [
        int(asked.params["until"]) - int(asked.params["since"])
        for asked in server.told("GET", f"{NODE}/activities")
    ]
    assert spans == [30 * 86_400, 15 * 86_400 + 60]
    assert [edit.after for edit in found] == [Money.of("0.01", "EUR"), Money.of("0.02", "EUR")]
