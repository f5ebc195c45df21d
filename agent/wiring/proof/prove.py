"""Prove: for each guardrail of an account's limits, a breach that it stops and that passes without it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from agent.config.guardrails import GuardrailSettings, MoneyLimits, RatioLimits, StatusLimits
from agent.domain.entity import Account
from agent.domain.lever import Lever, Ratio, Status, number_of
from agent.domain.money import Money
from agent.domain.plan import Decision
from agent.domain.portfolio import Portfolio
from agent.domain.verdict import Clamp, Deny
from agent.guardrails.pot import PortfolioPot
from agent.ports.deciding import Guardrail
from agent.steps.guard import Fence, guard
from agent.wiring.fencing import fence
from agent.wiring.proof.sizes import SCENES, of_pot, of_the_run
from agent.wiring.proof.stage import Scene, Stage, made_up

_SOON = timedelta(minutes=1)
_WIDE = Fraction(1, 2)
_MANY = 1_000_000_000


class Outcome(StrEnum):
    """How a breach came out."""

    STOPPED = "stopped"  # by this guardrail, and it passes without it
    ELSEWHERE = "stopped elsewhere"  # something else stops it, with or without this guardrail
    NOTHING = "nothing to stop"  # as it is set, it allows all
    PASSED = "NOT STOPPED"


@dataclass(frozen=True, slots=True)
class Proof:
    """One guardrail put to the proof; `because` has its numbers."""

    guardrail: str
    breach: str
    outcome: Outcome
    because: str

    @property
    def holds(self) -> bool:
        return self.outcome is not Outcome.PASSED


def proofs(limits: GuardrailSettings, portfolios: Sequence[Portfolio]) -> Iterator[Proof]:
    """Put to the proof what is configured; absent limits, which deny, are taken for wide ones meanwhile."""
    complete = _completed(limits)
    fenced, absent = fence(complete), _absent(limits)
    stages = {
        lever: stage for lever in Lever if not lever.is_of_hours and (stage := stage_of(lever, complete))
    }
    if not stages:
        return
    main = stages.get(Lever.DAILY_BUDGET) or next(iter(stages.values()))
    yield _in_flight(main, fenced)
    for one in fenced.guardrails:
        lever = getattr(one, "lever", None) or _LEVER_OF.get(one.name)
        stage = main if lever is None else stages.get(lever)
        if one.name not in absent and stage is not None:
            scenes = SCENES[type(one)](one, stage) if type(one) in SCENES else iter(())
            yield put_to_the_proof(one.name, scenes, fenced, _without(one))
    for lever in Lever:
        if lever.is_of_hours and limits.of(lever) is not None:
            yield Proof(lever, "", Outcome.NOTHING, "marked hours move no money: not tried")
    for name, scene in of_the_run(complete, main):
        if name not in absent:
            yield put_to_the_proof(name, iter([scene]), fenced, _WIDER[name])
    for portfolio in portfolios:
        if portfolio.daily_pot is not None and main.lever is Lever.DAILY_BUDGET:
            yield _of_pot(portfolio, main, fenced)


_LEVER_OF = {"status.allowed": Lever.STATUS, "platform_minimum": Lever.DAILY_BUDGET}
_WIDER: dict[str, Callable[[Fence], Fence]] = {
    "max_changes_per_run": lambda fenced: replace(fenced, max_changes=_MANY),
    "max_changes_per_hour": lambda fenced: replace(fenced, max_changes_per_hour=_MANY),
    "max_share_of_entities_per_run": lambda fenced: replace(fenced, max_share_of_entities=Fraction(1)),
    "max_share_of_spend_per_run": lambda fenced: replace(fenced, max_share_of_spend=Fraction(1)),
    "account_ceiling": lambda fenced: replace(
        fenced, account_ceiling=fenced.account_ceiling and Money(10**17, fenced.account_ceiling.currency)
    ),
}
"""The fence with one limit of a run taken away."""


def put_to_the_proof(
    name: str, scenes: Iterator[Scene], fenced: Fence, without: Callable[[Fence], Fence]
) -> Proof:
    """The first breach that this guardrail alone stops; else one that something else stops."""
    last = Proof(name, "", Outcome.NOTHING, "as it is set, it has nothing to stop")
    for scene in scenes:
        last = _of(name, scene, _judged(scene, fenced), _judged(scene, without(fenced)))
        if last.outcome is not Outcome.ELSEWHERE:
            break
    return last


def _of(name: str, scene: Scene, found: Sequence[Decision], without: Sequence[Decision]) -> Proof:
    """How it came out, and how it would have come out without this guardrail."""
    own = [word for decision in found for word in decision.words if word.guardrail == name]
    if own and _afters(found) != _afters(without):
        return Proof(name, scene.about, Outcome.STOPPED, _said(own[0].verdict))
    others = [word for decisions in (without, found) for decision in decisions for word in decision.words]
    if others:
        because = f"by {others[0].guardrail}: {_said(others[0].verdict)}"
        return Proof(name, scene.about, Outcome.ELSEWHERE, because)
    return Proof(name, scene.about, Outcome.PASSED, "nobody objected")


def _said(verdict: object) -> str:
    match verdict:
        case Clamp(to=to, because=because):
            return f"clamp to {to}: {because}"
        case Deny(because=because):
            return f"deny: {because}"
    return ""


def _judged(scene: Scene, fenced: Fence) -> list[Decision]:
    return guard(scene.snapshot, scene.cuts, scene.wishes, fenced, scene.reserved)


def _afters(decisions: Sequence[Decision]) -> list[object]:
    return [None if decision.change is None else decision.change.after for decision in decisions]


def _without(one: Guardrail) -> Callable[[Fence], Fence]:
    return lambda fenced: replace(
        fenced, guardrails=tuple(other for other in fenced.guardrails if other is not one)
    )


def _in_flight(stage: Stage, fenced: Fence) -> Proof:
    scene = stage.scene("a change while the last one may still land", stage.calm(), stage.cut(stage.present))
    key = (scene.wishes[0].ref, stage.lever)
    flying = replace(scene, reserved={key: stage.present})
    return _of("in_flight", flying, _judged(flying, fenced), _judged(scene, fenced))


def _of_pot(portfolio: Portfolio, stage: Stage, fenced: Fence) -> Proof:
    scene = of_pot(portfolio, stage)
    without = _judged(replace(scene, cuts=()), fenced)
    return _of(PortfolioPot.name, scene, _judged(scene, fenced), without)


def stage_of(lever: Lever, limits: GuardrailSettings) -> Stage | None:
    """Where scenes of a lever play; None where it has no table."""
    table = limits.of(lever)
    if table is None:
        return None
    lowest, highest, step, switched = 1, 1, _WIDE, 1
    if isinstance(table, StatusLimits):
        switched = 1 if Status.PAUSED in table.allowed else 0
    else:
        assert table.floor is not None and table.ceiling is not None, "completed"
        lowest, highest = number_of(table.floor), number_of(table.ceiling)
        step = min(table.max_step or _WIDE, table.max_change_7d or _WIDE, _WIDE)
    account = made_up(_currency(limits))
    if lever is Lever.DAILY_BUDGET and limits.account_ceiling is not None:
        most = floor(limits.account_ceiling.micros / Fraction(account.over_delivery))
        highest = max(min(highest, most), lowest)
    return Stage(
        account=account,
        as_of=_quiet(limits, account),
        lever=lever,
        lowest=lowest,
        highest=highest,
        step=step,
        n_days=max(30, (limits.min_history_days or 1) + 1),
        clicks_a_day=(limits.min_clicks or 1) // 14 + 1,
        quarantine=limits.quarantine or _SOON,
        switched=switched,
    )


def _quiet(limits: GuardrailSettings, account: Account) -> datetime:
    """A moment at which no window of the calendar is open, if there is one."""
    zone = ZoneInfo(account.time_zone)
    first = datetime(2026, 6, 1, tzinfo=UTC)
    moments = (first + timedelta(hours=hours) for hours in range(0, 24 * 400, 3))
    windows = [one.window for one in limits.freeze]
    return next((at for at in moments if all(w.open_until(at, zone) is None for w in windows)), first)


def _completed(limits: GuardrailSettings) -> GuardrailSettings:
    """The same with wide limits in the place of those that are absent."""
    currency = _currency(limits)
    tables: dict[str, object] = {}
    for lever in Lever:
        table, wide = limits.of(lever), {"cooldown": _SOON, "max_changes_per_day": _MANY}
        if isinstance(table, MoneyLimits):
            wide |= {"floor": Money(10_000, currency), "ceiling": Money(10**15, currency)}
        if isinstance(table, RatioLimits):
            wide |= {"floor": Ratio(10_000), "ceiling": Ratio(10**9)}
        if isinstance(table, MoneyLimits | RatioLimits):
            wide |= {"max_step": _WIDE, "max_change_7d": _WIDE}
        if table is not None:
            missing = {key: value for key, value in wide.items() if getattr(table, key) is None}
            tables[lever.value] = table.model_copy(update=missing)
    hour = timedelta(hours=1)
    wide_run = {
        "max_metrics_age": hour,
        "min_maturity": Fraction(1, 100),
        "min_clicks": 1,
        "min_history_days": 1,
        "quarantine": _SOON,
        "max_changes_per_run": 100,
        "max_changes_per_hour": _MANY,
        "max_share_of_entities_per_run": Fraction(1),
        "max_share_of_spend_per_run": Fraction(1),
        "account_ceiling": Money(10**17, currency),
    }
    missing = {key: value for key, value in wide_run.items() if getattr(limits, key) is None}
    return limits.model_copy(update={**missing, **tables})


def _absent(limits: GuardrailSettings) -> frozenset[str]:
    """Names, as in a plan, of guardrails whose limit is not set."""
    alone = {key for key, value in limits if value is None} - {lever.value for lever in Lever}
    if limits.min_clicks is None or limits.min_history_days is None:
        alone.add("min_evidence")
    of_levers = {
        f"{lever}.{key}"
        for lever in Lever
        if (table := limits.of(lever)) is not None
        for key, value in table
        if value in (None, ())
    }
    return frozenset(alone | of_levers) - {"rest_after_flip_flop", "learning_phase"}


def _currency(limits: GuardrailSettings) -> str:
    """Of the limits' money; any, where there is none."""
    tables = [limits.of(lever) for lever in Lever]
    amounts = [limits.account_ceiling]
    for table in tables:
        if isinstance(table, MoneyLimits):
            amounts += [table.floor, table.ceiling]
    return next((amount.currency for amount in amounts if amount is not None), "EUR")
