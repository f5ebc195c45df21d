"""Stop: pause what delivers once a month is used up, and start it again in the next."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Numbers
from agent.domain.lever import Lever, Status
from agent.domain.money import Money
from agent.domain.month.pot import MonthOutlook, month_outlook
from agent.domain.proposal import Evidence, Proposal
from agent.domain.snapshot import Snapshot
from strategies.budgets.pot import lowest_budget

_LATELY_DAYS = 3


def pauses(
    snapshot: Snapshot, outlook: MonthOutlook, *, source: str, evidence: Evidence
) -> Iterator[Proposal]:
    """Pause everything that delivers and may be changed."""
    status = snapshot.entities.levers.get(Lever.STATUS)
    if status is None:
        return
    because = f"{outlook.sentence()}; paused until the next month"
    for row in np.flatnonzero(snapshot.steerable(Lever.STATUS) & (status.numbers == 1)).tolist():
        yield _proposal(snapshot, row, Status.PAUSED, because, source=source, evidence=evidence)


@dataclass(frozen=True, slots=True)
class Restart:
    """What starts again. `complete`: nothing is left that could not start today."""

    proposals: tuple[Proposal, ...]
    complete: bool


def restart(snapshot: Snapshot, outlook: MonthOutlook, *, source: str, evidence: Evidence) -> Restart:
    """Start again what was paused on a day on which the month was used up.

    Where today's pot is less than the budgets of what waits, these are lowered, as far as the
    step limit lets them. What does not fit yet waits another day; the smallest starts first.
    """
    waiting = _waiting(snapshot)
    budgets = snapshot.entities.levers.get(Lever.DAILY_BUDGET)
    if budgets is None or not len(waiting):
        return Restart((), complete=True)
    room = max(outlook.pot.micros - outlook.present, 0)
    wanted = _fitting(snapshot, budgets.numbers[waiting], room)
    because = f"{outlook.sentence()}; it was paused when a month was used up"
    known = snapshot.metrics.known[waiting]
    cost = np.where(known, snapshot.metrics.cost_micros[waiting], 0).sum(axis=1)
    proposals, complete = [], True
    for position in np.lexsort((snapshot.entities.ids[waiting], cost, wanted)).tolist():
        row, micros = int(waiting[position]), int(wanted[position])
        if micros < budgets.numbers[row]:
            target = Money(micros, snapshot.currency)
            proposals.append(_proposal(snapshot, row, target, because, source=source, evidence=evidence))
        if micros > room:
            complete = False
            continue
        room -= micros
        proposals.append(_proposal(snapshot, row, Status.ENABLED, because, source=source, evidence=evidence))
    return Restart(tuple(proposals), complete)


def _waiting(snapshot: Snapshot) -> NDArray[np.intp]:
    """Rows that were paused when a month was used up, and delivered until then.

    Nobody remembers why something was paused. Whatever a person pauses on such a day is taken
    for paused by the month, unless it had not delivered for days.
    """
    status, memory = snapshot.entities.levers.get(Lever.STATUS), snapshot.memory.get(Lever.STATUS)
    if status is None or memory is None:
        return np.zeros(0, dtype=np.intp)
    zone = ZoneInfo(snapshot.entities.account.time_zone)
    last_month = (snapshot.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    paused = np.flatnonzero(snapshot.steerable(Lever.STATUS) & (status.numbers == 0))
    paused = paused[~np.isnat(memory.changed_at[paused])]
    rows: dict[date, list[int]] = {}
    for row, at in zip(paused.tolist(), memory.changed_at[paused].tolist(), strict=True):
        day = _local_day(at, zone)
        if last_month <= day < snapshot.today:
            rows.setdefault(day, []).append(row)
    waiting = []
    for day, those in rows.items():
        then = replace(snapshot.before((snapshot.today - day).days), today=day)
        outlook = month_outlook(then)
        if outlook is not None and outlook.used_up:
            spent = np.where(then.metrics.known, then.metrics.cost_micros, 0)[:, -_LATELY_DAYS:].sum(axis=1)
            waiting += [row for row in those if spent[row] > 0]
    return np.array(sorted(waiting), dtype=np.intp)


def _local_day(at: datetime, zone: ZoneInfo) -> date:
    return at.replace(tzinfo=UTC).astimezone(zone).date()


def _fitting(snapshot: Snapshot, stands: Numbers, room: int) -> Numbers:
    """The budgets, scaled down to the room as far as floors and step limit let them."""
    asked = int(stands.sum())
    if asked <= room:
        return stands
    portfolio, unit = snapshot.portfolio, snapshot.entities.account.unit_micros
    limits = None if portfolio is None else portfolio.limits
    fitting = []
    for number in stands.tolist():
        lowest = lowest_budget(snapshot)
        if limits is not None and limits.max_step is not None:
            lowest = max(lowest, -int(-number * (1 - limits.max_step) // 1))
        target = max(number * room // asked, lowest) // unit * unit
        fitting.append(min(max(target, -(-lowest // unit) * unit), number))
    return np.array(fitting, dtype=np.int64)


def _proposal(
    snapshot: Snapshot, row: int, target: Money | Status, because: str, *, source: str, evidence: Evidence
) -> Proposal:
    return Proposal(
        ref=snapshot.entities.ref(row),
        lever=Lever.STATUS if isinstance(target, Status) else Lever.DAILY_BUDGET,
        target=target,
        because=because,
        source=source,
        group="" if snapshot.portfolio is None else snapshot.portfolio.name,
        evidence=evidence,
    )
