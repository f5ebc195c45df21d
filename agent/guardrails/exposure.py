"""Exposure: what the daily budgets of what delivers add up to, now and after a set of decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from agent.domain.lever import Lever, Status, number_of
from agent.domain.money import Money
from agent.domain.plan import Change, Decision
from agent.domain.ref import Ref
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Clamp, Deny, Word

Reserved: TypeAlias = Mapping[tuple[Ref, Lever], int]
"""Targets of changes that may come to stand at any moment: in flight (SENDING or UNKNOWN), or approved."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Daily budgets in micros, by row of the snapshot; 0 for what is paused or has no budget.

    Python integers: a wish may be larger than 64 bits hold.

    Attributes:
        standing: As they stand.
        present: The worst case now: a change in flight counts where it asks for more.
        after: The worst case once every decision is carried out.
    """

    standing: list[int]
    present: list[int]
    after: list[int]


def exposure(decisions: Sequence[Decision], snapshot: Snapshot, reserved: Reserved) -> Exposure:
    """Add up what stands, what is in flight and what is decided."""
    table = snapshot.entities
    budgets = _column(snapshot, Lever.DAILY_BUDGET, absent=0)
    delivers = _column(snapshot, Lever.STATUS, absent=1)
    standing = [budget * on for budget, on in zip(budgets, delivers, strict=True)]

    flying = {(table.row(ref), lever): number for (ref, lever), number in reserved.items()}
    wished: dict[tuple[int | None, Lever], int] = {}
    for decision in decisions:
        if decision.change is not None:
            key = (table.row(decision.change.ref), decision.change.lever)
            wished[key] = max(number_of(decision.change.after), wished.get(key, 0))

    def at_worst(row: int, wishes: Mapping[tuple[int | None, Lever], int]) -> int:
        budget, status = (row, Lever.DAILY_BUDGET), (row, Lever.STATUS)
        return max(wishes.get(budget, budgets[row]), flying.get(budget, 0)) * max(
            wishes.get(status, delivers[row]), flying.get(status, 0)
        )

    present = list(standing)
    for row, _ in flying:
        if row is not None:
            present[row] = at_worst(row, {})
    after = list(present)
    for row, _ in wished:
        if row is not None:
            after[row] = at_worst(row, wished)
    return Exposure(standing, present, after)


def at_the_days_highest(at_stake: Exposure, snapshot: Snapshot) -> Exposure:
    """The same with no budget below the highest at which it stood on the account's day, when it was on.

    A platform that may overspend measures that by the highest budget of the day, not by the last one.
    """
    budgets = _highest_today(snapshot, Lever.DAILY_BUDGET, absent=0)
    delivered = _highest_today(snapshot, Lever.STATUS, absent=1)
    highest = [budget * on for budget, on in zip(budgets, delivered, strict=True)]
    return Exposure(
        at_stake.standing,
        list(map(max, at_stake.present, highest)),
        list(map(max, at_stake.after, highest)),
    )


def _highest_today(snapshot: Snapshot, lever: Lever, *, absent: int) -> list[int]:
    now, memory = _column(snapshot, lever, absent=absent), snapshot.memory.get(lever)
    if memory is None or memory.moves is None:
        return now
    column = snapshot.entities.levers[lever]
    highest = zip(now, memory.moves.highest_today.tolist(), column.present.tolist(), strict=True)
    return [max(number, most) if present else number for number, most, present in highest]


def _column(snapshot: Snapshot, lever: Lever, *, absent: int) -> list[int]:
    column = snapshot.entities.levers.get(lever)
    if column is None:
        return [absent] * len(snapshot)
    return [absent if number is None else number for number in column.listed()]


def raises(change: Change) -> bool:
    """Whether a change lets more be spent by daily budgets."""
    match change.lever:
        case Lever.DAILY_BUDGET:
            return number_of(change.after) > number_of(change.before)
        case Lever.STATUS:
            return change.after is Status.ENABLED
        case _:
            return False


def lowered(
    decisions: Sequence[Decision],
    snapshot: Snapshot,
    at_stake: Exposure,
    *,
    room: int,
    name: str,
    because: str,
) -> list[Decision]:
    """Lower the raises until they fit into `room`; everything else stays as it is.

    Whatever would start to deliver is denied first, since a start cannot be had by halves.
    The other raises keep the same share of what they wished for, rounded down to the
    account's smallest step. Without room every raise is denied, and so is one of which less is left
    than the smallest daily budget that the platform accepts.

    Args:
        room: Micros that the raises may add to `at_stake.present` together.
        name: The balance's, for its words.
        because: Its reason.
    """
    table = snapshot.entities
    unit, least = table.account.unit_micros, table.account.min_daily_budget_micros
    starting = {
        table.row(decision.change.ref)
        for decision in decisions
        if decision.change is not None and decision.change.lever is Lever.STATUS and raises(decision.change)
    }
    added = [
        0 if row in starting else max(0, after - present)
        for row, (present, after) in enumerate(zip(at_stake.present, at_stake.after, strict=True))
    ]
    total = sum(added)
    settled: list[Decision] = []
    for decision in decisions:
        row = None if decision.change is None else table.row(decision.change.ref)
        if decision.change is None or row is None or not raises(decision.change):
            settled.append(decision)
        elif room <= 0 or row in starting:
            settled.append(denied(decision, name, because))
        elif total <= room:
            settled.append(decision)
        else:
            to = (at_stake.present[row] + added[row] * room // total) // unit * unit
            settled.append(_held_to(to, decision, decision.change, name, because, least=least))
    return settled


def denied(decision: Decision, name: str, because: str) -> Decision:
    """The decision without its change, and with the balance's word."""
    word = Word(name, Deny(because))
    return Decision(decision.proposal, decision.before, (*decision.words, word), None, decision.not_heard)


def _held_to(to: int, decision: Decision, change: Change, name: str, because: str, *, least: int) -> Decision:
    before, after = number_of(change.before), number_of(change.after)
    if to >= after:
        return decision
    if to <= before or not isinstance(change.after, Money):
        return denied(decision, name, because)
    target = Money(to, change.after.currency)
    if to < least:
        smallest = Money(least, change.after.currency)
        left = f"{target} would be left of the raise, and the platform accepts {smallest} at least"
        return denied(decision, name, f"{because}; {left}")
    return Decision(
        decision.proposal,
        decision.before,
        (*decision.words, Word(name, Clamp(target, because))),
        Change(change.ref, change.lever, change.before, target),
        decision.not_heard,
    )
