"""Units by chance: no slip of 1.31 or more gets through, and each boundary is seen to matter."""

from fractions import Fraction

import pytest

from agent.config.guardrails import GuardrailSettings
from agent.domain.money import Money
from agent.steps.guard import Fence
from agent.wiring.fencing import fence
from simulations.chaos import units
from simulations.chaos.malformed.hostile import chance
from simulations.chaos.units import APPROVED, PROPOSED, SMALLEST, STOOD, UNITS, WIRE, boundaries, slip


def test_no_slip_gets_through() -> None:
    """A few hundred of the hundred thousand of the full profile, at every boundary."""
    result = UNITS.run(800, 0, 1, lambda _: None)

    assert {tally.invariant for tally in result.tallies} == set(boundaries())
    assert result.violations == 0, [(one.invariant, one.seeds) for one in result.tallies]
    assert all(tally.trials > 100 for tally in result.tallies)


def test_slips_go_up_and_down_by_at_least_what_must_be_seen() -> None:
    """From 1.31 to a million."""
    factors = [slip(chance(seed)) for seed in range(500)]

    assert all(max(factor, 1 / factor) >= SMALLEST for factor in factors)
    assert max(factors) >= 10**6
    assert min(factors) <= Fraction(1, 10**6)


def _open(limits: GuardrailSettings) -> Fence:
    """A fence without any limit of size."""
    found = fence(limits)
    sizes = ("max_step", "max_change_7d", "ceiling", "floor", "slip", "recovery_ramp")
    kept = tuple(one for one in found.guardrails if not one.name.endswith(sizes))
    return Fence(kept, found.max_changes, found.max_share_of_entities, None, 100, Fraction(1))


def test_a_fence_without_limits_of_size_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each boundary that the guard keeps is broken then."""
    monkeypatch.setattr(units, "fence", _open)

    result = UNITS.run(300, 0, 1, lambda _: None)

    broken = {tally.invariant for tally in result.tallies if tally.violations}
    assert broken == {PROPOSED, APPROVED, STOOD}


def test_an_adapter_that_sends_cents_for_micros_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wire is compared with what was approved."""

    def in_cents(amount: Money, currency: str, unit: int) -> list[int]:
        return [amount.micros // 10_000]

    monkeypatch.setattr(units, "to_google", in_cents)

    result = UNITS.run(100, 0, 1, lambda _: None)

    assert {tally.invariant for tally in result.tallies if tally.violations} == {WIRE}
