"""Look-ahead: whoever uses what was not yet known is found, by day, by name and by what differs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from replayed import (
    Connecting,
    Opening,
    Reaching,
    Remembering,
    export_settings,
    let,
    moments_of,
    observed,
    replay_of,
)

from agent.config.settings import Settings
from agent.domain.entity import Days, EntityTable
from agent.domain.metrics import DailyMetrics
from agent.ledger.memory.ledger import MemoryLedger
from simulations.replay.look_ahead import LEDGER, LookAhead, look_ahead, peeks
from simulations.replay.of_export import Reporting
from simulations.replay.of_ledger import past_of
from simulations.replay.replay import Replay
from simulations.replay.source import past_of_account

AGES = timedelta(days=400)


class PeekingFigures(MemoryLedger):
    """Hands out the newest figures, whatever moment is asked for."""

    def metrics(self, table: EntityTable, days: Days, as_of: datetime) -> DailyMetrics:
        return super().metrics(table, days, as_of + AGES)


class PeekingBudgets(MemoryLedger):
    """Hands out the newest entities."""

    def entities(self, account: object, as_of: datetime) -> EntityTable | None:
        return super().entities(account, as_of + AGES)  # type: ignore[arg-type]  # handed through


def found_in(replay: Replay, moments: Sequence[datetime]) -> list[LookAhead]:
    honest = list(replay.mornings(moments))
    checked = list(look_ahead(replay, honest, moments, seed=1))
    return [*peeks(replay), *(one for morning in checked for one in morning.found)]


def with_ledger(settings: Settings, ledger: type[MemoryLedger]) -> tuple[Replay, Sequence[datetime]]:
    account = settings.accounts[0]
    past = past_of_account(settings, account, Reporting.ASSUMED)
    return Replay(settings, account, past, ledger), moments_of(settings, past)


@pytest.mark.parametrize("budgets", [False, True])
def test_the_shipped_engine_does_not_look_ahead_in_an_export(tmp_path: Path, budgets: bool) -> None:
    """Not with budgets of its own, not with assumed ones."""
    settings = export_settings(tmp_path, budgets=budgets)
    replay = replay_of(settings)

    assert found_in(replay, moments_of(settings, replay.past)) == []


def test_the_shipped_engine_does_not_look_ahead_in_a_ledger(tmp_path: Path) -> None:
    """Readings after the morning, restatements among them, change nothing."""
    lived = observed(tmp_path, n_days=6)
    past = past_of(lived.memory, lived.plans[0].account, lived.settings.ledger)
    replay = Replay(lived.settings, lived.settings.accounts[0], past)

    assert found_in(replay, [plan.drawn_up_at for plan in lived.plans]) == []
    lived.memory.close()


@pytest.mark.parametrize(
    ("ledger", "words"),
    [(PeekingFigures, "was known"), (PeekingBudgets, "daily_budget stood elsewhere")],
)
def test_a_ledger_that_hands_out_later_readings_is_found(
    tmp_path: Path, ledger: type[MemoryLedger], words: str
) -> None:
    """On every morning, with what deciders were handed."""
    replay, moments = with_ledger(export_settings(tmp_path, budgets=True), ledger)

    found = found_in(replay, moments)

    assert {one.day for one in found} == {replay.local_day(moment) for moment in moments}
    assert {one.decider for one in found} == {LEDGER}
    assert all(words in one.what for one in found)


def test_a_decider_that_asks_the_ledger_for_tomorrow_is_found(tmp_path: Path) -> None:
    """The data that it was handed are the same; its wish is not."""
    settings = export_settings(tmp_path, budgets=True)
    replay = replay_of(settings)
    let(replay, Reaching(replay))

    found = found_in(replay, moments_of(settings, replay.past))

    assert {one.decider for one in found} == {"reaching"}
    assert "on what was known" in found[0].what


def test_a_decider_that_remembers_is_found(tmp_path: Path) -> None:
    """Asked from the last day to the first, it knows the later days."""
    settings = export_settings(tmp_path, budgets=True)
    replay = replay_of(settings)
    let(replay, Remembering())

    found = found_in(replay, moments_of(settings, replay.past))

    assert {one.decider for one in found} == {"remembering"}
    assert len(found) > 5


def test_a_decider_that_opens_the_export_is_found(tmp_path: Path) -> None:
    """Though both of its plans are the same: it sees the later days both times."""
    settings = export_settings(tmp_path)
    replay = replay_of(settings)
    let(replay, Opening(tmp_path / "export.csv"))

    found = found_in(replay, moments_of(settings, replay.past))

    assert [one.decider for one in found] == ["opening"]
    assert "export.csv" in found[0].what
    assert found[0].day.isoformat() == "2026-03-08"


def test_a_decider_that_connects_to_the_ledgers_file_is_found(tmp_path: Path) -> None:
    """Later readings stand in it, whatever the snapshot holds."""
    lived = observed(tmp_path, n_days=2)
    past = past_of(lived.memory, lived.plans[0].account, lived.settings.ledger)
    replay = Replay(lived.settings, lived.settings.accounts[0], past)
    let(replay, Connecting(tmp_path / "var" / "gebot.db"))

    found = found_in(replay, [plan.drawn_up_at for plan in lived.plans])

    assert [one.decider for one in found] == ["connecting"]
    assert "gebot.db" in found[0].what
    lived.memory.close()


def test_other_files_are_no_business_of_the_watch(tmp_path: Path) -> None:
    """A decider may read a table of holidays."""
    settings = export_settings(tmp_path)
    replay = replay_of(settings)
    let(replay, Opening(tmp_path / "config.toml"))

    assert found_in(replay, moments_of(settings, replay.past)) == []
