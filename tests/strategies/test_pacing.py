"""Pacing: scaling to today's pot, stopping when a month is used up, and starting again."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import numpy as np
import pytest
from month.months import N_DAYS, month_of, morning

from agent.domain.lever import Lever, Status
from agent.domain.money import Money
from agent.domain.portfolio import Limits
from agent.domain.proposal import Proposal
from agent.domain.snapshot import LeverMemory, Snapshot
from strategies.pacing import Pacing

WIDE = Limits(Money.of(1, "EUR"), Money.of(1000, "EUR"), None)
TWENTY = Limits(Money.of(1, "EUR"), Money.of(1000, "EUR"), Fraction(1, 5))


def said(snapshot: Snapshot, **options: str) -> list[Proposal]:
    return list(Pacing("pacing", **options).propose(snapshot, np.random.default_rng(1)))


def since(day: int, cost: float) -> np.ndarray:
    """So much a day since the first of November, 50 EUR before."""
    return np.where(np.arange(N_DAYS) < N_DAYS - (day - 1), 50.0, cost)


def paused(snapshot: Snapshot, *rows: int, at: datetime) -> Snapshot:
    """The same with these campaigns paused at a moment."""
    column, memory = snapshot.entities.levers[Lever.STATUS], snapshot.memory[Lever.STATUS]
    numbers, changed_at = column.numbers.copy(), memory.changed_at.copy()
    numbers[list(rows)] = 0
    changed_at[list(rows)] = np.datetime64(at.replace(tzinfo=None), "s")
    levers = {**snapshot.entities.levers, Lever.STATUS: replace(column, numbers=numbers)}
    stood = np.ones_like(memory.stood)
    stood[np.ix_(list(rows), snapshot.days >= np.datetime64(at.date()))] = 0
    remembered = LeverMemory(changed_at, memory.baseline, stood)
    return replace(
        snapshot,
        entities=replace(snapshot.entities, levers=levers),
        memory={**snapshot.memory, Lever.STATUS: remembered},
    )


def test_nothing_is_said_without_a_month_budget_or_a_reason() -> None:
    assert said(morning(11, portfolio=replace(month_of(), month=None), stood=30.0)) == []
    assert said(morning(11)) == []


def test_all_budgets_move_by_one_factor_and_stay_within_the_pot() -> None:
    snapshot = morning(11, since(11, 65.0), budgets=(70.0, 30.0), portfolio=month_of(limits=WIDE))

    proposals = said(snapshot)

    small, large = sorted(proposal.target.micros for proposal in proposals)
    assert large / small == pytest.approx(70 / 30, rel=1e-3)
    assert small + large <= 85e6
    assert {proposal.source for proposal in proposals} == {"pacing"}


def test_a_reviewer_reads_where_the_month_stands() -> None:
    (first, _) = said(morning(11, since(11, 65.0), portfolio=month_of(pot="60", limits=WIDE)))

    figures = {figure.name: figure.text for figure in first.evidence.figures}
    assert "1,300.00 of the month's 3,000.00 EUR were spent on 10 of 30 days" in first.because
    assert "today's pot is 60.00, not 100.00" in first.because
    assert figures["today's pot"] == "60.00 EUR"
    assert figures["needed today"] == "71.66 EUR"
    assert figures["planned by now"] == "1,000.00 EUR"
    assert figures["days left"] == "20 of 30"
    assert first.evidence.posterior is not None
    assert first.evidence.posterior.low < first.evidence.posterior.mean < first.evidence.posterior.high


def test_beside_a_decider_that_shares_the_pot_budgets_are_left_alone() -> None:
    snapshot = morning(11, since(11, 65.0), portfolio=month_of(limits=WIDE))

    assert said(snapshot, share="leave", stop="pause") == []


def test_a_used_up_month_brings_budgets_as_low_as_they_may_go() -> None:
    wide = said(morning(21, since(21, 75.0), portfolio=month_of(limits=WIDE)))
    stepped = said(morning(21, since(21, 75.0), portfolio=month_of(limits=TWENTY)))

    assert [proposal.target.micros for proposal in wide] == [1_000_000, 1_000_000]
    assert [proposal.target.micros for proposal in stepped] == [40_000_000, 40_000_000]


def test_a_used_up_month_pauses_everything_where_that_was_asked_for() -> None:
    proposals = said(morning(21, since(21, 75.0), portfolio=month_of(limits=TWENTY)), stop="pause")

    assert [proposal.target for proposal in proposals] == [Status.PAUSED, Status.PAUSED]
    assert "nothing is left for today; paused until the next month" in proposals[0].because


def december(limits: Limits) -> Snapshot:
    """The 1st of December: November's 2,000 EUR were used up on the 21st, and everything has rested since."""
    cost = np.where(np.arange(N_DAYS) >= N_DAYS - 10, 0.0, 50.0)
    snapshot = morning(30, cost, portfolio=month_of("2000", limits=limits))
    return replace(
        snapshot,
        today=datetime(2026, 12, 1).date(),
        as_of=datetime(2026, 12, 1, 6, tzinfo=UTC),
        days=snapshot.days + 1,
    )


def test_the_next_month_starts_what_the_last_one_paused_with_budgets_that_last() -> None:
    """Who used a month up in 20 days cannot go on like that."""
    snapshot = paused(december(WIDE), 0, 1, at=datetime(2026, 11, 21, 6, tzinfo=UTC))

    proposals = said(snapshot, stop="pause")

    budgets = [proposal.target.micros for proposal in proposals if isinstance(proposal.target, Money)]
    assert sum(proposal.target is Status.ENABLED for proposal in proposals) == 2
    assert 60e6 < sum(budgets) <= 2000e6 / 31


def test_what_does_not_fit_within_the_step_limit_comes_down_and_waits() -> None:
    """A start cannot be had by halves: one at 40 EUR fits into the 64 of a day, two do not."""
    snapshot = paused(december(TWENTY), 0, 1, at=datetime(2026, 11, 21, 6, tzinfo=UTC))

    proposals = said(snapshot, stop="pause")

    targets = [proposal.target for proposal in proposals]
    assert targets.count(Status.ENABLED) == 1
    assert targets.count(Money.of(40, "EUR")) == 2


def test_what_starts_again_is_not_lowered_below_what_the_platform_accepts() -> None:
    """Two at 45 EUR do not fit into a day's 64; one does."""
    snapshot = paused(december(WIDE), 0, 1, at=datetime(2026, 11, 21, 6, tzinfo=UTC))
    account = replace(snapshot.entities.account, min_daily_budget_micros=45_000_000)
    snapshot = replace(snapshot, entities=replace(snapshot.entities, account=account))

    proposals = said(snapshot, stop="pause")

    targets = [proposal.target for proposal in proposals]
    assert targets.count(Status.ENABLED) == 1
    assert targets.count(Money.of(45, "EUR")) == 2


def test_what_a_person_paused_earlier_stays_paused() -> None:
    """On the 15th money was left, so the month was not the reason."""
    snapshot = paused(december(WIDE), 0, at=datetime(2026, 11, 15, 6, tzinfo=UTC))

    assert Status.ENABLED not in {proposal.target for proposal in said(snapshot, stop="pause")}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"share": "half"}, "share was 'half', 'scale' or 'leave' is right"),
        ({"share": "leave"}, "share was 'leave' with stop = 'budgets', .* stop = 'pause' is right"),
        ({"stop": "never"}, "stop was 'never', 'budgets' or 'pause' is right"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Pacing("pacing", **options)
