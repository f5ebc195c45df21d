"""Records: what a replay found, as plain rows; what --json prints and tables show."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from agent.domain.lever import Lever, number_of
from agent.domain.plan import Decision, Plan
from agent.domain.record import PlanRecord
from agent.domain.verdict import Clamp
from agent.report.rows import DecisionRow, decision_rows, names_of
from simulations.replay.look_ahead import LookAhead
from simulations.replay.past import Past
from simulations.replay.replay import Morning


class PastRecord(TypedDict):
    """What was replayed, and what a reader must know of it."""

    record: str
    account: str
    currency: str
    source: str
    assumptions: list[str]


class DayRecord(TypedDict):
    """One morning. Money is micros a day, of daily budgets alone.

    `wishes` were heard; `clamped` of them were allowed in part, `denied` not at all, and
    `standing` asked for what stood already. `raised_micros` and `cut_micros` (both 0 or more) are
    what the changes add to and take from budgets that summed to `stood_micros`.
    """

    record: str
    day: date
    plan: str
    fingerprint: str
    wishes: int
    changes: int
    clamped: int
    denied: int
    standing: int
    not_heard: int
    stood_micros: int
    raised_micros: int
    cut_micros: int
    notes: list[str]


class EntityRecord(TypedDict):
    """One entity over all mornings. Money is micros a day.

    `raises` and `cuts` are mornings on which its daily budget would have been moved;
    `other_changes` moved another lever. `stood_micros` is the mean of its daily budget over the
    mornings on which it had one, `proposed_micros` the mean of what it would have been given on
    those, each time for one day alone; None where it never had one.
    """

    record: str
    entity: str
    name: str
    mornings: int
    wishes: int
    raises: int
    cuts: int
    other_changes: int
    clamped: int
    denied: int
    stood_micros: int | None
    proposed_micros: int | None


class WishRecord(DecisionRow):
    """One decision of one morning, as `gebot plan --json` has it."""

    record: str
    day: date


class LookAheadRecord(TypedDict):
    """One use of what was not yet known: see `LookAhead`."""

    record: str
    day: date
    decider: str
    what: str


def past_record(past: Past) -> PastRecord:
    """What was replayed."""
    account = past.account
    return PastRecord(
        record="past",
        account=str(account.id),
        currency=account.currency,
        source=past.source,
        assumptions=list(past.assumptions),
    )


def day_records(mornings: Sequence[Morning]) -> list[DayRecord]:
    """One row for each morning, oldest first."""
    return [_day(morning) for morning in mornings]


def wish_records(mornings: Sequence[Morning]) -> list[WishRecord]:
    """Every decision of every morning, in the order of the plans."""
    return [
        WishRecord(record="wish", day=morning.day, **row)
        for morning in mornings
        for row in decision_rows(PlanRecord.fresh(morning.plan), names_of(morning.entities))
    ]


def look_ahead_records(found: Sequence[LookAhead]) -> list[LookAheadRecord]:
    """One row for each."""
    return [
        LookAheadRecord(record="look_ahead", day=one.day, decider=one.decider, what=one.what) for one in found
    ]


def budget_move_micros(decision: Decision) -> int:
    """By how much a decision moves a daily budget; 0 when it moves none."""
    change = decision.change
    if change is None or change.lever is not Lever.DAILY_BUDGET:
        return 0
    return number_of(change.after) - number_of(change.before)


def is_clamped(decision: Decision) -> bool:
    """True when something is changed, but less than was wished."""
    return decision.change is not None and any(isinstance(word.verdict, Clamp) for word in decision.words)


def is_denied(decision: Decision) -> bool:
    """True when a guardrail left nothing of the wish."""
    return decision.change is None and not decision.not_heard and bool(decision.words)


def _day(morning: Morning) -> DayRecord:
    plan: Plan = morning.plan
    heard = [one for one in plan.decisions if not one.not_heard]
    moves = [budget_move_micros(one) for one in heard]
    budgets = morning.entities.levers.get(Lever.DAILY_BUDGET)
    return DayRecord(
        record="day",
        day=morning.day,
        plan=plan.id,
        fingerprint=plan.fingerprint,
        wishes=len(heard),
        changes=len(plan.changes),
        clamped=sum(map(is_clamped, heard)),
        denied=sum(map(is_denied, heard)),
        standing=sum(one.change is None and not one.words for one in heard),
        not_heard=len(plan.decisions) - len(heard),
        stood_micros=0 if budgets is None else int(budgets.numbers.sum()),
        raised_micros=sum(max(0, move) for move in moves),
        cut_micros=sum(max(0, -move) for move in moves),
        notes=list(plan.notes),
    )
