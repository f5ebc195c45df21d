"""Coverage against the truth: only who knows how little is known comes out at 80 of 100."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import sample

from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Evidence, Interval, Proposal
from agent.domain.ref import Kind, Ref
from simulations.calibration import AGES, CoverageRow, Foretold, Truth, coverage, foretold, joined, truth
from simulations.market import Market
from simulations.oracle import expectation
from simulations.worlds import WORLDS

MARKET = Market(WORLDS["A2"], 5, date(2025, 1, 6))
UNTIL = 70


def said_by_one_who_knows(doubt: float, narrower: float = 1.0, *, seed: int = 1) -> Foretold:
    """Changes of all campaigns on each of 50 days, foretold up to a relative doubt."""
    rng = np.random.default_rng(seed)
    n = 50 * len(MARKET)
    days, campaigns = np.repeat(np.arange(50), len(MARKET)), np.tile(np.arange(len(MARKET)), 50)
    before = MARKET.campaigns.reference.astype(np.int64)[campaigns]
    after = (before * 1.2).astype(np.int64)
    curves = expectation(MARKET, range(50))
    true = [curves.value(np.tile(b.reshape(50, -1)[:1], (50, 1)))[days, campaigns] for b in (before, after)]
    value, effect = true[1], true[1] - true[0]
    columns = []
    for figure in (value, effect):
        mean = figure * (1 + doubt * rng.standard_normal(n))
        half = 1.2816 * doubt * np.abs(figure) / narrower
        columns += [mean, mean - half, mean + half]
    return Foretold(
        np.full(n, "seer"), days, campaigns, before, after, *columns, np.where(days < 25, 0.75, 0.95)
    )


def row(rows: list[CoverageRow], interval: str, group: str) -> CoverageRow:
    (found,) = (one for one in rows if one["interval"] == interval and one["group"] == group)
    return found


@pytest.mark.parametrize("interval", ["posterior", "effect"])
def test_who_is_right_covers_what_was_promised(interval: str) -> None:
    """1,000 changes on the day of the change: 50, 80 and 90 of 100, within 4 points (seed 1)."""
    said = said_by_one_who_knows(0.1)

    found = row(coverage(said, truth(said, MARKET, until=UNTIL)), interval, "age 0")

    assert found["n"] == 1000
    assert found["covered_50"] == pytest.approx(0.5, abs=0.04)
    assert found["covered_80"] == pytest.approx(0.8, abs=0.04)
    assert found["covered_90"] == pytest.approx(0.9, abs=0.04)
    assert found["stretch"] == pytest.approx(1.0, abs=0.1) and found["bias"] == pytest.approx(0.0, abs=0.02)


def test_intervals_ten_times_too_narrow_show_how_much_wider_they_must_be() -> None:
    """Here nothing hides behind noise: about 10 of 100, and a stretch of about ten."""
    said = said_by_one_who_knows(0.1, narrower=10.0)

    found = row(coverage(said, truth(said, MARKET, until=UNTIL)), "posterior", "age 0")

    assert found["covered_80"] < 0.15
    assert found["stretch"] == pytest.approx(10, rel=0.1)


def test_groups_by_age_and_maturity_have_all_the_changes_between_them() -> None:
    """Nothing is counted twice within a kind of group."""
    said = said_by_one_who_knows(0.1)

    rows = coverage(said, truth(said, MARKET, until=UNTIL))

    of_all = row(rows, "posterior", "all")["n"]
    assert sum(row(rows, "posterior", f"age {age}")["n"] for age in AGES) == of_all == 1000 * len(AGES)
    assert row(rows, "posterior", "maturity 0.7 to 0.8")["n"] == of_all // 2
    assert row(rows, "posterior", "maturity 0.9 to 1.0")["n"] == of_all // 2


def test_days_that_were_not_lived_are_not_asked_for() -> None:
    """A change of the last day has no truth a week later."""
    said = said_by_one_who_knows(0.1)

    asked = truth(said, MARKET, until=50)

    assert np.isnan(asked.value[said.days == 49, 1:]).all()
    assert not np.isnan(asked.value[said.days == 49, 0]).any()


def test_runs_can_be_looked_at_together() -> None:
    """Each with its own truth."""
    parts = [said_by_one_who_knows(0.1, seed=seed) for seed in (1, 2)]
    truths = [truth(part, MARKET, until=UNTIL) for part in parts]

    rows = coverage(joined(parts), Truth.joined(truths))

    assert row(rows, "posterior", "age 0")["n"] == 2000


def test_what_plans_said_is_read_from_their_evidence() -> None:
    """Clamped changes, other levers and deciders without a model say nothing."""
    today = datetime(2025, 1, 16, 6, tzinfo=UTC)
    ids = [f"{n:06d}" for n in range(len(MARKET))]

    def decision(row: int, *, clamped: bool = False, of: str = "conversion value in EUR per day") -> Decision:
        ref = Ref("simulated", "demo", Kind.CAMPAIGN, ids[row])
        evidence = Evidence((), of, Interval(100.0, 90.0, 120.0), Interval(5.0, 1.0, 9.0), 0.8)
        wish = Proposal(ref, Lever.DAILY_BUDGET, Money.of(60, "EUR"), "", "model", evidence=evidence)
        got = Money.of(55 if clamped else 60, "EUR")
        return Decision(
            wish, Money.of(50, "EUR"), (), Change(ref, Lever.DAILY_BUDGET, Money.of(50, "EUR"), got)
        )

    decisions = (decision(3), decision(4, clamped=True), decision(5, of="clicks per day"))
    plan = Plan(sample.ACCOUNT.id, today, today + timedelta(days=1), "", "", 1, decisions)

    said = foretold([plan], MARKET, ids)

    assert (said.campaigns.tolist(), said.days.tolist()) == ([3], [10])
    assert (said.before.tolist(), said.after.tolist()) == ([50_000_000], [60_000_000])
    assert (said.mean.tolist(), said.low.tolist(), said.high.tolist()) == ([1e8], [9e7], [1.2e8])
    assert (said.effect.tolist(), said.maturity.tolist()) == ([5e6], [0.8])
    assert len(foretold([], MARKET, ids)) == 0
