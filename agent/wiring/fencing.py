"""Fencing: from an account's limits to its guardrails, in the order in which they are asked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeAlias

from agent.config.guardrails import GuardrailSettings, MoneyLimits, RatioLimits, StatusLimits
from agent.domain.lever import Lever, Ratio
from agent.domain.money import Money
from agent.guardrails.cooldown import Cooldown
from agent.guardrails.evidence import Freshness, Maturity, MinimumEvidence
from agent.guardrails.freeze import Frozen
from agent.guardrails.learning_phase import LearningPhase
from agent.guardrails.outside_edit import Quarantine, TakeBack
from agent.guardrails.permission import ExclusionAllowed, LeverAllowed, Protected, StatusAllowed
from agent.guardrails.range import Ceiling, Floor, PlatformMinimum
from agent.guardrails.recovery import RecoveryRamp
from agent.guardrails.restless import ChangesPerDay, FlipFlop
from agent.guardrails.sane import Sane
from agent.guardrails.slip import Slip
from agent.guardrails.step import MaxStep, RollingCap
from agent.guardrails.tracking import TrackingBreak
from agent.ports.deciding import Guardrail
from agent.steps.guard import Fence

_OF_STEERING = (
    *(Freshness, MinimumEvidence, Maturity, LearningPhase, Quarantine, TakeBack, FlipFlop),
    *(Slip, Cooldown, ChangesPerDay, MaxStep),
)
"""Not asked of a wish to take back what gebot did: it returns to where the lever stood."""

_Limits: TypeAlias = MoneyLimits | RatioLimits | StatusLimits


def fence(limits: GuardrailSettings) -> Fence:
    """The guardrails in the order in which they are asked: permission, data, other people, then size."""
    by_lever = {lever: table for lever in Lever if (table := limits.of(lever)) is not None}
    guardrails: list[Guardrail] = [
        Sane(),
        LeverAllowed(frozenset(by_lever)),
        Protected(frozenset(limits.protected_labels)),
        Frozen(tuple(one.window for one in limits.freeze)),
        TrackingBreak(),
        Freshness(limits.max_metrics_age),
        MinimumEvidence(limits.min_clicks, limits.min_history_days),
        Maturity(limits.min_maturity),
        LearningPhase(limits.learning_phase != "ignore", _caps(by_lever)),
        Quarantine(limits.quarantine),
        TakeBack(_take_back_after(by_lever)),
        FlipFlop(limits.rest_after_flip_flop),
        Slip(),
    ]
    for lever, table in by_lever.items():
        guardrails += _of_lever(lever, table, limits)
    return Fence(
        tuple(guardrails),
        limits.max_changes_per_run,
        limits.max_share_of_entities_per_run,
        limits.account_ceiling,
        max_changes_per_hour=limits.max_changes_per_hour,
        max_share_of_spend=limits.max_share_of_spend_per_run,
        for_undo=tuple(one for one in guardrails if not isinstance(one, _OF_STEERING)),
    )


def _of_lever(lever: Lever, table: _Limits, limits: GuardrailSettings) -> list[Guardrail]:
    guardrails: list[Guardrail] = [Cooldown(lever, table.cooldown)]
    if not lever.is_of_hours:  # nobody watches what becomes of them
        guardrails.append(ChangesPerDay(lever, table.max_changes_per_day))
    if isinstance(table, StatusLimits):
        switch = StatusAllowed if lever is Lever.STATUS else ExclusionAllowed
        return [*guardrails, switch(frozenset(table.allowed))]
    guardrails += [
        MaxStep(lever, table.max_step),
        RecoveryRamp(lever, table.max_step, limits.recovery_days, limits.recovery_step),
        RollingCap(lever, table.max_change_7d),
        Floor(lever, table.floor),
        Ceiling(lever, table.ceiling),
    ]
    return [*guardrails, PlatformMinimum()] if lever is Lever.DAILY_BUDGET else guardrails


def _caps(tables: Mapping[Lever, _Limits]) -> dict[Lever, Money | Ratio]:
    """Of each lever the limit that keeps spend down."""
    found: dict[Lever, Money | Ratio] = {}
    for lever, table in tables.items():
        if not isinstance(table, StatusLimits):
            cap = table.ceiling if lever.spends_more_when_higher else table.floor
            if cap is not None:
                found[lever] = cap
    return found


def _take_back_after(tables: Mapping[Lever, _Limits]) -> dict[Lever, timedelta]:
    """How long after somebody else's edit each lever may be taken back, where that is allowed."""
    return {
        lever: table.take_back_after for lever, table in tables.items() if table.take_back_after is not None
    }
