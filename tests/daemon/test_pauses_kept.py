"""Pauses are kept in a file: other processes read it, and a broken one says nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.daemon.pauses import PAUSES_FILE, Cause, Pause, Pauses, read_pauses


@given(
    cause=st.sampled_from(Cause),
    because=st.text(),
    since=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2060, 1, 1)),
    times=st.integers(1, 100),
)
def test_another_process_reads_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, cause: Cause, because: str, since: datetime, times: int
) -> None:
    """Whatever stands in the message."""
    state = tmp_path_factory.mktemp("state")
    since = since.replace(tzinfo=UTC)
    pause = Pause(cause, because, since, since + timedelta(hours=1), times)
    pauses = Pauses(state, since)

    pauses.begin("meta_ads:act_1", pause)

    assert read_pauses(state) == {"meta_ads:act_1": pause}
    kept = Pauses(state, since).of("meta_ads:act_1")
    assert kept == (pause if cause is Cause.WAITS else None)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"cause": "new"}}', '{"a": {}}'])
def test_a_file_that_cannot_be_read_says_nothing(tmp_path: Path, text: str) -> None:
    """A half-written file of an older version is no reason to stand still."""
    (tmp_path / PAUSES_FILE).write_text(text, encoding="utf-8")

    assert read_pauses(tmp_path) == {}
