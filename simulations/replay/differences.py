"""Differences: what two plans, or the data that they rest on, do not have in common, in words."""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from agent.domain.metrics import DailyMetrics
from agent.domain.plan import Decision, Plan
from agent.domain.snapshot import Snapshot

_Wishes = Mapping[tuple[str, str, str], Decision]


def of_plans(before: Plan, after: Plan) -> dict[str, list[str]]:
    """For each decider what it wishes in one plan alone; empty for plans that are the same.

    The whole of a proposal is compared, its evidence included.
    """
    then, now = _wishes(before), _wishes(after)
    found: dict[str, list[str]] = {}
    for key in sorted(then.keys() | now.keys()):
        ref, lever, source = key
        wished, wishes = then.get(key), now.get(key)
        if repr(wished) == repr(wishes):  # two unknown figures are the same here
            continue
        found.setdefault(source, []).append(
            f"{lever} of {ref}: {_text(wished)} on what was known, {_text(wishes)} knowing later days"
        )
    return found


def of_snapshots(before: Snapshot, after: Snapshot, names: Mapping[str, str]) -> str:
    """The first thing known in one of them alone; "" when there is none.

    Args:
        names: The name of each entity, by the text of its ref.
    """
    if before.entities.ids.tolist() != after.entities.ids.tolist():
        return "the entities are others"
    if not np.array_equal(before.days, after.days):
        return "the days are others"
    other_figures = _of_figures(before, after, names)
    if other_figures:
        return other_figures
    for lever, column in before.entities.levers.items():
        other = after.entities.levers.get(lever)
        if other is None or not np.array_equal(column.numbers, other.numbers):
            return f"{lever} stood elsewhere"
    if not np.array_equal(before.reported, after.reported) or before.advice != after.advice:
        return "the maturity of conversions, or what the platform told, is another"
    return "the past of a lever is another" if _memory(before) != _memory(after) else ""


def _of_figures(before: Snapshot, after: Snapshot, names: Mapping[str, str]) -> str:
    for field in fields(DailyMetrics):
        then, now = getattr(before.metrics, field.name), getattr(after.metrics, field.name)
        if then is None or now is None:
            if then is not now:
                return f"{field.name} were told at one time and not at the other"
            continue
        unknown = (np.isnan(then) & np.isnan(now)) if then.dtype.kind == "f" else False
        rows, columns = np.nonzero((then != now) & ~np.asarray(unknown))
        if len(rows):
            ref = str(before.entities.ref(int(rows[0])))
            return (
                f"{field.name} of {names.get(ref, ref)} on {before.days[columns[0]]}: "
                f"{then[rows[0], columns[0]]} was known, {now[rows[0], columns[0]]} was handed out"
            )
    return ""


def _memory(snapshot: Snapshot) -> str:
    return repr([(lever, memory) for lever, memory in sorted(snapshot.memory.items())])


def _wishes(plan: Plan) -> _Wishes:
    return {
        (str(one.proposal.ref), one.proposal.lever.value, one.proposal.source): one for one in plan.decisions
    }


def _text(decision: Decision | None) -> str:
    if decision is None:
        return "nothing"
    became = "no change" if decision.change is None else str(decision.change.after)
    wished = str(decision.proposal.target)
    return wished if became == wished else f"{wished} ({became})"
