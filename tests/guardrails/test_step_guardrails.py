"""Step limits: how far at once, and how far within seven days."""

from fractions import Fraction

import numpy as np
import pytest
import sample
from wishes import eur, told, wish

from agent.domain.lever import Lever, Status
from agent.domain.snapshot import LeverMemory, Snapshot
from agent.domain.verdict import Allow, Clamp, Deny
from agent.guardrails.step import MaxStep, RollingCap

BUDGET = Lever.DAILY_BUDGET


def with_baseline(present: float, baseline: int) -> Snapshot:
    table = sample.entities([present])
    return sample.snapshot(
        table,
        memory={BUDGET: LeverMemory.unseen(np.array([baseline]), 30)},
    )


@pytest.mark.parametrize(
    ("present", "target", "verdict"),
    [
        (50, "60.00", "allow"),  # the edges
        (50, "40.00", "allow"),
        (50, "60.01", "clamp 60.00 EUR"),
        (50, "39.99", "clamp 40.00 EUR"),
        (33.33, "99.00", "clamp 39.99 EUR"),  # 39.996, rounded down
        (33.33, "1.00", "clamp 26.67 EUR"),  # 26.664, rounded up: not below the step
        (0.02, "0.03", "deny"),  # the step is smaller than a cent
        (0.02, "0.01", "deny"),
    ],
)
def test_a_change_stays_within_the_step(present: float, target: str, verdict: str) -> None:
    """20 % of where it stands, up and down, rounded so that the clamp stays within."""
    table = sample.entities([present])

    said = MaxStep(BUDGET, Fraction(1, 5)).judge(wish(table, target), sample.snapshot(table))

    assert told(said) == verdict


@pytest.mark.parametrize(
    ("present", "target", "verdict"),
    [
        (65, "75.00", "allow"),  # the edge of 50 % around 50
        (65, "75.01", "clamp 75.00 EUR"),
        (30, "24.99", "clamp 25.00 EUR"),
        (75, "80.00", "deny"),
        (90, "100.00", "deny"),  # a person went further; not further still
        (90, "80.00", "allow"),
    ],
)
def test_a_lever_stays_around_where_it_stood_seven_days_ago(
    present: float, target: str, verdict: str
) -> None:
    """Small legal steps must not add up."""
    snapshot = with_baseline(present, 50_000_000)

    said = RollingCap(BUDGET, Fraction(1, 2)).judge(wish(snapshot.entities, target), snapshot)

    assert told(said) == verdict


def test_nine_legal_steps_in_a_week_do_not_multiply() -> None:
    """Nine steps of +30 % would make x10.6; the rolling cap ends them at +50 %."""
    step, cap = MaxStep(BUDGET, Fraction(3, 10)), RollingCap(BUDGET, Fraction(1, 2))
    present = 50.0
    for _ in range(9):
        snapshot = with_baseline(present, 50_000_000)
        table = snapshot.entities
        proposal = wish(table, eur(str(round(present * 1.3, 2))))
        assert step.judge(proposal, snapshot) == Allow()
        match cap.judge(proposal, snapshot):
            case Allow():
                present = round(present * 1.3, 2)
            case Clamp(to=to):
                present = float(str(to).split()[0])
            case Deny():
                pass

    assert present == 75.0


def test_an_unknown_baseline_denies() -> None:
    """A cap that cannot be measured is not a cap that is kept."""
    snapshot = with_baseline(50, 0)

    said = RollingCap(BUDGET, Fraction(1, 2)).judge(wish(snapshot.entities, 51), snapshot)

    assert isinstance(said, Deny)


@pytest.mark.parametrize("guardrail", [MaxStep(BUDGET, None), RollingCap(BUDGET, None)])
def test_an_absent_step_denies(guardrail: MaxStep | RollingCap) -> None:
    """Even the smallest step."""
    table = sample.entities([50])

    said = guardrail.judge(wish(table, "50.01"), sample.snapshot(table))

    assert said == Deny(f"no {guardrail.name} is set")


@pytest.mark.parametrize("guardrail", [MaxStep, RollingCap])
@pytest.mark.parametrize("share", [Fraction(0), Fraction(-1, 5)])
def test_a_step_of_zero_is_refused(guardrail: type[MaxStep | RollingCap], share: Fraction) -> None:
    """0 is a slip: to forbid a lever, leave its table out."""
    with pytest.raises(ValueError, match="above zero"):
        guardrail(BUDGET, share)  # type: ignore[call-arg]  # both take a lever and a share


@pytest.mark.parametrize("guardrail", [MaxStep, RollingCap])
def test_a_status_has_no_steps(guardrail: type[MaxStep | RollingCap]) -> None:
    """A switch is on or off."""
    with pytest.raises(ValueError, match="status"):
        guardrail(Lever.STATUS, Fraction(1, 5))  # type: ignore[call-arg]  # as above


def test_a_step_of_one_lever_is_silent_about_a_switch() -> None:
    """Limits speak of their own lever."""
    table = sample.entities([50])
    proposal = wish(table, Status.PAUSED, lever=Lever.STATUS)

    said = MaxStep(BUDGET, Fraction(1, 5)).judge(proposal, sample.snapshot(table))

    assert said == Allow()
