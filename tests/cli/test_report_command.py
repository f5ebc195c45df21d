"""gebot report and gebot export, typed on the shipped configuration."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from typed import gebot
from typed_here import Person

ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def folder(demo: Path) -> Path:
    """The folder after a first plan was drawn up and kept."""
    made = gebot(demo, "plan", "--save")
    assert made.returncode == 0, made.stderr
    return demo


@pytest.fixture
def reader(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Person:
    """Somebody who reads what was written there."""
    return Person(folder, monkeypatch, capsys)


def test_the_daily_check_is_markdown_for_chat(reader: Person) -> None:
    """Yesterday, when nothing else is asked for; and no HTML in it."""
    said, bare = reader.gebot("report"), reader.gebot("report", "--day", "--account", "demo")

    assert said.status == 0, said.err
    assert bare.out.splitlines()[0] == said.out.splitlines()[0]
    assert said.out.startswith("**gebot, ")
    assert "against the 7 days before" in said.out and "ROAS" in said.out
    assert "<" not in said.out


def test_a_month_is_one_page_that_asks_nobody_for_anything(reader: Person) -> None:
    """What ends with .html is HTML: no script, no address, a policy that forbids both."""
    yesterday = datetime.now(ZONE).date() - timedelta(days=1)

    said = reader.gebot("report", "--month", f"{yesterday:%Y-%m}", "--out", "month.html")

    page = (reader.folder / "month.html").read_text(encoding="utf-8")
    assert said.status == 0, said.err
    assert "default-src 'none'" in page and "<script" not in page and "://" not in page
    assert "<svg" in page and "What the agent changed" in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("report", "--day", "2026-13-01"), "YYYY-MM-DD"),
        (("report", "--month", "November"), "YYYY-MM is right"),
        (("report", "--day", "2026-11-01", "--month", "2026-11"), "one of them is right"),
        (("report", "--day", "2999-01-01"), "is not over"),
        (("report", "--month", "2999-01"), "is not over"),
        (("export", "--what", "everything"), "one of metrics, changes"),
        (("export", "--what", "runs", "--format", "xlsx"), "one of csv, parquet"),
        (("export", "--what", "runs", "--since", "2999-01-01"), "a day up to --until"),
    ],
)
def test_wrong_words_are_answered_with_right_ones(reader: Person, words: tuple[str, ...], told: str) -> None:
    """And exit status 2: a person wrote something that is wrong."""
    said = reader.gebot(*words)

    assert said.status == 2
    assert told in said.err and "Traceback" not in said.err


def test_metrics_come_as_csv_with_exact_money(reader: Person) -> None:
    """Decimal text and micros say the same, and there is a row for each campaign and known day."""
    said = reader.gebot("export", "--what", "metrics", "--out", "metrics.csv")

    with (reader.folder / "metrics.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert said.status == 0, said.err
    assert f"{len(rows)} rows" in said.err and rows
    for row in rows[:50]:
        whole, _, rest = row["cost"].partition(".")
        assert len(rest) == 6 and int(whole + rest) == int(row["cost_micros"])


def test_decisions_come_as_parquet_with_moments(reader: Person) -> None:
    """A notebook reads types, not text."""
    said = reader.gebot("export", "--what", "decisions", "--out", "decisions.parquet")

    table = pl.read_parquet(reader.folder / "decisions.parquet")
    assert said.status == 0, said.err
    assert len(table) and table.schema["drawn_up_at"] == pl.Datetime("us", "UTC")
    assert table["state"].is_in(["proposed", "denied", "not_heard", "stands"]).all()


@pytest.mark.parametrize("what", ["metrics", "changes", "decisions", "approvals", "plans", "runs"])
def test_everything_can_be_exported_and_comes_out_the_same_twice(reader: Person, what: str) -> None:
    """To standard output as well; with nothing in it there still is a heading."""
    until = ("--until", "2026-01-01", "--since", "2025-12-01") if what == "metrics" else ()

    first = reader.gebot("export", "--what", what, *until)
    second = reader.gebot("export", "--what", what, *until)

    assert first.status == 0, first.err
    assert first.out == second.out and first.out.startswith("account,")
