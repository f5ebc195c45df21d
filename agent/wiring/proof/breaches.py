"""Breaches: for each guardrail the wishes that it alone should stop, made from the guardrail itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from agent.domain.freeze_window import FreezeWindow, WeekTime
from agent.domain.lever import Lever, Status
from agent.domain.record import Freeze
from agent.guardrails.cooldown import Cooldown
from agent.guardrails.evidence import Freshness, Maturity, MinimumEvidence
from agent.guardrails.freeze import Frozen
from agent.guardrails.learning_phase import LearningPhase
from agent.guardrails.outside_edit import Quarantine
from agent.guardrails.permission import LeverAllowed, Protected, StatusAllowed
from agent.guardrails.range import PlatformMinimum
from agent.guardrails.restless import ChangesPerDay, FlipFlop
from agent.guardrails.sane import Sane
from agent.guardrails.slip import SLIP, Slip
from agent.guardrails.tracking import TrackingBreak
from agent.guardrails.wording import duration, percent, times
from agent.wiring.proof.stage import Scene, Stage, remembering

Make = Callable[[Any, Stage], Iterator[Scene]]

_MINUTE = timedelta(minutes=1)


def _sane(_: Sane, stage: Stage) -> Iterator[Scene]:
    if stage.lever.is_money:
        yield stage.scene("an amount that is not in whole cents", stage.calm(), stage.cut(stage.present) + 1)


def _lever_allowed(one: LeverAllowed, stage: Stage) -> Iterator[Scene]:
    free = [lever for lever in Lever if lever.is_money and lever not in one.levers]
    for lever in free[:1]:
        other = replace(stage, lever=lever)
        yield other.scene(
            f"a change of a {lever}, which has no table", other.calm(), other.cut(other.present)
        )


def _protected(one: Protected, stage: Stage) -> Iterator[Scene]:
    snapshot = stage.calm()
    for label in sorted(one.labels or ())[:1]:
        entities = replace(snapshot.entities, labels=(frozenset({label}),))
        yield stage.scene(
            f"a change of what carries {label!r}",
            replace(snapshot, entities=entities),
            stage.cut(stage.present),
        )


def _frozen(one: Frozen, stage: Stage) -> Iterator[Scene]:
    for window in one.windows:
        if window.holds(stage.lever):
            inside = replace(stage, as_of=_begin(window))
            yield inside.scene(f"a change during {window.name!r}", inside.calm(), inside.cut(inside.present))


def _begin(window: FreezeWindow) -> datetime:
    """A moment in it, in an account of UTC."""
    if isinstance(window.begins, WeekTime):
        return datetime(2026, 6, 1, tzinfo=UTC) + window.begins.since_monday  # a Monday
    return window.begins.replace(tzinfo=UTC)


def _tracking_break(_: TrackingBreak, stage: Stage) -> Iterator[Scene]:
    day = timedelta(days=1)
    freeze = Freeze(stage.account.id, stage.as_of - day, stage.as_of - day / 2, "made up")
    snapshot = replace(stage.calm(), freeze=freeze)
    yield stage.scene("a change while conversions cannot be believed", snapshot, stage.cut(stage.present))


def _freshness(one: Freshness, stage: Stage) -> Iterator[Scene]:
    if one.max_age is not None:
        snapshot = stage.calm()
        read = stage.as_of - one.max_age - _MINUTE
        yield stage.scene(
            f"a change on metrics that are {duration(one.max_age + _MINUTE)} old",
            replace(snapshot, freshness=replace(snapshot.freshness, observed_at=read)),
            stage.cut(stage.present),
        )


def _evidence(one: MinimumEvidence, stage: Stage) -> Iterator[Scene]:
    if one.min_clicks is not None:
        snapshot = stage.calm()
        clicks = np.zeros_like(snapshot.metrics.clicks)
        clicks[:, -1] = one.min_clicks - 1
        yield stage.scene(
            f"a change on {one.min_clicks - 1} clicks",
            replace(snapshot, metrics=replace(snapshot.metrics, clicks=clicks)),
            stage.cut(stage.present),
        )


def _maturity(one: Maturity, stage: Stage) -> Iterator[Scene]:
    if one.min_share is not None:
        share = float(one.min_share) * 0.98
        maturity = np.full(stage.n_days, share)
        yield stage.scene(
            f"a change on {percent(share)} of the conversions",
            replace(stage.calm(), maturity=maturity),
            stage.cut(stage.present),
        )


def _learning(one: LearningPhase, stage: Stage) -> Iterator[Scene]:
    if one.wait is not False and stage.lever is not Lever.STATUS:
        snapshot = stage.calm()
        entities = replace(snapshot.entities, learning=np.ones(len(snapshot), dtype=bool))
        yield stage.scene(
            "a change of what is learning", replace(snapshot, entities=entities), stage.cut(stage.present)
        )


def _quarantine(one: Quarantine, stage: Stage) -> Iterator[Scene]:
    """Somebody has cut it, and gebot would cut it further."""
    at = stage.as_of - (_MINUTE if one.rest is None else one.rest / 2)
    up, down = stage.present + stage.unit, stage.cut(stage.present)
    before, target = (0, 1) if stage.present == 0 else (up, down)
    snapshot = remembering(
        stage.calm(), stage.lever, edited_at=at, edited_from=before, edited_to=stage.present
    )
    yield stage.scene(f"a change {duration(stage.as_of - at)} after somebody else's", snapshot, target)


def _flip_flop(one: FlipFlop, stage: Stage) -> Iterator[Scene]:
    at = stage.as_of - (_MINUTE if one.rest is None else one.rest / 2)
    snapshot = remembering(stage.calm(), stage.lever, flipped_at=at)
    yield stage.scene(
        f"a change {duration(stage.as_of - at)} after it went there and back",
        snapshot,
        stage.cut(stage.present),
    )


def _slip(_: Slip, stage: Stage) -> Iterator[Scene]:
    if stage.lever.is_switch:
        return
    far = stage.present * 100
    yield stage.scene("a raise to a hundred times", stage.calm(), far)
    low = stage.present // SLIP // stage.unit * stage.unit
    yield stage.scene(f"a cut to less than a {SLIP}th", stage.calm(), max(low, stage.unit))


def _cooldown(one: Cooldown, stage: Stage) -> Iterator[Scene]:
    if one.cooldown is not None:
        snapshot = remembering(stage.calm(), stage.lever, changed_at=stage.as_of - one.cooldown / 2)
        about = f"a change {duration(one.cooldown / 2)} after the last one"
        yield stage.scene(about, snapshot, stage.cut(stage.present))


def _changes_per_day(one: ChangesPerDay, stage: Stage) -> Iterator[Scene]:
    if one.max_changes is not None:
        snapshot = remembering(stage.calm(), stage.lever, last_day=one.max_changes)
        about = f"a change after it moved {times(one.max_changes)} today"
        yield stage.scene(about, snapshot, stage.cut(stage.present))


def _status_allowed(one: StatusAllowed, stage: Stage) -> Iterator[Scene]:
    for target in Status:
        if target not in (one.values or ()):
            word = "a start" if target is Status.ENABLED else "a pause"
            yield stage.scene(word, stage.stand([1 - target.value]), target.value)


def _platform_minimum(_: PlatformMinimum, stage: Stage) -> Iterator[Scene]:
    target = stage.cut(stage.present)
    least = replace(stage.account, min_daily_budget_micros=target + stage.unit)
    higher = replace(stage, account=least)
    yield higher.scene("a cut below what the platform accepts", higher.calm(), target)


OF_ONE_WISH: Mapping[type, Make] = {
    Sane: _sane,
    LeverAllowed: _lever_allowed,
    Protected: _protected,
    Frozen: _frozen,
    TrackingBreak: _tracking_break,
    Freshness: _freshness,
    MinimumEvidence: _evidence,
    Maturity: _maturity,
    LearningPhase: _learning,
    Quarantine: _quarantine,
    FlipFlop: _flip_flop,
    Slip: _slip,
    Cooldown: _cooldown,
    ChangesPerDay: _changes_per_day,
    StatusAllowed: _status_allowed,
    PlatformMinimum: _platform_minimum,
}
"""How each guardrail that is not about size is broken; what of it cannot be broken makes no scene."""
