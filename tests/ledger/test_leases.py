"""Leases in PostgreSQL: each account one leader, everybody a fair share, and all gone with the session."""

import time
from collections.abc import Callable, Iterator

import canaries
import psycopg
import pytest

from agent.domain.errors import LedgerError
from agent.domain.ref import AccountId
from agent.ledger.open import open_leases
from agent.ledger.sql.leases import AdvisoryLeases

ACCOUNTS = [AccountId("google_ads", str(number)) for number in range(5)]

Open = Callable[..., AdvisoryLeases]


@pytest.fixture
def open_one(postgresql_url: str) -> Iterator[Open]:
    """Opens leases as each daemon has them, and gives all back in the end."""
    opened: list[AdvisoryLeases] = []

    def open_leases_of(url: str = postgresql_url, **options: float) -> AdvisoryLeases:
        leases = open_leases(url, **options)  # type: ignore[arg-type]  # a number
        assert isinstance(leases, AdvisoryLeases)
        opened.append(leases)
        return leases

    yield open_leases_of
    for leases in opened:
        leases.release()


def ended_by_the_server(url: str) -> int:
    """End all sessions that hold leases, as a server that fails over does. Returns: how many."""
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gebot leases'"
    with psycopg.connect(url, autocommit=True) as connection:
        return len(connection.execute(query).fetchall())


def test_one_daemon_alone_holds_all_accounts(open_one: Open) -> None:
    """And goes on holding them."""
    leases = open_one()

    assert leases.hold(ACCOUNTS) == leases.hold(ACCOUNTS) == frozenset(ACCOUNTS)
    assert all(leases.holds(account) for account in ACCOUNTS)


def test_each_takes_its_fair_share_and_no_account_has_two(open_one: Open) -> None:
    """Whoever came first gives back between its rounds what is beyond its share."""
    daemons = [open_one() for _ in range(3)]

    for _ in range(3):
        held = [daemon.hold(ACCOUNTS) for daemon in daemons]

    assert sorted(account for each in held for account in each) == ACCOUNTS
    assert all(1 <= len(each) <= 2 for each in held)
    assert daemons[0].taken(ACCOUNTS) == frozenset(ACCOUNTS)


def test_a_share_comes_back_when_its_holder_is_gone(open_one: Open) -> None:
    """Within two ticks of those who live."""
    first, second = open_one(), open_one()
    for _ in range(2):
        first.hold(ACCOUNTS)
        second.hold(ACCOUNTS)
    assert not first.hold(ACCOUNTS) & second.hold(ACCOUNTS)

    first.release()

    assert second.hold(ACCOUNTS) == frozenset(ACCOUNTS)


def test_whose_accounts_are_others_takes_no_share_away(open_one: Open) -> None:
    """A daemon for one account more, or for others, must not leave accounts without a leader."""
    other = open_one()
    other.hold([AccountId("meta_ads", "1")])
    leases = open_one()

    assert leases.hold(ACCOUNTS) == frozenset(ACCOUNTS)


def test_a_terminated_session_loses_every_lease_at_once(open_one: Open, postgresql_url: str) -> None:
    """`holds` says so right away, and the next look at the accounts begins anew."""
    first, second = open_one(), open_one()
    assert first.hold(ACCOUNTS) == frozenset(ACCOUNTS)

    assert ended_by_the_server(postgresql_url) == 1

    assert not any(first.holds(account) for account in ACCOUNTS)
    assert second.hold(ACCOUNTS) == frozenset(ACCOUNTS)
    assert first.hold(ACCOUNTS) == frozenset()


def test_a_process_that_stands_still_loses_its_leases(open_one: Open) -> None:
    """The server ends a session from which nothing comes: a frozen holder holds nobody up."""
    frozen, other = open_one(ttl_s=0.5), open_one()
    frozen.hold(ACCOUNTS)
    frozen._ended.set()  # as if the whole process stood still: nobody pings any more

    deadline = time.monotonic() + 10
    while other.hold(ACCOUNTS) != frozenset(ACCOUNTS) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert other.hold(ACCOUNTS) == frozenset(ACCOUNTS)
    assert not frozen.holds(ACCOUNTS[0])


def test_a_holder_that_is_busy_elsewhere_keeps_its_leases(open_one: Open) -> None:
    """A long round is no reason to lose an account."""
    busy = open_one(ttl_s=0.5)
    busy.hold(ACCOUNTS)

    time.sleep(1.5)

    assert busy.holds(ACCOUNTS[0])


def test_leases_of_a_dry_run_are_others(open_one: Open, postgresql_url: str) -> None:
    """Proposals on probation do not keep the agent that works from its accounts."""
    live = open_one()
    dry_run = open_leases(postgresql_url, apart="dry_run")

    try:
        assert live.hold(ACCOUNTS) == dry_run.hold(ACCOUNTS) == frozenset(ACCOUNTS)
    finally:
        dry_run.release()


def test_a_server_that_is_away_is_a_ledger_error_and_nothing_is_held(open_one: Open) -> None:
    """In words, without the password."""
    password = canaries.of("ledger password")
    leases = open_leases("postgresql://gebot@127.0.0.1:9/gebot", password=password)

    with pytest.raises(LedgerError, match="see that the server runs") as raised:
        leases.hold(ACCOUNTS)

    assert password not in str(raised.value)
    assert not leases.holds(ACCOUNTS[0])
