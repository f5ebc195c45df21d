"""How far along each channel's conversions are, told from how they spread over its days."""

from dataclasses import replace

import numpy as np

from agent.domain.advice import Advice
from agent.domain.maturity import Development, LagCurve, chain_ladder, channel_curve, told_curve
from strategies.response.history import History
from strategies.response.lag import reported_share

DAYS = 35
SLOW = 1.0 - 0.75 * 0.86 ** np.arange(DAYS)[::-1]
FAST = 1.0 - 0.4 * 0.6 ** np.arange(DAYS)[::-1]


def history(conversions: np.ndarray, maturity: np.ndarray) -> History:
    """Two channels of three campaigns with a hundred clicks on every day."""
    told = np.ones_like(conversions, dtype=bool)
    clicks = np.full(conversions.shape, 100.0)
    return History(
        told=told,
        counted=told,
        spend=clicks,
        clicks=clicks,
        conversions=conversions,
        value=conversions,
        maturity=np.stack([maturity, maturity]),
        paced=np.zeros(2, dtype=bool),
        channel=np.repeat([0, 1], 3),
        weekday=np.arange(DAYS) % 7,
        weekday_today=0,
        reference=np.full(6, 100.0),
    )


def test_a_slow_channel_is_told_from_a_fast_one() -> None:
    """Yesterday's share lies nearer to each channel's own than to the account's."""
    own = np.repeat(np.stack([SLOW, FAST]), 3, axis=0)
    conversions = np.random.default_rng(1).poisson(6.0 * own).astype(np.float64)

    reported = reported_share(history(conversions, (SLOW + FAST) / 2))

    assert abs(reported[0, -1] - SLOW[-1]) < 0.13 and abs(reported[5, -1] - FAST[-1]) < 0.13


def test_one_campaign_that_breaks_in_does_not_make_its_channel_slow() -> None:
    """Its conversion rate fell to a third two weeks ago; the other two of the channel did not change."""
    conversions = np.full((6, DAYS), 6.0) * FAST
    conversions[0, -14:] /= 3.0
    steady = reported_share(history(np.full((6, DAYS), 6.0) * FAST, FAST))

    reported = reported_share(history(conversions, FAST))

    assert abs(reported[0, -1] / steady[0, -1] - 1.0) < 0.2


def test_a_morning_knows_of_yesterday_what_came_on_the_same_day() -> None:
    """Before anything was seen to change, yesterday is known by half and the day before by two thirds."""
    nothing = np.zeros(30)

    assumed = chain_ladder(nothing, nothing)

    np.testing.assert_allclose(assumed.at(np.array([1, 2, 30])), [0.5, 0.65, 1.0], atol=1e-3)
    assert not assumed.learned


def test_a_platforms_own_lag_report_is_where_learning_starts() -> None:
    """Nine of ten of this account's conversions come on the day of the click, and nobody has looked twice."""
    nothing = np.zeros(30)
    advice = Advice(reported=(0.9, 0.95, 1.0), reported_n=2_000.0)

    curve = chain_ladder(nothing, nothing, told_curve(advice, 31))

    np.testing.assert_allclose(curve.at(np.array([0, 1, 2, 3, 30])), [0.9, 0.9, 0.95, 1.0, 1.0])
    assert curve.learned


def test_what_was_seen_outweighs_a_lag_report_in_the_end() -> None:
    """The report has ten thousand conversions and weighs as much as five hundred at most."""
    advice = Advice(reported=(0.9, 1.0), reported_n=10_000.0)
    earlier, later = np.full(30, 5_000.0), np.full(30, 5_000.0)
    later[1] = 10_000.0

    curve = chain_ladder(earlier, later, told_curve(advice, 31))

    assert 0.5 < curve.at(np.array([1]))[0] < 0.57
    few = chain_ladder(earlier, later, told_curve(Advice(reported=(0.9, 1.0), reported_n=10.0), 31))
    assert abs(few.at(np.array([1]))[0] - 0.5) < 0.01


def test_a_platform_that_tells_no_lag_changes_nothing() -> None:
    """The assumed curve stands."""
    assert told_curve(Advice(), 31) is None


def test_a_channel_that_was_watched_starts_from_its_own_curve() -> None:
    """The account's curve is half-way between; nobody has to infer what was seen, but lags change."""
    between = (SLOW + FAST) / 2
    own = np.repeat(np.stack([SLOW, FAST]), 3, axis=0)
    conversions = np.random.default_rng(1).poisson(2.0 * own).astype(np.float64)
    inferred = history(conversions, between)
    watched = replace(inferred, maturity=np.stack([SLOW, FAST]), paced=np.ones(2, dtype=bool))

    shares = reported_share(watched)

    assert np.abs(shares - own).mean() < 0.05
    assert np.abs(shares - own).max() < np.abs(reported_share(inferred) - own).max()


def test_a_channel_has_a_curve_of_its_own_when_enough_was_seen_of_it() -> None:
    """A hundred conversions of the account's curve and two thousand of its own."""
    account = LagCurve(np.array([0.5, 0.5, 1.0]), learned=True)
    much = Development(np.array([1000.0, 1000.0]), np.array([1000.0, 4000.0]))

    own = channel_curve(much, account)

    assert own is not None
    assert 0.25 < own.at(np.array([0]))[0] < 0.28
    assert channel_curve(Development(much.earlier / 100, much.later / 100), account) is None
