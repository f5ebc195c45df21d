"""Nothing is steered by conversions that cannot be believed; afterwards steps are small at first."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import numpy as np
import pytest
import sample

from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.proposal import Proposal, Purpose
from agent.domain.record import Freeze
from agent.domain.ref import Kind
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Clamp, Deny
from agent.guardrails.recovery import RecoveryRamp
from agent.guardrails.tracking import TrackingBreak

RAMP = RecoveryRamp(Lever.DAILY_BUDGET, Fraction(1, 5), 3, Fraction(1, 2))
SINCE = sample.NOW - timedelta(hours=10)


def wish(target: str, *, source: str = "thompson", purpose: Purpose = Purpose.STEER) -> Proposal:
    ref = sample.ACCOUNT.id.ref(Kind.CAMPAIGN, "000001")
    return Proposal(ref, Lever.DAILY_BUDGET, Money.of(target, "EUR"), "why", source, purpose=purpose)


def account(**parts: object) -> Snapshot:
    return replace(sample.snapshot(sample.entities([50.0])), **parts)  # type: ignore[arg-type]  # any part


def frozen() -> Snapshot:
    because = "23 conversions were expected and none came"
    return account(freeze=Freeze(sample.ACCOUNT.id, SINCE, sample.NOW, because))


def off_until(days_ago: int) -> Snapshot:
    """Switched off for five days, and on again since."""
    known = account()
    stood = np.ones((1, 30), dtype=np.int64)
    stood[0, 30 - days_ago - 5 : 30 - days_ago] = 0
    memory = {**known.memory, Lever.STATUS: replace(known.memory[Lever.STATUS], stood=stood)}
    return replace(known, memory=memory)


def test_a_frozen_account_denies_what_was_read_from_its_figures() -> None:
    """With the words of the freeze; the same account without a freeze allows."""
    verdict = TrackingBreak().judge(wish("40"), frozen())

    assert verdict == Deny(
        "tracking looks broken since 20 Nov 20:00: 23 conversions were expected and none came"
    )
    assert isinstance(TrackingBreak().judge(wish("40"), account()), Allow)


@pytest.mark.parametrize("source", ["person", "undo"])
def test_what_people_ask_for_passes_a_freeze(source: str) -> None:
    """By hand, or taking back what gebot did."""
    purpose = Purpose.UNDO if source == "undo" else Purpose.STEER

    assert isinstance(TrackingBreak().judge(wish("40", source=source, purpose=purpose), frozen()), Allow)


@pytest.mark.parametrize(
    ("target", "to"), [("55", None), ("55.01", "55"), ("60", "55"), ("45", None), ("40", "45")]
)
def test_after_a_freeze_a_step_is_half_as_large(target: str, to: str | None) -> None:
    """Half of 20 % of 50.00, up or down."""
    verdict = RAMP.judge(wish(target), account(resumed_at=SINCE))

    if to is None:
        assert isinstance(verdict, Allow)
    else:
        assert isinstance(verdict, Clamp) and verdict.to == Money.of(to, "EUR")


def test_the_ramp_ends_on_its_third_day() -> None:
    """To the moment; and it does not bind what takes back."""
    inside, over = (
        account(resumed_at=sample.NOW - timedelta(days=3) + grace)
        for grace in (timedelta(seconds=1), timedelta(0))
    )

    assert isinstance(RAMP.judge(wish("60"), inside), Clamp)
    assert isinstance(RAMP.judge(wish("60"), over), Allow)
    assert isinstance(RAMP.judge(wish("60", purpose=Purpose.UNDO), inside), Allow)


def test_an_entity_that_was_off_for_days_starts_with_small_steps() -> None:
    """Until three days after it was switched on."""
    assert isinstance(RAMP.judge(wish("60"), off_until(1)), Clamp)
    assert isinstance(RAMP.judge(wish("60"), off_until(6)), Allow)


def test_a_ramp_of_nothing_is_refused() -> None:
    """A share of 0 reads as "none" to one person and as "no limit" to the next."""
    for days, share in ((0, Fraction(1, 2)), (3, Fraction(0)), (3, Fraction(3, 2))):
        with pytest.raises(ValueError, match="are right"):
            RecoveryRamp(Lever.DAILY_BUDGET, None, days, share)
