"""Exports: columns in their documented order, exact money, and nothing that a spreadsheet would run."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import ACCOUNT
from told import N_DAYS, figures

from agent.domain.approval import Approval
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.record import PlanRecord, Run, RunKind
from agent.domain.ref import Kind
from agent.domain.verdict import Deny, Word
from agent.report import export_tables, metrics_export
from agent.report.export_file import FileFormat, content
from agent.report.export_tables import (
    Told,
    approvals_table,
    changes_table,
    decisions_table,
    plans_table,
    runs_table,
)

AT = datetime(2026, 11, 10, 6, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs/reports.md"


def told(name: str = "Campaign 1", because: str = "sells well", comment: str = "") -> Told:
    """A plan of one change that somebody approved and one denied wish."""
    ref, other = ACCOUNT.id.ref(Kind.CAMPAIGN, "000001"), ACCOUNT.id.ref(Kind.CAMPAIGN, "000002")
    before, after = Money.of("50", "EUR"), Money.of("55.5", "EUR")
    wish = Proposal(ref, Lever.DAILY_BUDGET, after, because, "thompson")
    denied = Decision(replace(wish, ref=other), before, (Word("cooldown", Deny("it rests")),), None)
    change = Change(ref, Lever.DAILY_BUDGET, before, after)
    plan = Plan(ACCOUNT.id, AT, AT, "p", "s", 7, (Decision(wish, before, (), change), denied))
    word = Approval(plan.id, plan.fingerprint, frozenset({change.id}), frozenset(), "ada", AT, comment)
    record = replace(PlanRecord.fresh(plan), approvals=(word,))
    return Told(str(ACCOUNT.id), [record], {str(ref): name})


def rows_of(table: pl.DataFrame) -> list[dict[str, str]]:
    text = content(table, FileFormat.CSV).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}"])
def test_no_name_becomes_a_formula(begin: str) -> None:
    """Text from outside that begins like one has an apostrophe before it; Parquet keeps it as it is."""
    hostile = f"{begin}HYPERLINK(1)"

    (approval,) = rows_of(approvals_table([told(comment=hostile)]))
    (metrics, *_) = rows_of(metrics_export.metrics_table([figures(1, names=[hostile])]))
    parquet = pl.read_parquet(
        io.BytesIO(content(approvals_table([told(comment=hostile)]), FileFormat.PARQUET))
    )

    assert approval["comment"] == metrics["name"] == f"'{hostile}"
    assert parquet["comment"].to_list() == [hostile]


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_what_comes_back_is_what_was_said(comment: str) -> None:
    """Quotes, commas and line breaks hurt nothing: the apostrophe is the only difference."""
    (row,) = rows_of(approvals_table([told(comment=comment)]))

    assert row["comment"].removeprefix("'") == comment.removeprefix("'")
    assert row["comment"][:1] not in ("=", "+", "-", "@", "\t", "\r", "\n") or not comment


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=8))
def test_money_is_exact_as_text_and_as_micros(micros: list[int]) -> None:
    """Six decimals, no float on the way."""
    one = figures(len(micros))
    one.metrics.conversion_value_micros[:, 0] = micros

    table = metrics_export.metrics_table([one]).filter(pl.col("day") == pl.lit(one.days[0].item()))

    assert [Money.of(text, "EUR").micros for text in table["conversion_value"]] == micros
    assert table["conversion_value_micros"].to_list() == micros


def test_a_day_that_is_not_known_has_no_row() -> None:
    """Nobody adds a zero that nobody saw."""
    known = np.ones((2, N_DAYS), dtype=bool)
    known[:, 3] = False

    table = metrics_export.metrics_table([figures(2, known=known)])

    assert len(table) == 2 * (N_DAYS - 1)
    assert known[0].sum() == table["day"].n_unique()


def test_decisions_tell_what_was_held_back_and_changes_only_what_is_to_be_done() -> None:
    """With before and after as text and as numbers."""
    decisions, changes = rows_of(decisions_table([told()])), rows_of(changes_table([told()]))

    assert [row["state"] for row in decisions] == ["proposed", "denied"]
    assert decisions[1]["guardrails"] == "cooldown deny: it rests" and decisions[1]["after"] == ""
    (change,) = changes
    assert (change["before"], change["after"], change["after_number"]) == ("50.00", "55.50", "55500000")
    assert change["drawn_up_at"] == "2026-11-10T06:00:00.000000Z" and change["sent_at"] == ""


def test_nothing_at_all_still_has_its_heading() -> None:
    """A script that reads the file finds its columns."""
    for table in (
        plans_table([]),
        changes_table([]),
        decisions_table([]),
        approvals_table([]),
        runs_table([]),
        metrics_export.metrics_table([]),
    ):
        assert content(table, FileFormat.CSV).decode().strip() == ",".join(table.columns)


def test_runs_stand_by_account_and_begin() -> None:
    """An end that never came is empty."""
    runs = [
        Run(ACCOUNT.id, RunKind.OBSERVE, "b", AT.replace(hour=7), None, "-no"),
        Run(ACCOUNT.id, RunKind.DECIDE, "a", AT, AT, ""),
    ]

    rows = rows_of(runs_table(runs))

    assert [(row["slot"], row["finished_at"][:10], row["error"]) for row in rows] == [
        ("a", "2026-11-10", ""),
        ("b", "", "'-no"),
    ]


@pytest.mark.parametrize("what", ["metrics", "changes", "approvals", "runs"])
def test_the_docs_name_the_columns_in_their_order(what: str) -> None:
    """The order is a promise: scripts read by it."""
    room = metrics_export if what == "metrics" else export_tables
    (line,) = re.findall(rf"^\| `{what}` \| [^|]+ \| (.+) \|$", DOCS.read_text(encoding="utf-8"), flags=re.M)

    assert re.findall(r"`(\w+)`", line) == list(getattr(room, what.upper()))
