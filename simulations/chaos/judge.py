"""Judge: when all has come to rest, hold the ledger against what the platform really did."""

from functools import cache

from agent.domain.lever import Lever, number_of
from agent.domain.outcome import State
from agent.domain.record import ChangeRecord
from agent.steps.verify import PROMPT
from simulations.chaos.fates import CLOCKS
from simulations.chaos.intents import Intent
from simulations.chaos.invariants import Invariant
from simulations.chaos.platform import ACCOUNT
from simulations.chaos.world import World


def judge(world: World) -> None:
    """Put down what became of every intent, and whether the ledger knows how the platform stands."""
    book = world.book
    plan = cache(world.ledger.plan)
    for (plan_id, change_id), intent in world.intents.by_key.items():
        name = f"change {change_id} of plan {plan_id}"
        record = plan(plan_id)
        _judge_one(world, name, None if record is None else record.changes.get(change_id), intent)
    stuck = [
        f"change {change_id} of plan {record.plan.id} is {item.state}"
        for record in world.ledger.plans(ACCOUNT.id, only_open=True)
        for change_id, item in record.changes.items()
        if item.state.open and item.state is not State.PROPOSED  # that one waits for a person, or expires
    ]
    book.hold(Invariant.NOT_STUCK, ", ".join(stuck))
    known = world.ledger.entities(ACCOUNT.id, world.now)
    shown = [] if known is None else known.levers[Lever.DAILY_BUDGET].numbers.tolist()
    stands = list(world.platform.stands.values())
    book.hold(
        Invariant.AT_REST, "" if shown == stands else f"the ledger shows {shown}, there stands {stands}"
    )
    true = all(breach.invariant is not Invariant.TRUE_ENTRY for breach in book.breaches)
    true = true and not book.counts["equal edits by people within the minute, taken for ours"]
    book.hold(Invariant.ALARM, "; ".join(world.intents.alarms) if true else "")
    book.counts["halts by gebot itself"] += len(world.intents.alarms)
    landings = [
        world.intents.by_key[one.by.intent] for one in world.wire.landings if one.by and one.by.intent
    ]
    book.counts["late writes onto a person's edit"] += len(landings)
    book.counts["of these told by the ledger itself"] += sum("landed on" in one.because for one in landings)


def _judge_one(world: World, name: str, item: ChangeRecord | None, intent: Intent) -> None:
    book = world.book
    book.intents += 1
    if item is None or item.state.open or not item.because:
        found = "is gone" if item is None else f"is {item.state} because {item.because!r}"
        book.hold(Invariant.NOT_LOST, f"{name} {found}")
        return
    book.hold(Invariant.NOT_LOST)
    book.applied += item.state is State.APPLIED
    book.counts[f"{item.state}"] += 1
    if item.state is State.NEEDS_REVIEW or intent.void:
        return  # it says that nobody knows; or what was set stood already
    claimed = item.state is State.APPLIED
    if claimed and not intent.effects and _equal_edit(world, intent, item):
        book.counts["equal edits by people within the minute, taken for ours"] += 1
        return  # by value they cannot be told apart; the daily statement finds it
    wrong = claimed is not bool(intent.effects) or intent.effects > 1
    words = f"{name} is {item.state} ({item.because}); the platform set it {intent.effects} times"
    book.hold(Invariant.TRUE_ENTRY, words if wrong else "")


def _equal_edit(world: World, intent: Intent, item: ChangeRecord) -> bool:
    """Whether a person set the very value that was asked for, in the minute before it was read back."""
    if item.sent_at is None:
        return False
    until = item.sent_at + PROMPT + CLOCKS
    return any(
        one.by is None
        and (one.ref, one.after) == (intent.change.ref, number_of(intent.change.after))
        and item.sent_at - CLOCKS <= one.at <= until
        for one in world.platform.journal
    )
