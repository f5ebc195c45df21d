"""What PostgreSQL alone has: schemas for dry-runs, roles, and connections that break."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import canaries
import psycopg
import pytest
import sample
from test_decided_plans import at, drawn_up

from agent.domain.errors import LedgerError
from agent.domain.record import Halt, Heartbeat, RunKind
from agent.ledger.open import open_ledger
from agent.ledger.sql.ledger import SqlLedger

Open = Callable[..., SqlLedger]


def test_nothing_of_a_dry_run_is_seen_by_the_live_agent_nor_the_other_way_round(
    open_sql: Open, empty_postgresql_url: str
) -> None:
    """Each has its tables in a schema of its own, made when it is first opened."""
    live = open_sql(empty_postgresql_url)
    dry_run = open_sql(empty_postgresql_url, apart="dry_run")
    live.record_plan(drawn_up(1))
    dry_run.record_plan(drawn_up(2, days=1))
    dry_run.halt(Halt("ada", at(0), "only here"))
    live.take_lead(sample.ACCOUNT.id, "here", 1, at(0))

    assert [record.plan.id for record in live.plans()] == [drawn_up(1).id]
    assert [record.plan.id for record in dry_run.plans()] == [drawn_up(2, days=1).id]
    assert live.halted() is None and dry_run.halted() is not None
    assert (live.epoch(sample.ACCOUNT.id), dry_run.epoch(sample.ACCOUNT.id)) == (1, 0)
    with psycopg.connect(empty_postgresql_url) as connection:
        query = "SELECT table_schema FROM information_schema.tables WHERE table_name = 'plan' ORDER BY 1"
        assert connection.execute(query).fetchall() == [("public",), ("public_dry_run",)]


def test_a_dry_run_that_was_never_begun_is_not_made_by_looking(
    open_sql: Open, empty_postgresql_url: str
) -> None:
    """`gebot status` makes no schema, and the live tables beside it are no ledger of the dry-run."""
    open_sql(empty_postgresql_url)

    with pytest.raises(LedgerError, match="no ledger at"):
        open_ledger(empty_postgresql_url, apart="dry_run", create=False)


def test_a_role_that_may_not_is_told_what_to_do_and_no_password_is_shown(
    postgresql_url: str, empty_postgresql_url: str
) -> None:
    """In words of people: what is missing, and where that is written."""
    password = canaries.of("ledger password in an address")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS weak")
        connection.execute(f"CREATE ROLE weak LOGIN PASSWORD '{password}'")
    parts = urlsplit(empty_postgresql_url)
    url = urlunsplit(parts._replace(netloc=f"weak:{password}@"))

    with pytest.raises(LedgerError, match=r"docs/postgresql\.md tells what it needs") as raised:
        open_ledger(url)

    assert password not in str(raised.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda ledger: ledger.plans(),
        lambda ledger: ledger.halted(),
        lambda ledger: ledger.epoch(sample.ACCOUNT.id),
        lambda ledger: ledger.record_plan(drawn_up(3, days=2)),
        lambda ledger: ledger.begin_run(sample.ACCOUNT.id, RunKind.OBSERVE, "2026-11-21T06:00", at(0)),
        lambda ledger: ledger.beat(Heartbeat(at(0), "here", 1)),
        lambda ledger: ledger.take_lead(sample.ACCOUNT.id, "here", 1, at(0)),
    ],
)
def test_a_connection_that_broke_between_calls_is_opened_anew(
    open_sql: Open, empty_postgresql_url: str, call: Callable[[SqlLedger], object]
) -> None:
    """A failover between two ticks costs nothing."""
    ledger = open_sql(empty_postgresql_url)
    ledger.record_plan(drawn_up(1))
    end_all_sessions(empty_postgresql_url)

    call(ledger)

    assert ledger.plan(drawn_up(1).fingerprint) is not None


def test_a_connection_that_breaks_in_the_middle_of_a_call_is_a_ledger_error(
    open_sql: Open, empty_postgresql_url: str
) -> None:
    """Nothing was written, the words say what to do, and the next call goes through."""
    ledger = open_sql(empty_postgresql_url)
    ledger.record_plan(drawn_up(1))

    with (
        pytest.raises(LedgerError, match="see that the server runs"),
        ledger._database.write() as session,
    ):
        session.connection().exec_driver_sql("DELETE FROM change_step")
        end_all_sessions(empty_postgresql_url)
        session.connection().exec_driver_sql("SELECT 1")

    record = ledger.plan(drawn_up(1).fingerprint)
    assert record is not None and record.open
    ledger.beat(Heartbeat(at(0), "here", 1))


def test_a_server_that_is_gone_without_a_word_is_found_out_in_seconds(
    open_sql: Open, empty_postgresql_url: str
) -> None:
    """Every connection asks the other machine whether it is there; what the URL says itself stands."""
    ledger = open_sql(f"{empty_postgresql_url}&keepalives_idle=7")

    with ledger._database.read() as session:
        driver: Any = session.connection().connection.driver_connection
        told = driver.info.get_parameters()

    assert (told["tcp_user_timeout"], told["keepalives_idle"]) == ("10000", "7")


def end_all_sessions(url: str) -> None:
    """End every other session of the database, as a server that restarts does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
