"""Sizes: breaches of the guardrails that say how far a lever may go, and of those that hold sums."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from math import ceil, floor

import numpy as np

from agent.config.guardrails import GuardrailSettings
from agent.domain.lever import Lever, number_of
from agent.domain.portfolio import Portfolio
from agent.domain.snapshot import Snapshot
from agent.guardrails.outside_edit import TakeBack
from agent.guardrails.range import Ceiling, Floor
from agent.guardrails.recovery import RecoveryRamp
from agent.guardrails.step import MaxStep, RollingCap
from agent.guardrails.wording import percent
from agent.wiring.proof.breaches import OF_ONE_WISH, Make
from agent.wiring.proof.stage import Scene, Stage, remembering


def _max_step(one: MaxStep, stage: Stage) -> Iterator[Scene]:
    if one.max_step is None:
        return
    for present in (stage.highest, stage.present, stage.lowest):
        reach = present * one.max_step.numerator // one.max_step.denominator
        for sign, word in ((-1, "cut"), (1, "raise")):
            target = (present + sign * (reach + stage.unit)) // stage.unit * stage.unit
            if target > 0:
                snapshot = remembering(stage.stand([present]), one.lever, baseline=target)
                yield stage.scene(f"a {word} by {percent(_far(present, target))}", snapshot, target)


def _recovery(one: RecoveryRamp, stage: Stage) -> Iterator[Scene]:
    if one.max_step is None:
        return
    for present in (stage.highest, stage.present):
        reach = floor(present * one.max_step) // stage.unit * stage.unit
        target = present - reach
        snapshot = remembering(stage.stand([present]), one.lever, baseline=max(target, stage.unit))
        resumed = replace(snapshot, resumed_at=stage.as_of - timedelta(days=1) / 2)
        yield stage.scene(
            f"a cut by {percent(_far(present, target))} right after a pause", resumed, max(target, stage.unit)
        )


def _rolling_cap(one: RollingCap, stage: Stage) -> Iterator[Scene]:
    if one.max_change is None:
        return
    present, target = stage.present, stage.cut(stage.present)
    if one.max_change < 1:
        baseline = ceil(target / (1 - one.max_change)) + stage.unit
        snapshot = remembering(stage.stand([present]), one.lever, baseline=baseline)
        yield stage.scene(f"one cut more, {percent(_far(baseline, target))} within a week", snapshot, target)
    higher = present + (present - target)
    baseline = max(1, floor(higher / (1 + one.max_change)) - stage.unit)
    snapshot = remembering(stage.stand([present]), one.lever, baseline=baseline)
    yield stage.scene(f"one raise more, {percent(_far(baseline, higher))} within a week", snapshot, higher)


def _floor(one: Floor, stage: Stage) -> Iterator[Scene]:
    if one.floor is not None:
        limit = number_of(one.floor)
        present = stage.above(limit)
        about = f"a cut to just below {one.floor}"
        yield stage.scene(about, stage.stand([present]), (limit - 1) // stage.unit * stage.unit)


def _ceiling(one: Ceiling, stage: Stage) -> Iterator[Scene]:
    if one.ceiling is not None:
        limit = number_of(one.ceiling)
        present = stage.below(limit)
        about = f"a raise to just above {one.ceiling}"
        yield stage.scene(about, stage.stand([present]), (limit // stage.unit + 1) * stage.unit)


def _take_back(one: TakeBack, stage: Stage) -> Iterator[Scene]:
    """Somebody raised it a while ago, and gebot would cut it again."""
    before = target = stage.cut(stage.present)
    at = stage.as_of - stage.quarantine - timedelta(minutes=1)
    snapshot = remembering(
        stage.calm(), stage.lever, edited_at=at, edited_from=before, edited_to=stage.present
    )
    yield stage.scene("a cut of what somebody else has raised", snapshot, target)


def _far(present: int, target: int) -> Fraction:
    return Fraction(abs(target - present), max(present, 1))


SCENES: Mapping[type, Make] = {
    **OF_ONE_WISH,
    TakeBack: _take_back,
    MaxStep: _max_step,
    RecoveryRamp: _recovery,
    RollingCap: _rolling_cap,
    Floor: _floor,
    Ceiling: _ceiling,
}
"""How each guardrail on one wish is broken."""


def of_the_run(limits: GuardrailSettings, stage: Stage) -> Iterator[tuple[str, Scene]]:
    """Breaches of the limits on a run, with the name of the limit; none for those that allow all."""
    if limits.max_changes_per_run is not None:
        n = limits.max_changes_per_run + 1
        yield "max_changes_per_run", _many(f"{n} changes in a run", stage, n, _enough(limits, n))
    if limits.max_changes_per_hour is not None:
        one = _many("one change more than an hour has", stage, 1, 1)
        sent = replace(one.snapshot, sent_last_hour=limits.max_changes_per_hour)
        yield "max_changes_per_hour", replace(one, snapshot=sent)
    share = limits.max_share_of_entities_per_run
    if share is not None and share < 1:
        whole = ceil(2 / share)
        n = int(share * whole) + 1
        yield "max_share_of_entities_per_run", _many(f"changes of {n} of {whole} campaigns", stage, n, whole)
    spend = limits.max_share_of_spend_per_run
    if spend is not None and spend < 1:
        scene = _many("changes of two campaigns with all of the spend", stage, 2, _enough(limits, 2))
        costs = np.zeros_like(scene.snapshot.metrics.cost_micros)
        costs[:2] = 1_000_000
        metrics = replace(scene.snapshot.metrics, cost_micros=costs)
        yield (
            "max_share_of_spend_per_run",
            replace(scene, snapshot=replace(scene.snapshot, metrics=metrics)),
        )
    if limits.account_ceiling is not None and stage.lever is Lever.DAILY_BUDGET:
        most = floor(limits.account_ceiling.micros / Fraction(stage.account.over_delivery))
        target = stage.present + (stage.present - stage.cut(stage.present))
        other = (most - stage.present) // stage.unit * stage.unit
        snapshot = stage.stand([stage.present], others=[max(other, stage.unit)])
        yield "account_ceiling", stage.scene("a raise where the ceiling is reached", snapshot, target)


def of_pot(portfolio: Portfolio, stage: Stage) -> Scene:
    """A raise in a portfolio whose budgets add up to its pot."""
    assert portfolio.daily_pot is not None
    target = stage.present + (stage.present - stage.cut(stage.present))
    other = max(portfolio.daily_pot.micros - stage.present, stage.unit)
    snapshot = stage.stand([stage.present], others=[other])
    cut: Snapshot = snapshot.only(np.arange(len(snapshot)), replace(portfolio, month=None))
    scene = stage.scene(f"a raise in {portfolio.name} beyond its pot", snapshot, target)
    return replace(scene, cuts=(cut,))


def _many(about: str, stage: Stage, n: int, whole: int) -> Scene:
    """So many small cuts in an account of so many campaigns; those that stay have all of the spend."""
    snapshot = stage.stand([stage.present] * n, others=[stage.present] * (whole - n))
    if whole > n:
        costs = np.zeros_like(snapshot.metrics.cost_micros)
        costs[n:] = 1_000_000
        snapshot = replace(snapshot, metrics=replace(snapshot.metrics, cost_micros=costs))
    target = stage.cut(stage.present)
    return Scene(about, snapshot, tuple(stage.wish(snapshot, target, row) for row in range(n)))


def _enough(limits: GuardrailSettings, n: int) -> int:
    """Campaigns among which so many are no large share."""
    share = limits.max_share_of_entities_per_run or Fraction(1)
    return ceil(n / share) + 1
