"""Guardrail settings: the limits of a run, of an account and of each lever.

Every limit may be left out. It is None then, and None denies whatever needs it; a limit of
zero is refused, because it reads as "none" to one person and as "no limit" to the next.
"""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo, field_validator

from agent.config.amounts import Growth, PositiveMoney, PositiveRatio, Share
from agent.config.durations import Duration
from agent.config.faults import fault
from agent.config.freeze import FreezeSettings
from agent.config.names import Count, Table, Text
from agent.domain.lever import Lever, Ratio, Status
from agent.domain.money import Money


def _status(value: object) -> Status:
    for status in Status:
        if value in (status, str(status)):
            return status
    raise fault("'paused' or 'enabled' is right")


StatusWord = Annotated[Status, BeforeValidator(_status), PlainSerializer(str)]


class MoneyLimits(Table):
    """Limits of a lever that holds money.

    Attributes:
        take_back_after: How long after somebody else's edit it may be moved back behind that; None:
            never.
        max_step: Largest change at once, as a share of where the lever stands.
        max_change_7d: Largest change against where it stood 7 days ago.
        cooldown: How long a lever rests after any change, whoever made it.
    """

    floor: PositiveMoney | None = None
    ceiling: PositiveMoney | None = None
    max_step: Share | None = None
    max_change_7d: Growth | None = None
    cooldown: Duration | None = None
    max_changes_per_day: Count | None = None
    take_back_after: Duration | None = None

    @field_validator("ceiling")
    @classmethod
    def _not_below_floor(cls, ceiling: Money | None, info: ValidationInfo) -> Money | None:
        floor = info.data.get("floor")
        if ceiling is None or floor is None:
            return ceiling
        if ceiling.currency != floor.currency:
            raise fault(f"the floor's currency {floor.currency} is right")
        if ceiling < floor:
            raise fault(f"at least the floor, {floor}, is right")
        return ceiling


class RatioLimits(Table):
    """Limits of a target ROAS; see `MoneyLimits`."""

    floor: PositiveRatio | None = None
    ceiling: PositiveRatio | None = None
    max_step: Share | None = None
    max_change_7d: Growth | None = None
    cooldown: Duration | None = None
    max_changes_per_day: Count | None = None
    take_back_after: Duration | None = None

    @field_validator("ceiling")
    @classmethod
    def _not_below_floor(cls, ceiling: Ratio | None, info: ValidationInfo) -> Ratio | None:
        floor = info.data.get("floor")
        if ceiling is not None and floor is not None and ceiling < floor:
            raise fault(f"at least the floor, {floor}, is right")
        return ceiling


class StatusLimits(Table):
    """Limits of switching entities on and off. `allowed`: what gebot may set; empty: nothing."""

    allowed: tuple[StatusWord, ...] = ()
    cooldown: Duration | None = None
    max_changes_per_day: Count | None = None
    take_back_after: Duration | None = None


class GuardrailSettings(Table):
    """All limits of an account; a lever without a table is denied.

    Attributes:
        protected_labels: Entities with one of these are left alone.
        max_metrics_age: Older metrics decide nothing.
        min_maturity: Share of the conversions of the last 14 days that must be reported,
            weighted by cost.
        min_clicks: In the last 14 days.
        min_history_days: Days with figures.
        learning_phase: Whether what the platform is learning is left alone; None: it is.
        quarantine: How long a lever rests after somebody else has set it; None: for good.
        rest_after_flip_flop: The same after it went there and back.
        max_changes_per_run, max_changes_per_hour, max_share_of_entities_per_run,
            max_share_of_spend_per_run: Of the whole account.
        recovery_days, recovery_step: For so many days after a pause a lever moves by this share of its
            `max_step` alone; not to be switched off.
        account_ceiling: For the sum of daily budgets times what the platform may overspend.
        freeze: Windows of the calendar in which nothing is changed.
    """

    protected_labels: tuple[Text, ...] = ()
    max_metrics_age: Duration | None = None
    min_maturity: Share | None = None
    min_clicks: Count | None = None
    min_history_days: Count | None = None
    learning_phase: Literal["wait", "ignore"] | None = None
    quarantine: Duration | None = None
    rest_after_flip_flop: Duration | None = None
    max_changes_per_run: Count | None = None
    max_changes_per_hour: Count | None = None
    max_share_of_entities_per_run: Share | None = None
    max_share_of_spend_per_run: Share | None = None
    recovery_days: Count = 3
    recovery_step: Share = Fraction(1, 2)
    account_ceiling: PositiveMoney | None = None
    freeze: tuple[FreezeSettings, ...] = ()
    daily_budget: MoneyLimits | None = None
    lifetime_budget: MoneyLimits | None = None
    cpc_bid: MoneyLimits | None = None
    bid_cap: MoneyLimits | None = None
    target_cpa: MoneyLimits | None = None
    target_roas: RatioLimits | None = None
    status: StatusLimits | None = None
    data_exclusion: StatusLimits | None = None
    conversion_rate_modifier: RatioLimits | None = None

    def of(self, lever: Lever) -> MoneyLimits | RatioLimits | StatusLimits | None:
        """The limits of one lever; None: gebot may not touch it."""
        limits: MoneyLimits | RatioLimits | StatusLimits | None = getattr(self, lever.value)
        return limits

    @field_validator("daily_budget", "lifetime_budget", "cpc_bid", "bid_cap", "target_cpa")
    @classmethod
    def _one_currency(cls, limits: MoneyLimits | None, info: ValidationInfo) -> MoneyLimits | None:
        known, own = _currencies(*info.data.values()), _currencies(limits)
        if known and own - known:
            right = f"{', '.join(known)} as in the limits above is right"
            raise fault(right, found=f"was in {', '.join(sorted(own))}")
        return limits


def _currencies(*limits: object) -> set[str]:
    """Currencies of all money among these limits."""
    found = set()
    for limit in limits:
        match limit:
            case Money():
                found.add(limit.currency)
            case MoneyLimits():
                found |= _currencies(limit.floor, limit.ceiling)
    return found
