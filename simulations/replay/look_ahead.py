"""Look-ahead: who used what was not yet known when a plan was drawn up.

The plans of a replay come from a ledger that had not seen the later days. Here the same ledger has
seen all of them, and one poisoned reading more that restates everything at random. Asked again
for each morning, the last one first, it must give the same plans: whoever peeks, and whoever
remembers, gives another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent import cycle
from agent.domain.plan import Plan
from agent.report.rows import names_of
from simulations.replay import differences
from simulations.replay.poison import poison
from simulations.replay.replay import Morning, Replay

LEDGER = "the ledger"
NOBODY = "the cycle"


@dataclass(frozen=True, slots=True)
class LookAhead:
    """One use of what was not yet known.

    Attributes:
        day: Whose plan it is.
        decider: Who looked ahead, as named in config.toml (a rule: ``file/rule-id``); `LEDGER`
            where deciders were handed later figures; `NOBODY` where the plans differ and no wish does.
        what: What differs, in words.
    """

    day: date
    decider: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One morning that was asked for again; `found` is empty where nobody looked ahead."""

    day: date
    found: tuple[LookAhead, ...]


def peeks(replay: Replay) -> list[LookAhead]:
    """What deciders opened while they were asked, each thing once."""
    seen: dict[tuple[str, str], LookAhead] = {}
    for peek in replay.watch.peeks:
        what = f"it opened {peek.path}, which is not for deciders"
        seen.setdefault(
            (peek.decider, peek.path), LookAhead(date.fromisoformat(peek.day), peek.decider, what)
        )
    return list(seen.values())


def look_ahead(
    replay: Replay, honest: Sequence[Morning], moments: Sequence[datetime], *, seed: int
) -> Iterator[Checked]:
    """Ask for each morning again, the last one first, knowing everything there is to know.

    The replay's ledger is poisoned by this: it is of no use afterwards.

    Args:
        honest: The mornings as they were drawn up while the ledger grew.
        seed: Of the poisoned figures.
    """
    last = max(replay.past.readings[-1].at, moments[-1])
    replay.record(until=last)
    poison(replay.ledger, replay.past.account.id, at=last + timedelta(seconds=1), seed=seed)
    plans = {morning.day: morning.plan for morning in honest}
    for moment in reversed(moments):
        plan = plans.get(replay.local_day(moment))
        again = replay.morning(moment)
        if plan is None or again is None:
            continue
        yield Checked(again.day, tuple(_compare(replay, moment, plan, again)))


def _compare(replay: Replay, moment: datetime, plan: Plan, again: Morning) -> Iterator[LookAhead]:
    wishes = differences.of_plans(plan, again.plan)
    if plan.fingerprint == again.plan.fingerprint and not wishes:
        return
    if plan.snapshot != again.plan.snapshot:
        changed = f"; it changed what {', '.join(wishes)} wished" if wishes else "; no wish was changed by it"
        yield LookAhead(again.day, LEDGER, _of_data(replay, moment, again) + changed)
        return
    for decider, what in wishes.items():
        more = f" (and {len(what) - 1} more)" if len(what) > 1 else ""
        yield LookAhead(again.day, decider, what[0] + more)
    if not wishes:
        yield LookAhead(again.day, NOBODY, f"plan {plan.id} became plan {again.plan.id}")


def _of_data(replay: Replay, moment: datetime, again: Morning) -> str:
    """What deciders were handed that they could not have known."""
    fresh = replay.fresh()
    fresh.record(until=moment)
    known, handed = cycle.known(fresh.parts_at(moment)), cycle.known(replay.parts_at(moment))
    if known is None or handed is None:
        return "the account was not known"
    return differences.of_snapshots(known, handed, names_of(again.entities)) or "the data are others"
