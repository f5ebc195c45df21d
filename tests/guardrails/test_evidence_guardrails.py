"""Data must be fresh, enough and mature, and a lever must have rested."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
import sample
from wishes import told, wish

from agent.domain.lever import Lever
from agent.domain.proposal import Evidence
from agent.domain.snapshot import Freshness as Known
from agent.domain.snapshot import Grade, LeverMemory
from agent.domain.verdict import Deny
from agent.guardrails.cooldown import Cooldown
from agent.guardrails.evidence import Freshness, Maturity, MinimumEvidence

HOUR = timedelta(hours=1)
BUDGET = Lever.DAILY_BUDGET


@pytest.mark.parametrize(
    ("ago", "verdict"), [(25 * HOUR, "allow"), (24 * HOUR, "allow"), (23 * HOUR, "deny"), (-HOUR, "deny")]
)
def test_a_lever_rests_after_a_change(ago: timedelta, verdict: str) -> None:
    """Its cooldown is over at the very second; a change from the future is no rest."""
    table = sample.entities([50])
    changed = np.array([(sample.NOW - ago).replace(tzinfo=None)], dtype="datetime64[s]")
    memory = {BUDGET: replace(LeverMemory.unseen(np.array([50_000_000]), 30), changed_at=changed)}

    said = Cooldown(BUDGET, 24 * HOUR).judge(wish(table, 51), sample.snapshot(table, memory=memory))

    assert told(said) == verdict


def test_a_lever_that_was_never_seen_to_change_has_rested() -> None:
    """NaT is the absence of a change."""
    table = sample.entities([50])

    said = Cooldown(BUDGET, 24 * HOUR).judge(wish(table, 51), sample.snapshot(table))

    assert told(said) == "allow"


def test_a_cooldown_says_how_long_it_was_and_should_be() -> None:
    """A reviewer reads the two spans."""
    table = sample.entities([50])
    changed = np.array(["2026-11-20T23:30:00"], dtype="datetime64[s]")
    memory = {BUDGET: replace(LeverMemory.unseen(np.array([50_000_000]), 30), changed_at=changed)}

    said = Cooldown(BUDGET, 30 * HOUR).judge(wish(table, 51), sample.snapshot(table, memory=memory))

    assert said == Deny("it last changed 6 h 30 min ago; it rests for 1 day 6 h")


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (Known(Grade.FRESH, sample.NOW - 24 * HOUR, date(2026, 11, 20), 0), "allow"),
        (Known(Grade.FRESH, sample.NOW - 25 * HOUR, date(2026, 11, 20), 0), "deny"),
        (Known(Grade.STALE, sample.NOW - HOUR, date(2026, 11, 18), 0), "deny"),
        (Known(Grade.PARTIAL, sample.NOW - HOUR, date(2026, 11, 17), 3), "deny"),
        (Known(Grade.FRESH, None, None, 0), "deny"),
    ],
)
def test_nothing_changes_on_old_or_partial_metrics(known: Known, verdict: str) -> None:
    """Neither up nor down."""
    table = sample.entities([50])
    snapshot = sample.snapshot(table, freshness=known)

    said = [Freshness(24 * HOUR).judge(wish(table, target), snapshot) for target in (45, 55)]

    assert [told(one) for one in said] == [verdict, verdict]


@pytest.mark.parametrize(("days", "words"), [(3, "3 days of metrics are"), (1, "1 day of metrics is")])
def test_partial_metrics_are_explained_in_words(days: int, words: str) -> None:
    """How many days, and which was the last that is whole."""
    table = sample.entities([50])
    known = Known(Grade.PARTIAL, sample.NOW, date(2026, 11, 17), days)

    said = Freshness(24 * HOUR).judge(wish(table, 51), sample.snapshot(table, freshness=known))

    assert said == Deny(f"{words} missing; the last complete day is 2026-11-17")


@pytest.mark.parametrize(
    ("clicks_a_day", "age_days", "verdict"),
    [(5, 28, "allow"), (4, 28, "deny"), (5, 14, "allow"), (50, 13, "deny"), (0, 400, "deny")],
)
def test_an_entity_must_have_been_seen_enough(clicks_a_day: int, age_days: int, verdict: str) -> None:
    """70 clicks over its last 14 known days, and 14 days since it started."""
    table = sample.entities([50], age_days=age_days)

    said = MinimumEvidence(70, 14).judge(wish(table, 51), sample.snapshot(table, clicks=clicks_a_day))

    assert told(said) == verdict


def test_unknown_days_do_not_count_as_history() -> None:
    """Missing is not zero: 30 days of which 20 are unknown are 10."""
    table = sample.entities([50])
    snapshot = sample.snapshot(table, clicks=100, known=[[False] * 20 + [True] * 10])

    said = MinimumEvidence(1, 14).judge(wish(table, 51), snapshot)

    assert said == Deny("it has a history of 10 known days; 14 are needed")


@pytest.mark.parametrize(("own", "verdict"), [(0.9, "allow"), (0.8, "allow"), (0.79, "deny"), (None, "deny")])
def test_a_wish_rests_on_mature_conversions(own: float | None, verdict: str) -> None:
    """Its own maturity counts when it tells it, else that of the last 14 days (0.5 here)."""
    table = sample.entities([50])
    snapshot = sample.snapshot(table, cost=10.0, maturity=0.5)

    said = Maturity(Fraction(4, 5)).judge(wish(table, 51, evidence=Evidence(maturity=own)), snapshot)

    assert told(said) == verdict


def test_maturity_is_weighted_by_cost() -> None:
    """A young day on which little was spent does not hold a change back."""
    table = sample.entities([50])
    snapshot = sample.snapshot(
        table, n_days=14, cost=[100.0] * 13 + [1.0], maturity=np.append(np.ones(13), 0.1)
    )

    said = Maturity(Fraction(99, 100)).judge(wish(table, 51), snapshot)

    assert told(said) == "allow"


@pytest.mark.parametrize(
    "guardrail",
    [
        Cooldown(BUDGET, None),
        Freshness(None),
        MinimumEvidence(None, 14),
        MinimumEvidence(70, None),
        Maturity(None),
    ],
)
def test_an_absent_minimum_denies(guardrail: Cooldown | Freshness | MinimumEvidence | Maturity) -> None:
    """A limit that nobody set is not one of zero."""
    table = sample.entities([50])

    said = guardrail.judge(wish(table, 51), sample.snapshot(table, clicks=100))

    assert isinstance(said, Deny)
    assert said.because.startswith("no ")


def test_limits_of_zero_are_refused() -> None:
    """At construction, before anything runs."""
    for make in (
        lambda: Cooldown(BUDGET, timedelta(0)),
        lambda: Freshness(timedelta(0)),
        lambda: MinimumEvidence(0, 14),
        lambda: MinimumEvidence(70, -1),
        lambda: Maturity(Fraction(0)),
        lambda: Maturity(Fraction(11, 10)),
    ):
        with pytest.raises(ValueError, match="is right"):
            make()
