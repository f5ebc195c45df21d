"""Several daemons on one ledger, each a process of its own: they share, they take over, none doubles."""

import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from hall import Hall, OpenHall, applied

pytestmark = pytest.mark.timeout(900)


def test_three_daemons_share_and_take_over_what_a_killed_one_led(
    open_hall: OpenHall, empty_postgresql_url: str
) -> None:
    """Each leads its share; after kill -9 the two that live lead all, and everything sent was sent once."""
    hall = open_hall(empty_postgresql_url)
    for name in ("a", "b", "c"):
        hall.start(name)
    hall.wait(lambda: shares(hall) == [1, 1, 1])
    hall.next_day()

    hall.machines["b"].kill()
    hall.wait(lambda: shares(hall) == [1, 2])
    hall.next_day()

    assert_sent_once_as_told(hall)
    assert {edit["by"] for edit in hall.edits()} == {"a", "b", "c"}


def test_a_frozen_leader_that_wakes_sends_nothing(open_hall: OpenHall, empty_postgresql_url: str) -> None:
    """It stands still between its word and the deed; the other takes over, settles, and goes on alone."""
    hall = open_hall(empty_postgresql_url, accounts=("one",), settle_after="1s")
    hall.start("a")
    hall.wait(lambda: shares(hall) == [1])
    hall.next_day()
    hall.start("b")
    hall.wait(lambda: shares(hall) == [0, 1])
    (leader,) = [name for name, led in hall.leads().items() if led]
    (other,) = {"a", "b"} - {leader}
    (hall.home(leader) / "freeze").touch()
    sent_before = len(hall.edits())
    hall.clock.now = hall.clock.now.replace(day=hall.clock.now.day + 1)
    hall.wait((hall.home(leader) / "frozen").exists)

    hall.wait(lambda: hall.leads().get(other) == ["one"])
    hall.clock.now = hall.clock.now.replace(minute=30)  # what the frozen one began is settled by reading
    hall.wait(lambda: not list(hall.ledger.plans(only_open=True)))
    hall.machines[leader].send_signal(signal.SIGCONT)
    hall.wait(lambda: "taken_over" in log(hall, leader) or "given_up" in log(hall, leader))

    assert len(hall.edits()) == sent_before, "the word of the frozen leader was never followed by a deed"
    hall.next_day()
    assert_sent_once_as_told(hall)


def test_a_leader_whose_lock_the_server_ends_goes_on_without_doubling(
    open_hall: OpenHall, empty_postgresql_url: str
) -> None:
    """`pg_terminate_backend`, a failover, a restart of a proxy: it leads again at one of its next ticks."""
    hall = open_hall(empty_postgresql_url)
    for name in ("a", "b"):
        hall.start(name)
    hall.wait(lambda: shares(hall) == [1, 2])
    hall.next_day()

    terminate_all(empty_postgresql_url)
    hall.next_day()

    assert all(machine.poll() is None for machine in hall.machines.values())
    assert_sent_once_as_told(hall)


def test_the_second_daemon_on_one_file_waits_and_takes_over(open_hall: OpenHall, tmp_path: Path) -> None:
    """SQLite: all accounts or none, and within a tick or two of the death of the first."""
    hall = open_hall(f"sqlite:///{tmp_path / 'gebot.db'}", shared_state=True)
    hall.start("a")
    hall.wait(lambda: shares(hall) == [3])
    hall.start("b")
    hall.wait(lambda: shares(hall) == [0, 3])
    hall.next_day()

    hall.machines["a"].kill()
    hall.wait(lambda: shares(hall) == [3])
    hall.next_day()

    assert_sent_once_as_told(hall)
    assert {edit["by"] for edit in hall.edits()} == {"a", "b"}


def shares(hall: Hall) -> list[int]:
    """How many accounts each living machine leads, fewest first."""
    return sorted(len(accounts) for accounts in hall.leads().values())


def log(hall: Hall, name: str) -> str:
    return (hall.home(name) / "log").read_text(encoding="utf-8")


def terminate_all(url: str) -> None:
    """End every session of the database but our own."""
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'empty' AND pid <> %s"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(query, [connection.info.backend_pid])


def assert_sent_once_as_told(hall: Hall) -> None:
    """What the platforms committed is what the ledger says was applied, each once."""
    for account in hall.accounts:
        committed = Counter(int(edit["after"]) for edit in hall.edits() if edit["account"] == account)
        assert committed == applied(hall.ledger, account), account
        assert committed, f"nothing was sent for {account}"


def test_a_signal_halts_a_daemon_that_goes_on_reading(open_hall: OpenHall, tmp_path: Path) -> None:
    """SIGUSR1 needs no ledger and no configuration; the next day is decided on, and nothing is sent."""
    hall = open_hall(f"sqlite:///{tmp_path / 'gebot.db'}", accounts=("one",))
    daemon = hall.start("a")
    hall.wait(lambda: shares(hall) == [1])
    hall.next_day()
    before = len(hall.edits())

    daemon.send_signal(signal.SIGUSR1)
    hall.wait((hall.home("a") / "var" / "STOP").exists)
    hall.clock.now += timedelta(days=1)
    hall.wait(lambda: hall.ledger.plans(limit=1)[0].plan.drawn_up_at >= hall.clock.now)
    beat = hall.ledger.heartbeats()[0].at
    hall.clock.now += timedelta(minutes=5)
    hall.wait(lambda: hall.ledger.heartbeats()[0].at > beat)

    assert before and len(hall.edits()) == before
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=30) == 0
    assert not hall.ledger.heartbeats(), "who ends in good order leaves no sign of life behind"
