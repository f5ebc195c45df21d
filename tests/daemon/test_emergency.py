"""An outcome that the ledger cannot be told: kept on disk, everything stops, and the ledger is told later."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_stop_with_all_broken import Scene

from agent.domain.outcome import Refused, State, Step
from agent.emergency import Emergency, Unrecorded

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)

words = st.text(st.characters(codec="utf-8"), max_size=60)
steps = st.builds(Step, st.just("12345678"), words.filter(bool), st.sampled_from(State), words)


def test_an_outcome_that_cannot_be_recorded_is_kept_and_told_later(tmp_path: Path) -> None:
    """The disk fills up while the platform refuses: nothing else is sent until the ledger knows."""
    scene = Scene(tmp_path)
    refuses(scene)
    scene.platform.during = lambda: setattr(scene.ledger, "broken", "database or disk is full")

    scene.ticks(2)
    (kept,) = Emergency(scene.state).kept()
    assert kept.step.state is State.NOT_APPLIED and "too low" in kept.step.because
    assert len(scene.platform.sent) == 1

    scene.ledger.broken = ""
    scene.platform.during = lambda: None
    scene.ticks(1)

    (record,) = scene.account.parts.ledger.plans(scene.account.parts.account)
    assert record.changes[kept.step.change_id].because == kept.step.because
    assert Emergency(scene.state).kept() == []


def test_while_something_is_kept_nothing_is_sent_and_status_can_say_why(tmp_path: Path) -> None:
    """Also by a process that has just started, and also when the file is damaged."""
    emergency = Emergency(tmp_path)
    emergency.keep([Step("12345678", "a", State.NOT_APPLIED, "refused: too low")], NOW)
    assert "could not be told what became of 1 changes" in emergency.reason_to_stop()

    (tmp_path / "unrecorded.jsonl").write_text("{\n")

    assert "cannot be read" in emergency.reason_to_stop()


@given(st.lists(steps, max_size=5))
@settings(max_examples=50, deadline=None)
def test_what_is_kept_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, some: list[Step]
) -> None:
    """Whatever a platform wrote as its reason."""
    emergency = Emergency(tmp_path_factory.mktemp("state"))
    emergency.set_apart()

    for step in some:
        emergency.keep([step], NOW)

    assert emergency.kept() == [Unrecorded(step, NOW) for step in some]
    emergency.forget(emergency.kept()[:2])
    assert emergency.kept() == [Unrecorded(step, NOW) for step in some if step not in some[:2]]


def test_room_is_set_apart_before_it_is_needed(tmp_path: Path) -> None:
    """What is kept later goes where blanks are: a full disk has them already."""
    emergency = Emergency(tmp_path)
    emergency.set_apart()
    before = (tmp_path / "unrecorded.jsonl").stat()

    emergency.keep([Step("12345678", "a", State.NOT_APPLIED, "no")], NOW)

    after = (tmp_path / "unrecorded.jsonl").stat()
    assert (after.st_size, after.st_ino) == (before.st_size, before.st_ino) and before.st_size > 50_000


def refuses(scene: Scene) -> None:
    """Let the platform refuse every change."""

    def refuse(changes: Sequence[Any]) -> list[Refused]:
        scene.platform.sent += [change.id for change in changes]
        scene.platform.during()
        return [Refused("too low")] * len(changes)

    scene.platform.apply = refuse  # type: ignore[method-assign]  # this platform alone
