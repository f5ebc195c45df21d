"""Halts without the key: they may be true, so they are notes; whatever else no entry tells of is damage."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seen import at
from test_audit_chain import ACCOUNT, SEAL, behind_its_back, lived

from agent.domain.record import Halt
from agent.ledger.anchor import Anchor
from agent.ledger.open import open_ledger
from agent.ledger.sql.comparing import compared
from agent.ledger.sql.ledger import SqlLedger
from agent.ledger.sql.told import ToldRow


@pytest.fixture
def ledger(sqlite_url: str, tmp_path: Path) -> Iterator[SqlLedger]:
    """A ledger that has lived, with a chain and an anchor."""
    opened = open_ledger(sqlite_url, seal=SEAL, anchor=Anchor(tmp_path / "anchor"))
    assert isinstance(opened, SqlLedger)
    lived(opened)
    yield opened
    opened.close()


@pytest.fixture
def keyless(sqlite_url: str, ledger: SqlLedger) -> Iterator[SqlLedger]:
    """The same ledger without its key, as whoever stops gebot in need opens it."""
    opened = open_ledger(sqlite_url)
    assert isinstance(opened, SqlLedger)
    yield opened
    opened.close()


def test_a_halt_without_the_key_is_a_note_and_no_damage(ledger: SqlLedger, keyless: SqlLedger) -> None:
    """It must work without one; who ends it has the key, and both are in the record."""
    keyless.halt(Halt("ada", at(1), "the key is gone"))
    keyless.halt(Halt("bob", at(1.5), "odd spend", ACCOUNT))
    ledger.resume("ada", at(2))

    assert ledger.faults() == []
    everything, one = ledger.notes()
    assert "a halt of everything that was said without the key, by ada at " in everything
    assert f"a halt of {ACCOUNT}" in one and "by bob" in one and "odd spend" in one


def test_what_gebot_wrote_with_its_key_is_no_note(ledger: SqlLedger) -> None:
    """Nor is what stood before the chain began."""
    ledger.halt(Halt("ada", at(1), "odd"))

    assert ledger.notes() == []


def test_going_on_without_the_key_stays_damage(ledger: SqlLedger, keyless: SqlLedger) -> None:
    """Only who has the key lets gebot go on."""
    ledger.halt(Halt("ada", at(1), "odd"))

    keyless.resume("mallory", at(2))

    (fault,) = ledger.faults()
    assert "mallory" in fault and "is in no audit entry" in fault


def test_a_halt_without_the_key_hides_no_later_damage(
    sqlite_url: str, ledger: SqlLedger, keyless: SqlLedger
) -> None:
    """Halts that are told are found altered or gone behind it."""
    keyless.halt(Halt("ada", at(1), "the key is gone"))
    ledger.halt(Halt("ben", at(2), "odd"))
    ledger.resume("ben", at(3))

    behind_its_back(sqlite_url, "UPDATE stop SET decided_by = 'mallory' WHERE because = 'odd'")
    altered = ledger.faults()
    behind_its_back(sqlite_url, "DELETE FROM stop WHERE because = 'odd'")
    gone = ledger.faults()

    assert len(altered) == 1 and "ben" in altered[0] and "is missing" in altered[0]
    assert len(gone) == 1 and "is missing" in gone[0]


def test_a_table_is_told_with_its_first_five_bad_rows(sqlite_url: str, ledger: SqlLedger) -> None:
    """One row that was altered does not hide the next; a table that is all wrong does not fill the screen."""
    for n in range(8):
        ledger.halt(Halt("ada", at(1 + n), f"odd {n}"))

    behind_its_back(sqlite_url, "UPDATE stop SET decided_by = 'mallory' WHERE because LIKE 'odd _'")

    *named, rest = ledger.faults()
    assert [f"odd {n}" in fault for n, fault in enumerate(named)] == [True] * 5
    assert rest == "table stop: and 3 more"


@given(
    kept=st.lists(st.integers(0, 5), max_size=8),
    cuts=st.lists(st.integers(0, 7), max_size=3, unique=True),
    strangers=st.dictionaries(st.integers(0, 8), st.integers(10, 12), max_size=3),
)
def test_rows_too_many_and_too_few_are_each_named_alone(
    kept: list[int], cuts: list[int], strangers: dict[int, int]
) -> None:
    """As many rows are told apart as were inserted or removed, and none where none was."""
    expected = [ToldRow(n, (value,)) for n, value in enumerate(kept)]
    rows: list[tuple[str | int | None, ...]] = []
    for place in range(9):
        rows += [(strangers[place],)] if place in strangers else []
        rows += [(kept[place],)] if place < len(kept) and place not in cuts else []

    found = list(compared(expected, rows))

    assert sum(one.stands is not None for one in found) >= len(strangers)
    gone = sum(place < len(kept) for place in cuts)
    assert sum(one.told is not None for one in found) >= gone
    if not strangers or not gone:
        told = sum(one.told is not None for one in found), sum(one.stands is not None for one in found)
        assert (told[0] - told[1]) == gone - len(strangers)
    assert found or not (strangers or gone)
