"""What people read: the plan as a table, as records and as files; and what logs never hold."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import sample
import structlog
from live import live

from agent import cycle, logs
from agent.cli.output import console
from agent.domain.entity import entity_table
from agent.domain.ref import JOINT, AccountId
from agent.report.plan_log import write_plan
from agent.report.plan_table import as_text, plan_table
from agent.report.rows import DecisionRow, decision_rows, names_of, shown_names
from agent.steps.approve import Nobody


def test_the_plan_log_is_a_table_for_people_and_lines_for_machines(tmp_path: Path) -> None:
    """Every decision with its before, after, reason and what a guardrail said."""
    account = live(("1.5", "0.8", None))
    account.give(approver=Nobody())
    plan = account.plan()
    record = cycle.put_forward(account.parts, plan, epoch=0)
    names = names_of(account.adapter.entities())

    path = write_plan(tmp_path, record, names)

    text = path.read_text(encoding="utf-8")
    rows = [json.loads(line) for line in (tmp_path / "plans.jsonl").read_text("utf-8").splitlines()]
    assert plan.id in text and "to see what happens" in text and "max_step" in text
    assert [row["name"] for row in rows] == [names[str(one.proposal.ref)] for one in plan.decisions]
    assert {word["verdict"] for row in rows for word in row["guardrails"]} >= {"clamp"}


def test_hostile_names_stay_text() -> None:
    """A campaign's name cannot draw on the reviewer's terminal."""
    account = live(("1.1", "0.8", None))
    record = cycle.put_forward(account.parts, account.plan(), epoch=0)
    ref = str(record.plan.changes[0].ref)

    text = as_text(plan_table(record, decision_rows(record, {ref: "[bold red]x[/] \x1b[31mred"})))

    assert "[bold red]x[/]" in text
    assert "\x1b[31m" not in text


def test_a_narrow_terminal_shows_every_name_and_reason_whole() -> None:
    """At 80 columns no name is cut short, and a reason takes more than half of the width."""
    account = live(("1.1", "0.8", None))
    account.give(approver=Nobody())
    record = cycle.put_forward(account.parts, account.plan(), epoch=0)
    names = names_of(account.adapter.entities())
    rows = decision_rows(record, names)

    text = as_text(plan_table(record, rows, full=True), width=80)

    assert "…" not in text and max(map(len, text.splitlines())) <= 80
    for row in rows:
        assert row["name"] in text and f"{row['before_number']}"[:2] in text
        assert row["because"][:40] in text


def test_what_another_program_reads_is_not_wrapped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each reason is one line, however long it is, so that a search finds it; and no line is filled up."""
    monkeypatch.delenv("COLUMNS", raising=False)
    account = live(("1.1", "0.8", None))
    account.give(approver=Nobody())
    record = cycle.put_forward(account.parts, account.plan(), epoch=0)
    reason = " ".join(["a reason that takes its time"] * 20)
    rows = [{**row, "because": reason} for row in decision_rows(record, names_of(account.adapter.entities()))]

    console().print(plan_table(record, cast("list[DecisionRow]", rows), full=True))

    lines = capsys.readouterr().out.splitlines()
    assert sum(reason in line for line in lines) == len(rows)
    assert max(map(len, lines)) < len(reason) + 20


def test_secrets_do_not_reach_the_log(tmp_path: Path) -> None:
    """Keys that sound like a secret are blanked, in the file and on the terminal."""
    terminal = io.StringIO()
    try:
        logs.configure(tmp_path, terminal=terminal)
        structlog.get_logger().warning("client.made", refresh_token="canary-1", account="a")
    finally:
        structlog.reset_defaults()

    written = (tmp_path / logs.LOG_FILE).read_text("utf-8") + terminal.getvalue()
    assert "canary-1" not in written and "client.made" in written


def test_a_joint_account_says_where_each_entity_is() -> None:
    """Two platforms may both have a campaign named Brand."""
    joint = replace(sample.ACCOUNT, id=AccountId(JOINT, "both"))
    one_each = entity_table(joint, ["google_ads:1/7", "meta_ads:2/7"], names=["Brand", "Brand"])
    two_alike = entity_table(joint, ["google_ads:1/7", "google_ads:2/7"], names=["Brand", "Brand"])

    assert shown_names(one_each) == ["Brand (google_ads)", "Brand (meta_ads)"]
    assert shown_names(two_alike) == ["Brand (google_ads:1)", "Brand (google_ads:2)"]
    assert names_of(one_each)["meta_ads:2/campaign/7"] == "Brand (meta_ads)"
