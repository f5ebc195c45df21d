"""gebot status: what people are told of accounts that are left alone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typed import gebot

from agent.daemon.pauses import Cause, Pause, Pauses

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (Cause.STOPPED, "gebot check"),
        (Cause.REFUSED, "gebot check"),
        (Cause.FAILED, "please report"),
    ],
)
def test_an_account_that_is_left_alone_is_told_with_what_to_do(demo: Path, cause: Cause, words: str) -> None:
    """Who reads it knows why nothing happens, since when, and whose turn it is."""
    gebot(demo, "plan", "--save")
    Pauses(demo / "var", NOW).begin(
        "simulated:demo", Pause(cause, "no rights for this account", NOW, NOW + HOUR)
    )

    (account,) = json.loads(gebot(demo, "status", "--json").stdout)

    (problem,) = [one for one in account["problems"] if "no rights for this account" in one]
    assert f"since {NOW:%Y-%m-%d %H:%M} UTC" in problem and words in problem
    assert account["paused_until"] == (NOW + HOUR).isoformat() and not account["healthy"]


def test_a_wait_that_the_platform_asked_for_is_no_problem(demo: Path) -> None:
    """It mends itself, and is told until it is over."""
    gebot(demo, "plan", "--save")
    pauses = Pauses(demo / "var", NOW)

    pauses.begin("simulated:demo", Pause(Cause.WAITS, "slow down", NOW, NOW + HOUR))
    (waits,) = json.loads(gebot(demo, "status", "--json").stdout)
    pauses.begin("simulated:demo", Pause(Cause.WAITS, "slow down", NOW - HOUR, NOW))
    (over,) = json.loads(gebot(demo, "status", "--json").stdout)

    assert any("slow down" in one for one in waits["notices"])
    assert not any("slow down" in one for one in [*waits["problems"], *over["notices"], *over["problems"]])
    assert over["paused_until"] is None
