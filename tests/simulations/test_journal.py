"""The journal in a file: several processes see one account."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from simulated_account import FIRST_DAY, noon, platform

from agent.clock import SteppedClock
from agent.domain.errors import Mistake
from agent.domain.ref import Kind
from simulations.journal import Field, FileJournal, PlatformEdit

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from agent.domain.ref import Kind
from simulations.journal import Field, FileJournal, PlatformEdit

journal = FileJournal(Path(sys.argv[1]), '{"account": "demo"}')
for number in range(200):
    with journal.exclusive():
        at = datetime.now(UTC)
        edit = PlatformEdit(at, Kind.CAMPAIGN, sys.argv[2], Field.STATUS, number, number + 1, "w", "api")
        journal.append(edit)
"""


def edit(number: int) -> PlatformEdit:
    return PlatformEdit(noon(number), Kind.CAMPAIGN, "1", Field.STATUS, 0, 1, "anna", "web")


def test_what_was_appended_is_read_back(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path / "deep" / "account.jsonl", "{}")

    with journal.exclusive():
        journal.append(edit(1))
        journal.append(edit(2))

    assert journal.unread() == [edit(1), edit(2)]
    assert journal.unread() == ()
    assert FileJournal(tmp_path / "deep" / "account.jsonl", "{}").unread() == [edit(1), edit(2)]


def test_another_account_cannot_use_the_journal(tmp_path: Path) -> None:
    """The file is left as it was."""
    path = tmp_path / "account.jsonl"
    FileJournal(path, '{"seed": 1}')
    before = path.read_bytes()

    with pytest.raises(Mistake, match=r'the journal is of \{"seed": 1\}'):
        FileJournal(path, '{"seed": 2}')

    assert path.read_bytes() == before


def test_a_line_that_is_being_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "account.jsonl"
    writer, reader = FileJournal(path, "{}"), FileJournal(path, "{}")
    with writer.exclusive():
        writer.append(edit(1))
    line = path.read_bytes().splitlines(keepends=True)[1]
    with path.open("ab") as file:
        file.write(line[:20])

    first = reader.unread()
    with path.open("ab") as file:
        file.write(line[20:])
    second = reader.unread()

    assert (first, second) == ([edit(1)], [edit(1)])


def test_half_a_line_of_a_writer_that_died_is_dropped(tmp_path: Path) -> None:
    """It was never acknowledged; the next writer begins a line of its own."""
    path = tmp_path / "account.jsonl"
    journal = FileJournal(path, "{}")
    with path.open("ab") as file:
        file.write(b'{"at": "2026-0')

    with journal.exclusive():
        journal.append(edit(2))

    assert journal.unread() == [edit(2)]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "account.jsonl"
    journal = FileJournal(path, "{}")
    with path.open("a") as file:
        file.write('{"at": "yesterday"}\n')

    with pytest.raises(Mistake, match="a line is not an edit"):
        journal.unread()


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """Three processes with 200 edits each: every line is whole, and times never go back."""
    path = tmp_path / "account.jsonl"
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, str(number)]) for number in range(3)]

    codes = [writer.wait(60) for writer in writers]

    edits = FileJournal(path, '{"account": "demo"}').unread()
    assert codes == [0, 0, 0]
    assert len(edits) == 600
    assert [e.at for e in edits] == sorted(e.at for e in edits)
    for number in range(3):
        assert [e.before for e in edits if e.id == str(number)] == list(range(200))


def test_two_platforms_on_one_journal_are_one_account(tmp_path: Path) -> None:
    """A change made through one is seen by the other at once, in levers, edits and figures."""
    clock = SteppedClock(noon(3))
    one = platform(clock, journal=tmp_path / "a.jsonl")
    other = platform(clock, journal=tmp_path / "a.jsonl")
    budget = one.budgets[0]

    one.set(Kind.CAMPAIGN_BUDGET, budget.id, Field.AMOUNT, 9_000_000, by="anna")
    seen = other.budget_micros(budget.id)
    clock.move_to(noon(9))

    assert seen == 9_000_000
    assert list(other.edits(noon(0))) == list(one.edits(noon(0)))
    mine, theirs = (each.metrics(FIRST_DAY, each.today()) for each in (one, other))
    np.testing.assert_array_equal(mine.cost_micros, theirs.cost_micros)


def test_an_edit_heard_of_after_midnight_still_counts_for_its_day(tmp_path: Path) -> None:
    """The reader had settled the day already; it settles it again."""
    path = tmp_path / "a.jsonl"
    midnight = datetime(2026, 1, 6, 23, tzinfo=UTC)
    early, late = SteppedClock(midnight - timedelta(hours=6)), SteppedClock(midnight + timedelta(hours=1))
    writer, reader = platform(early, journal=path), platform(late, journal=path)
    reader.metrics(FIRST_DAY, reader.today())

    writer.set(Kind.CAMPAIGN_BUDGET, writer.budgets[0].id, Field.AMOUNT, 1_000_000, by="anna")
    early.move_to(late.now())

    told, true = (each.metrics(FIRST_DAY, each.today()) for each in (reader, writer))
    np.testing.assert_array_equal(told.cost_micros, true.cost_micros)
    fresh = platform(late, journal=path).metrics(FIRST_DAY, reader.today())
    np.testing.assert_array_equal(told.cost_micros, fresh.cost_micros)


def test_the_journal_is_plain_lines_of_json(tmp_path: Path) -> None:
    clock = SteppedClock(noon(3))
    account = platform(clock, journal=tmp_path / "a.jsonl")

    account.set(Kind.CAMPAIGN_BUDGET, account.budgets[0].id, Field.AMOUNT, 9_000_000, by="anna", client="web")

    line = json.loads((tmp_path / "a.jsonl").read_text().splitlines()[1])
    assert (line["id"], line["field"], line["after"]) == (account.budgets[0].id, "amount_micros", 9_000_000)
    assert (line["by"], line["client"]) == ("anna", "web")
