"""Who leads, as `gebot status` tells it of several daemons."""

from datetime import UTC, datetime, timedelta

from agent.daemon.leaders import Leaders
from agent.domain.record import Heartbeat
from agent.domain.ref import AccountId

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
ONE, TWO, THREE = (AccountId("google_ads", name) for name in ("one", "two", "three"))


def leaders(*beats: Heartbeat, taken: frozenset[AccountId]) -> Leaders:
    return Leaders(taken, beats, NOW, timedelta(minutes=5))


def ago(minutes: float, host: str, *accounts: AccountId) -> Heartbeat:
    return Heartbeat(NOW - timedelta(minutes=minutes), host, 7, accounts)


def test_each_daemon_is_told_with_what_it_leads_and_who_waits() -> None:
    """The dead one is not, and its accounts are the problem."""
    found = leaders(ago(0.5, "b", ONE), ago(1, "a"), ago(60, "c", TWO), taken=frozenset({ONE}))

    assert found.lines() == [
        "a (process 7) waits: others lead; last seen 05:59:00 UTC",
        "b (process 7) leads google_ads:one; last seen 05:59:30 UTC",
    ]
    assert found.problem(ONE) == ""
    assert found.problem(TWO) == "the agent does not run (last seen 2026-11-21 05:00 UTC)"
    assert found.problem(THREE) == "the agent does not run"


def test_a_leader_that_holds_its_lease_and_does_nothing_is_silent() -> None:
    """It hangs: the lease alone would hide that, and a daemon that waits gives no sign for it."""
    found = leaders(ago(1, "a"), ago(20, "b", ONE), taken=frozenset({ONE}))

    assert found.problem(ONE) == "the agent has been silent since 2026-11-21 05:40 UTC"


def test_one_daemon_alone_needs_no_line() -> None:
    """Its accounts say all."""
    assert leaders(ago(1, "a", ONE), taken=frozenset({ONE})).lines() == []
