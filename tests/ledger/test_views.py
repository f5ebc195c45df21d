"""Views: what a tool for dashboards reads of a ledger, in both databases."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sample import ACCOUNT, NOW, entities
from seen import at, told
from test_decided_plans import drawn_up, steps, word
from test_upgrade import made_by_revision

from agent.domain.outcome import State
from agent.domain.record import Halt, RunKind
from agent.ledger.codec import encode
from agent.ledger.moments import micros
from agent.ledger.sql.ledger import SqlLedger

Rows = list[dict[str, Any]]
Ask = Callable[[str], Rows]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, sqlite_url: str) -> str:
    """An empty database of each kind."""
    return sqlite_url if request.param == "sqlite" else str(request.getfixturevalue("empty_postgresql_url"))


def rows_of(url: str, query: str) -> Rows:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(sa.text(query)).mappings()]
    engine.dispose()
    return found


def test_a_restated_day_is_one_row_with_the_newest_figures(
    url: str, open_sql: Callable[..., SqlLedger]
) -> None:
    """Whoever adds a column up counts no day twice, and money is in units as well as in micros."""
    ledger = open_sql(url)
    ledger.record_entities(entities([10.0]), at(0))
    ledger.record_metrics(
        ACCOUNT.id, told("2026-11-01", "2026-11-02", [("000001", "2026-11-01", 3_000_000, 1.0)]), at(0.1)
    )
    ledger.record_metrics(
        ACCOUNT.id, told("2026-11-01", "2026-11-02", [("000001", "2026-11-01", 3_250_000, 2.5)]), at(1)
    )

    (row,) = rows_of(url, "SELECT * FROM v_daily_metrics")

    assert str(row["day"]) == "2026-11-01" and row["account"] == str(ACCOUNT.id)
    assert (row["name"], row["currency"], row["cost_micros"]) == ("Campaign 1", "EUR", 3_250_000)
    assert (Decimal(row["cost"]), row["conversions"]) == (Decimal("3.25"), 2.5)
    assert moment_of(row["seen_at"]) == at(1)
    until = rows_of(url, "SELECT until FROM v_coverage ORDER BY seen_at")
    assert [str(one["until"]) for one in until] == ["2026-11-02", "2026-11-02"]


def test_a_change_says_what_it_is_about_and_where_it_stands(
    url: str, open_sql: Callable[..., SqlLedger]
) -> None:
    """Lever, both values, who wished it, the state; and who let it through beside it."""
    ledger = open_sql(url)
    ledger.record_entities(entities([10.0, 10.0, 10.0]), at(0))
    plan = drawn_up(2)
    ledger.record_plan(plan)
    ledger.record_approval(word(plan, approved=[0]), steps(plan, State.APPROVED, of=slice(1)))

    changes = rows_of(url, "SELECT * FROM v_changes ORDER BY change_id")
    approvals = rows_of(url, "SELECT * FROM v_approvals")
    (told_plan,) = rows_of(url, "SELECT * FROM v_plans")

    by_id = {row["change_id"]: row for row in changes}
    assert set(by_id) == {change.id for change in plan.changes}
    first = plan.changes[0]
    found = by_id[first.id]
    assert (found["state"], found["lever"], found["unit"]) == ("approved", first.lever.value, "money")
    assert found["after_number"] == first.after.micros  # type: ignore[union-attr]  # a budget
    assert Decimal(str(found["after_value"])) * 1_000_000 == found["after_number"]
    assert found["source"] == plan.decisions[0].proposal.source
    assert [(row["approved"], row["rejected"]) for row in approvals] == [(1, 0)]
    assert (told_plan["changes"], told_plan["approved"], told_plan["proposed"]) == (2, 1, 1)
    assert moment_of(told_plan["drawn_up_at"]) == plan.drawn_up_at


def test_runs_and_stops_are_there_with_their_moments(url: str, open_sql: Callable[..., SqlLedger]) -> None:
    """A halt of everything has no account; a run that has not ended has no end."""
    ledger = open_sql(url)
    ledger.begin_run(ACCOUNT.id, RunKind.OBSERVE, "2026-11-21", NOW)
    ledger.halt(Halt("ada", NOW, "too hot"))
    ledger.resume("ben", at(400))

    (run,) = rows_of(url, "SELECT * FROM v_runs")
    stops = rows_of(url, "SELECT * FROM v_stops ORDER BY decided_at")

    assert (run["kind"], run["finished_at"], moment_of(run["started_at"])) == ("observe", None, NOW)
    assert [(row["account"], row["what"], row["decided_by"]) for row in stops] == [
        ("", "halt", "ada"),
        ("", "resume", "ben"),
    ]
    assert rows_of(url, "SELECT * FROM v_freezes") == []


def test_plans_of_an_older_gebot_are_told_as_well(url: str, open_sql: Callable[..., SqlLedger]) -> None:
    """What their changes are about is read out of their bodies when the ledger is brought up to date."""
    plan = drawn_up(2)
    url = url.replace("ledger.db", "older.db")
    with made_by_revision("0008", url) as connection:
        for statement, row in (
            ("INSERT INTO account VALUES (1, :p, :a)", {"p": ACCOUNT.id.platform, "a": ACCOUNT.id.account}),
            (
                "INSERT INTO plan VALUES (1, :f, :id, 1, :at, :body)",
                {
                    "f": plan.fingerprint,
                    "id": plan.id,
                    "at": micros(plan.drawn_up_at),
                    "body": encode(plan),
                },
            ),
            *(
                (
                    "INSERT INTO change VALUES (1, :id, :n, 'proposed', :at, '', NULL)",
                    {"id": change.id, "n": n, "at": micros(plan.drawn_up_at)},
                )
                for n, change in enumerate(plan.changes)
            ),
        ):
            connection.execute(sa.text(statement), row)

    open_sql(url)

    levers = rows_of(url, "SELECT lever FROM v_changes")
    assert [row["lever"] for row in levers] == [change.lever.value for change in plan.changes]


def test_a_role_that_may_read_the_views_sees_nothing_else(
    postgresql_url: str, empty_postgresql_url: str, open_sql: Callable[..., SqlLedger]
) -> None:
    """The three lines that docs/reports.md tells an administrator to type are enough, and not too much."""
    open_sql(empty_postgresql_url)
    with psycopg.connect(empty_postgresql_url, autocommit=True) as connection:
        connection.execute("DROP OWNED BY gebot_reader") if _has_role(connection) else None
        connection.execute("DROP ROLE IF EXISTS gebot_reader")
        connection.execute("CREATE ROLE gebot_reader LOGIN PASSWORD 'x'")
        connection.execute("GRANT USAGE ON SCHEMA public TO gebot_reader")
        connection.execute(
            "GRANT SELECT ON v_accounts, v_entities, v_daily_metrics, v_coverage, v_plans, v_changes, "
            "v_approvals, v_runs, v_stops, v_freezes TO gebot_reader"
        )
        connection.execute("SET ROLE gebot_reader")

        assert connection.execute("SELECT COUNT(*) FROM v_changes").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT COUNT(*) FROM change")
        connection.execute("RESET ROLE")
        connection.execute("DROP OWNED BY gebot_reader")
        connection.execute("DROP ROLE gebot_reader")


def moment_of(told: object) -> datetime:
    """SQLite tells moments as text, in UTC and to the second."""
    found = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
    return found.astimezone(UTC)


def _has_role(connection: psycopg.Connection[Any]) -> bool:
    query = "SELECT 1 FROM pg_roles WHERE rolname = 'gebot_reader'"
    return connection.execute(query).fetchone() is not None


DOCS = Path(__file__).parents[2] / "docs/reports.md"


def test_the_docs_name_every_view_and_every_column(
    sqlite_url: str, open_sql: Callable[..., SqlLedger]
) -> None:
    """Nobody has to guess what a column is called, and nothing is promised that is not there."""
    open_sql(sqlite_url)
    told = dict(
        re.findall(r"^\| `(v_\w+)` \| [^|]+ \| (.+) \|$", DOCS.read_text(encoding="utf-8"), flags=re.M)
    )

    views = [row["name"] for row in rows_of(sqlite_url, "SELECT name FROM sqlite_master WHERE type = 'view'")]

    assert set(told) == set(views)
    for view in views:
        columns = {
            row["name"] for row in rows_of(sqlite_url, f"SELECT name FROM pragma_table_info('{view}')")
        }
        assert columns == set(re.findall(r"`(\w+)`", told[view])), view
