"""Small files of the state folder that were damaged: told in words, or begun anew where nothing is lost."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.google_ads.memory import Memory
from adapters.google_ads.quota import Quota
from agent.clock import EmbeddedClock, SteppedClock
from agent.config.durations import duration_of
from agent.daemon.pauses import Pauses, read_pauses, sentence

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
DAMAGED = [
    "",
    "{",
    "[" * 100_000,
    "null",
    "[1]",
    '"x"',
    '{"real": 1e999, "embedded": 5}',
    "9" * 5_000,
    "\ufffd{}",
]


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_an_embedded_clock_that_cannot_be_read_does_not_begin_anew(tmp_path: Path, text: str) -> None:
    """Beginning anew would take time back; the file is named instead."""
    (tmp_path / "clock.json").write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=r"clock\.json does not tell a time"):
        EmbeddedClock(tmp_path / "clock.json", 288.0).now()


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_pauses_that_cannot_be_read_are_none(tmp_path: Path, text: str) -> None:
    """The account is asked, and its platform says again how long to wait."""
    (tmp_path / "pauses.json").write_text(text, encoding="utf-8")

    Pauses(tmp_path, NOW)

    assert read_pauses(tmp_path) == {}


def test_a_pause_without_a_zone_is_read_as_local_time(tmp_path: Path) -> None:
    """Somebody wrote into the file by hand; what is read can be compared with the clock."""
    (tmp_path / "pauses.json").write_text(
        '{"a": {"cause": "waits", "because": 5, "since": "2026-11-21", "until": "2026-11-22", "times": -3}}'
    )

    (pause,) = read_pauses(tmp_path).values()

    assert pause.over(NOW) in (True, False)
    assert pause.times == 1
    assert "5" in sentence(pause)


@pytest.mark.parametrize(
    "text", [*DAMAGED, '{"²": 5, "EUR": NaN, "pause ": Infinity, "' + "9" * 5_000 + '": 1, "x": true}']
)
def test_a_damaged_count_of_operations_is_begun_anew(tmp_path: Path, text: str) -> None:
    """Nothing in it is worth more than a refusal by Google."""
    (tmp_path / "quota.json").write_text(text, encoding="utf-8")
    quota = Quota(Memory(tmp_path / "quota.json"), SteppedClock(NOW), 15_000)

    quota.take("123", urgent=True)

    assert quota.used() == 1


def test_a_duration_that_no_calendar_holds_is_none() -> None:
    """Twice 999999999 days is more than a duration can be."""
    assert duration_of("999999999d 999999999d") is None
