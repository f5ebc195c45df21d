"""Calibration as arithmetic: what is said of a decider from hits and misses alone."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator

from agent.domain.calibration import NOTHING, Measured, Reliability, Tolerance, calibrations
from agent.domain.daily_noise import daily_noise

N_WEEKS, A_WEEK = 12, 8


def lived_through(
    rng: Generator, *, narrower: float = 1.0, doubt: float = 0.3, noise: float = 0.2, shared: float = 0.05
) -> Measured:
    """A decider that knows each truth up to `doubt`, and says that it knows it `narrower` times better.

    Args:
        shared: Luck that all changes of a week have in common.
    """
    n = N_WEEKS * A_WEEK
    weeks = np.repeat(np.arange(N_WEEKS), A_WEEK)
    truth = 100 * np.exp(rng.standard_normal(n))
    mean = truth * (1 + doubt * rng.standard_normal(n))
    luck = noise * rng.standard_normal(n) + shared * rng.standard_normal(N_WEEKS)[weeks]
    half = 1.2816 * doubt * truth / narrower
    return Measured(
        sources=np.full(n, "seer"),
        mean=mean,
        low=mean - half,
        high=mean + half,
        realised=truth * (1 + luck),
        noise=noise * truth,
        weeks=weeks,
    )


def test_the_one_who_is_right_is_rarely_demoted_and_the_boaster_nearly_always() -> None:
    """200 histories of 96 changes each, seeds 0 to 199: at most 5 of 100 false alarms, 90 of 100 right ones.

    The weeks share more luck than the noise tells of, as they do in life.
    """
    found = {
        narrower: [
            calibrations(lived_through(np.random.default_rng(seed), narrower=narrower), Tolerance())[0]
            for seed in range(200)
        ]
        for narrower in (1.0, 10.0)
    }

    assert sum(one.demoted for one in found[1.0]) <= 0.05 * 200
    assert sum(one.demoted for one in found[10.0]) >= 0.9 * 200


def test_who_is_looked_at_every_week_is_not_demoted_by_looking_often() -> None:
    """The verdict is asked for each morning; 100 right deciders, seeds 0 to 99, judged at every week."""
    demoted = 0
    for seed in range(100):
        all_of_it = lived_through(np.random.default_rng(seed))
        looks = [week_by_week(all_of_it, until) for until in range(1, N_WEEKS + 1)]
        demoted += any(calibrations(look, Tolerance())[0].demoted for look in looks)

    assert demoted <= 5


def week_by_week(measured: Measured, until: int) -> Measured:
    early = measured.weeks < until
    return Measured(*(getattr(measured, name)[early] for name in Measured.__slots__))


def test_one_week_in_which_nothing_holds_demotes_nobody() -> None:
    """A holiday moves all campaigns at once: many misses, one cause."""
    measured = lived_through(np.random.default_rng(1), narrower=1.0)
    gone = measured.weeks == 5
    measured = replace(measured, realised=np.where(gone, 5 * measured.mean, measured.realised))

    (found,) = calibrations(measured, Tolerance())

    assert found.held < 0.8 * found.n
    assert not found.demoted


def test_too_few_changes_say_nothing() -> None:
    """Neither do many of two weeks alone."""
    measured = lived_through(np.random.default_rng(2), narrower=10.0)
    two_weeks = week_by_week(measured, 2)

    (few,) = calibrations(measured, Tolerance(min_changes=97))
    (short,) = calibrations(two_weeks, Tolerance(min_changes=10))

    assert few.reliability is short.reliability is Reliability.TOO_FEW
    assert not few.demoted and not short.demoted


def test_demotion_can_be_switched_off_and_the_verdict_still_stands() -> None:
    """What is so is told, whatever follows from it."""
    measured = lived_through(np.random.default_rng(3), narrower=10.0)

    (found,) = calibrations(measured, Tolerance(demote=False))

    assert found.reliability is Reliability.TOO_NARROW
    assert not found.demoted


def test_intervals_that_always_hold_are_too_wide_and_harmless() -> None:
    """Caution costs money, but it is no danger."""
    measured = lived_through(np.random.default_rng(4), narrower=0.2)

    (found,) = calibrations(measured, Tolerance())

    assert found.reliability is Reliability.TOO_WIDE
    assert not found.demoted and found.stretch < 1


def test_each_decider_is_judged_for_itself() -> None:
    """A boaster in the account does not take the others with it."""
    right = lived_through(np.random.default_rng(5))
    wrong = lived_through(np.random.default_rng(6), narrower=10.0)
    both = Measured(
        np.concatenate([right.sources, np.full(len(wrong), "boaster")]),
        *(
            np.concatenate([getattr(right, name), getattr(wrong, name)])
            for name in Measured.__slots__
            if name != "sources"
        ),
    )

    boaster, seer = calibrations(both, Tolerance())

    assert (boaster.source, boaster.demoted) == ("boaster", True)
    assert (seer.source, seer.demoted) == ("seer", False)


def test_the_sentence_tells_hits_cases_and_how_sure_that_is() -> None:
    """As a person reads it in `gebot status`."""
    held = np.arange(100) < 76
    measured = Measured(
        sources=np.full(100, "thompson"),
        mean=np.full(100, 10.0),
        low=np.full(100, 9.0),
        high=np.full(100, 11.0),
        realised=np.where(held, 10.5, 20.0),
        noise=np.zeros(100),
        weeks=np.arange(100),
    )

    (found,) = calibrations(measured, Tolerance())

    assert str(found) == "thompson: 80 % intervals held 76 of 100 times (67 to 83 %)"
    assert found.bias == pytest.approx(0.278)


def test_nothing_measured_is_nobody_judged() -> None:
    """Silence on an account that has just begun."""
    assert calibrations(NOTHING, Tolerance()) == ()


@given(st.integers(0, 1000), st.fractions(Fraction(1, 100), 1), st.floats(1e-6, 1e9))
def test_the_verdict_depends_neither_on_order_nor_on_currency(
    seed: int, tolerated: Fraction, scale: float
) -> None:
    """Yen and shuffled rows give the same answer, and shares stay shares."""
    rng = np.random.default_rng(seed)
    measured = lived_through(rng, narrower=3.0)
    order = rng.permutation(len(measured))
    money = ("mean", "low", "high", "realised", "noise")
    other = Measured(
        **{
            name: getattr(measured, name)[order] * (scale if name in money else 1)
            if name != "sources"
            else measured.sources[order]
            for name in Measured.__slots__
        }
    )

    (one,), (two,) = (calibrations(each, Tolerance(tolerated=tolerated)) for each in (measured, other))

    assert (one.held, one.reliability) == (two.held, two.reliability)
    assert 0 <= one.low <= one.held / one.n <= one.high <= 1


def test_the_noise_of_days_is_learned_from_many_short_stretches() -> None:
    """Poisson orders of 50 EUR under days of 20 % spread, seeds 0 to 19: within 15 % on average."""
    ratios = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        level = 50 * np.exp(rng.normal(2.0, 1.0, (60, 1)))
        days = 50.0 * rng.poisson(level / 50 * np.exp(0.2 * rng.standard_normal((60, 7)) - 0.02))
        noise = daily_noise(days, expected=level[:, 0], unit=np.full(60, 50.0), ripe=np.full((60, 7), 1.0))
        ratios.append(float(np.median(noise / np.sqrt(50 * level[:, 0] + 0.04 * level[:, 0] ** 2))))

    assert 0.95 < np.mean(ratios) < 1.15


def test_no_stretch_at_all_has_the_usual_noise() -> None:
    """And days of nothing have none that is not a number."""
    nothing = daily_noise(
        np.zeros((1, 7)), expected=np.array([100.0]), unit=np.array([0.0]), ripe=np.ones((1, 7))
    )

    assert nothing == pytest.approx([100 * 0.02**0.5])
