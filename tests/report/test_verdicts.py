"""Verdicts: improved, worse, or not yet known and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.random import default_rng
from sample import entities, snapshot
from told import raised

from agent.domain.entity import Floats
from agent.domain.lever import Lever
from agent.domain.snapshot import LeverMemory, Snapshot
from agent.report.made import Made
from agent.report.unsettled import Why
from agent.report.verdicts import Verdict, judged, pooled

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
CHANGED = NOW - timedelta(days=12)
DAY = 40 - 12  # the column of the day of the change


def lived(conversions: Floats, *, cost: Floats | float = 100.0, maturity: float = 1.0) -> Snapshot:
    """40 days of campaigns whose budgets stood at 50 EUR until the day of the change, then at 55."""
    n = len(conversions)
    stood = np.full((n, 40), 50_000_000)
    stood[:, DAY:] = 55_000_000
    table = entities([55.0] * n)
    unseen = LeverMemory.unseen(table.levers[Lever.DAILY_BUDGET].numbers, 40)
    switch = LeverMemory.unseen(table.levers[Lever.STATUS].numbers, 40)
    return snapshot(
        table,
        n_days=40,
        cost=cost,
        clicks=200,
        conversions=conversions,
        value=conversions * 50.0,
        maturity=maturity,
        memory={Lever.DAILY_BUDGET: replace(unseen, stood=stood), Lever.STATUS: switch},
        now=NOW,
    )


def verdicts(one: Snapshot, changes: list[Made], *, by_value: bool = False) -> list[Verdict]:
    return [found.verdict for found in judged(changes, one, np.full(len(changes), by_value))]


def test_a_great_rise_is_improved_and_a_great_fall_is_worse() -> None:
    """Twice as many conversions for the same money, and half as many; the rest stands still."""
    conversions = np.full((6, 40), 20.0)
    conversions[0, DAY + 1 :] = 40.0
    conversions[1, DAY + 1 :] = 10.0

    found = verdicts(lived(conversions), [raised(n, CHANGED) for n in (1, 2, 3)])

    assert found == [Verdict.IMPROVED, Verdict.WORSE, Verdict.UNKNOWN]


def test_a_season_is_not_taken_for_an_effect() -> None:
    """Everything doubles, the campaign as well: nothing can be said for the change."""
    conversions = np.full((6, 40), 20.0)
    conversions[:, DAY + 1 :] = 40.0

    (found,) = judged([raised(1, CHANGED)], lived(conversions), np.array([False]))

    assert found.verdict is Verdict.UNKNOWN
    assert found.reason is not None and found.reason.why is Why.CHANCE


@pytest.mark.parametrize("by_value", [False, True])
def test_changes_without_effect_are_rarely_called_one_or_the_other(by_value: bool) -> None:
    """Of 800 that did nothing (seeds 1 to 4) about one in ten, and the sum of all is within chance.

    90 % sure means one in ten; a margin of one in twenty is for the noise being learned itself.
    """
    called, total = 0, 0
    for seed in range(1, 5):
        conversions = default_rng(seed).poisson(8.0, (200, 40)).astype(float)
        changes = [raised(n, CHANGED) for n in range(1, 201)]

        found = judged(changes, lived(conversions), np.full(200, by_value))

        called += sum(one.verdict is not Verdict.UNKNOWN for one in found)
        total += len(found)
        everything = pooled(found, by_value=by_value)
        assert everything is not None and everything.low < everything.mean < everything.high
    assert called / total < 0.15


def test_more_money_must_earn_something() -> None:
    """Twice the cost for not one conversion more is worse, and half the cost for as many is better."""
    conversions = np.full((6, 40), 40.0)
    cost = np.full((6, 40), 100.0)
    cost[0, DAY + 1 :], cost[1, DAY + 1 :] = 300.0, 10.0
    cost[1, : DAY + 1] = 200.0

    found = verdicts(lived(conversions, cost=cost), [raised(1, CHANGED), raised(2, CHANGED)])

    assert found == [Verdict.WORSE, Verdict.IMPROVED]


def test_what_cannot_be_known_yet_says_why() -> None:
    """Each in its own words, with the day or the share."""
    flat = lived(np.full((3, 40), 20.0))
    young = lived(np.full((3, 40), 20.0), maturity=0.7)
    unknown = replace(flat, metrics=replace(flat.metrics, known=np.zeros((3, 40), dtype=bool)))
    moved = lived(np.full((3, 40), 20.0))
    moved.memory[Lever.DAILY_BUDGET].stood[0, DAY + 3] = 90_000_000

    running = _only(judged([raised(1, NOW - timedelta(days=2))], flat, np.array([True])))
    ripening = _only(judged([raised(1, CHANGED)], young, np.array([True])))
    missing = _only(judged([raised(1, CHANGED)], unknown, np.array([True])))
    again = _only(judged([raised(1, CHANGED)], moved, np.array([True])))
    gone = _only(judged([raised(9, CHANGED)], flat, np.array([True])))

    assert running == (Why.RUNNING, "the 7 full days after it are over on 27 Nov")
    assert ripening == (Why.RIPENING, "only 70% of the conversions of the week after it have been reported")
    assert missing[0] is Why.NO_DATA and again[0] is Why.MOVED and gone[0] is Why.NO_MONEY


def test_small_steps_of_one_week_are_told_together() -> None:
    """The first of them carries the verdict: their weeks are the same weeks."""
    conversions = np.full((4, 40), 20.0)
    conversions[0, DAY + 1 :] = 40.0
    steps = [raised(1, CHANGED), raised(1, CHANGED + timedelta(days=2), to="56")]

    first, second = judged(steps, lived(conversions), np.array([False, False]))

    assert first.verdict is Verdict.IMPROVED
    assert second.reason is not None and second.reason.why is Why.TOGETHER


def _only(found: list[object]) -> tuple[Why, str]:
    (one,) = found
    reason = one.reason  # type: ignore[attr-defined]  # a Judged
    return (reason.why, reason.words)
