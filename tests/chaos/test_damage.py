"""Damage: a ledger file that was hurt sends nothing but what was approved, and says so in words."""

from pathlib import Path

import pytest

from agent.domain.errors import LedgerError
from agent.ledger import open as opening
from agent.ledger.open import open_ledger
from simulations.chaos import damage
from simulations.chaos.damage import APPROVED, DAMAGE, TYPED, judge
from simulations.chaos.volume import Notes


def test_a_damaged_ledger_sends_nothing_but_what_was_approved() -> None:
    """Some of the ten thousand of the full profile; some still work, some are refused."""
    result = DAMAGE.run(12, 0, 1, lambda _: None)

    assert result.violations == 0, [(one.invariant, one.seeds) for one in result.tallies]
    assert any(count.name.endswith("works") for count in result.counts)
    assert any(count.name.endswith("refused") for count in result.counts)


def test_what_was_not_approved_and_what_is_no_typed_error_is_found() -> None:
    """The judge sees both."""
    template = damage._template(0)
    (change, *_) = template.changes
    notes = Notes()

    judge("a bit", ValueError("x"), [change, change], template.changes, notes)

    assert {tally.invariant for tally in notes.result.tallies if tally.violations} == {TYPED, APPROVED}


def test_a_page_that_is_gone_is_found_at_the_start(tmp_path: Path) -> None:
    """Before anything is read from it or sent."""
    path = tmp_path / "ledger.sqlite"
    content = damage._template(0).path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))

    with pytest.raises(LedgerError, match="damaged"):
        open_ledger(f"sqlite:///{path}")


def test_a_disk_without_room_is_refused_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An outcome that cannot be written down is the worst that can happen."""
    opened = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    opened.close()  # type: ignore[attr-defined]  # a ledger in a file has it
    monkeypatch.setattr(opening, "LEAST_FREE_MB", 2**40)

    with pytest.raises(LedgerError, match="make room"):
        open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
