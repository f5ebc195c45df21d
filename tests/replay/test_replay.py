"""Replay: the plans of the past are those that would have been drawn up then."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from replayed import export_settings, fingerprints, moments_of, observed, replay_of

from agent.domain.errors import Mistake
from agent.domain.lever import Lever
from simulations.replay.entities import entity_records
from simulations.replay.of_ledger import past_of
from simulations.replay.past import mornings
from simulations.replay.records import day_records, wish_records
from simulations.replay.replay import Replay


def test_a_replay_of_the_ledger_draws_up_the_plans_that_were_drawn_up_live(tmp_path: Path) -> None:
    """To the last micro: same fingerprints, though the ledger knows all the later days by now."""
    lived = observed(tmp_path)
    account = lived.settings.accounts[0]
    past = past_of(lived.memory, lived.plans[0].account, lived.settings.ledger)
    moments = [plan.drawn_up_at for plan in lived.plans]

    found = list(Replay(lived.settings, account, past).mornings(moments))

    assert fingerprints(found) == [plan.fingerprint for plan in lived.plans]
    assert any(plan.changes for plan in lived.plans)
    lived.memory.close()


def test_mornings_of_a_ledger_begin_when_it_had_been_observed(tmp_path: Path) -> None:
    """Before the first look nothing was known, and after the last nothing new."""
    lived = observed(tmp_path, n_days=3)
    past = past_of(lived.memory, lived.plans[0].account, lived.settings.ledger)

    found = mornings(past, lived.settings.accounts[0].schedule.decide_at)

    assert found == [plan.drawn_up_at for plan in lived.plans]
    lived.memory.close()


def test_the_same_export_and_seed_give_the_same_replay(tmp_path: Path) -> None:
    """Chance comes from the seed of config.toml alone."""
    settings = export_settings(tmp_path)

    runs = []
    for _ in range(2):
        replay = replay_of(settings)
        runs.append(fingerprints(list(replay.mornings(moments_of(settings, replay.past)))))

    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 18  # a morning for each day after the first week, and the day after the last


def test_each_morning_starts_from_what_stood_then(tmp_path: Path) -> None:
    """Proposals are not carried out: the budgets of a column go on as the file has them."""
    settings = export_settings(tmp_path, budgets=True)
    replay = replay_of(settings)

    found = list(replay.mornings(moments_of(settings, replay.past)))

    stood = [morning.entities.levers[Lever.DAILY_BUDGET].numbers[0] // 1_000_000 for morning in found]
    assert stood == [100, 100, 100, *[110] * 9, *[120] * 6]
    assert any(morning.plan.changes for morning in found)


def test_assumed_budgets_are_nobodys_changes(tmp_path: Path) -> None:
    """They are another each morning; a cooldown that took that for an edit would deny everything."""
    settings = export_settings(tmp_path)
    replay = replay_of(settings)

    found = list(replay.mornings(moments_of(settings, replay.past)))

    words = {word.guardrail for morning in found for one in morning.plan.decisions for word in one.words}
    assert not {word for word in words if "cooldown" in word.lower()}
    assert sum(len(morning.plan.changes) for morning in found) > 10


def test_days_outside_the_past_are_refused(tmp_path: Path) -> None:
    """With the days that there are."""
    settings = export_settings(tmp_path)
    past = replay_of(settings).past
    at = settings.accounts[0].schedule.decide_at

    with pytest.raises(Mistake, match="2026-03-08 to 2026-03-25"):
        mornings(past, at, since=date(2027, 1, 1))
    assert len(mornings(past, at, since=date(2026, 3, 10), until=date(2026, 3, 12))) == 3


def test_records_add_up(tmp_path: Path) -> None:
    """Days and entities tell of the same wishes, changes and money."""
    settings = export_settings(tmp_path, budgets=True)
    replay = replay_of(settings)
    found = list(replay.mornings(moments_of(settings, replay.past)))

    days, entities, wishes = day_records(found), entity_records(found), wish_records(found)

    assert sum(one["wishes"] for one in days) == sum(one["wishes"] for one in entities)
    assert sum(one["changes"] for one in days) == sum(one["raises"] + one["cuts"] for one in entities)
    assert sum(one["denied"] for one in days) == sum(one["denied"] for one in entities)
    assert len(wishes) == sum(one["wishes"] + one["not_heard"] for one in days)
    moved = sum(one["raised_micros"] - one["cut_micros"] for one in days)
    by_entity = sum(
        ((one["proposed_micros"] or 0) - (one["stood_micros"] or 0)) * one["mornings"] for one in entities
    )
    assert abs(moved - by_entity) <= sum(one["mornings"] for one in entities)
    assert [one["day"] for one in days] == [days[0]["day"] + timedelta(n) for n in range(len(days))]
