"""Said: which changes of a plan a person named, and what comes of their word next."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent import stop
from agent.domain.errors import Halted, Mistake, Mistakes
from agent.domain.lever import Lever
from agent.domain.outcome import State
from agent.domain.record import PlanRecord
from agent.office import Office
from agent.report.rows import DecisionRow
from agent.wiring.parts import carries_out


@dataclass(frozen=True, slots=True)
class Numbered:
    """One decision of a plan, by its place in it (from 0)."""

    record: PlanRecord
    place: int


def asked_about(rows: Sequence[DecisionRow], text: str) -> list[DecisionRow]:
    """The decisions that a person asks about, those without a change too; 'all' means all.

    Raises:
        Mistakes: Every name that fits no decision.
    """
    return list(rows) if text.strip() == "all" else _named(rows, text, "why?")


def decided_on(rows: Sequence[DecisionRow], text: str) -> list[DecisionRow]:
    """The changes that a person decides on; 'all' means all that still wait.

    Raises:
        Mistakes: Every name that fits no change.
    """
    if text.strip() == "all":
        return [row for row in rows if row["state"] == State.PROPOSED]
    return changes_named(rows, text, "nothing was decided")


def changes_named(rows: Sequence[DecisionRow], text: str, message: str) -> list[DecisionRow]:
    """The changes that a person named, by number or id, separated by commas.

    Args:
        message: What came of a name that fits none.

    Raises:
        Mistakes: Every name that fits no change.
    """
    return _named([row for row in rows if row["change"] is not None], text, message)


def at_number(office: Office, text: str) -> Numbered | None:
    """What PLAN/NUMBER names; None where the text has no slash.

    Raises:
        Mistake: There is no such plan, or no such number in it.
    """
    name, slash, number = text.strip().partition("/")
    if not slash:
        return None
    record = office.plan(name)
    n = len(record.plan.decisions)
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= n):
        found = f"plan {record.plan.id} has no number {number!r}"
        raise Mistake(f"change {text!r}", found, f"1 to {n} is right" if n else "it decided nothing")
    return Numbered(record, int(number) - 1)


def _named(rows: Sequence[DecisionRow], text: str, message: str) -> list[DecisionRow]:
    by_name = {str(row["number"]): row for row in rows}
    by_name |= {row["change"]: row for row in rows if row["change"] is not None}
    names = [name.strip().lstrip("#") for name in text.split(",") if name.strip()]
    faults = [
        Mistake(f"change {name}", "is not in this plan", f"{_numbers(rows)}, or an id from the table")
        for name in names
        if name not in by_name
    ]
    if faults:
        raise Mistakes(message, faults)
    return [by_name[name] for name in names]


def _numbers(rows: Sequence[DecisionRow]) -> str:
    """Which there are, those that follow one another as a span."""
    spans: list[list[int]] = []
    for number in sorted(row["number"] for row in rows):
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    if not spans:
        return "it changes nothing, so there is no number to name"
    told = ", ".join("-".join(map(str, span)) for span in spans)
    return f"it has {told}" if len(rows) > 1 else f"it has {told} alone"


def next_move(office: Office, record: PlanRecord, rows: Sequence[DecisionRow]) -> str:
    """What the plan waits for, one sentence a line."""
    plan = record.plan.id
    states = [item.state for item in record.changes.values()]
    if State.APPROVED in states:
        return "\n".join(filter(None, (_unpaid(rows), _carrying_out(office, plan))))
    if State.PROPOSED in states:
        return (
            f"approve with: gebot review {plan} --approve all   (or --approve 1,3 --reject 2 --comment '...')"
        )
    return "nothing waits here"


def _carrying_out(office: Office, plan: str) -> str:
    try:
        stop.check(office.settings.state, office.memory)
    except Halted as halted:
        return f"{halted}; what is approved waits for `gebot resume`"
    if carries_out(office.settings):
        return "the agent carries out what is approved at its next tick"
    return f"carry out what is approved with: gebot apply {plan}"


def _unpaid(rows: Sequence[DecisionRow]) -> str:
    """Approved raises that only cuts could pay for which nobody has decided on; "" when there are none."""
    raised = sum(max(0, move) for move in _budget_moves(rows, State.APPROVED))
    cut = sum(max(0, -move) for move in _budget_moves(rows, State.APPROVED, State.APPLIED))
    waiting = sum(move < 0 for move in _budget_moves(rows, State.PROPOSED))
    if raised <= cut or not waiting:
        return ""
    return (
        f"approved raises come to {raised / 1e6:,.2f} and cuts to {cut / 1e6:,.2f} a day, and {waiting} cuts "
        "still wait: a raise that no cut pays for is capped unless the pot has room"
    )


def _budget_moves(rows: Sequence[DecisionRow], *states: State) -> list[int]:
    """By how much daily budgets in these states move, micros."""
    return [
        row["after_number"] - row["before_number"]
        for row in rows
        if row["lever"] == Lever.DAILY_BUDGET
        and row["state"] in states
        and row["after_number"] is not None
        and row["before_number"] is not None
    ]
