"""Asking: a person wishes budgets elsewhere and approves the plan, whatever gebot is doing meanwhile."""

from collections.abc import Iterator

from agent import by_hand, cycle
from agent.clock import SteppedClock
from agent.domain.approval import Approval
from agent.domain.board import OPEN
from agent.domain.errors import LedgerError, PlatformError
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.points import unwatched
from agent.domain.proposal import Proposal, Purpose
from agent.domain.snapshot import Snapshot
from agent.steps.approve import approve
from simulations.chaos.account import parts
from simulations.chaos.calm import Calm
from simulations.chaos.link import Link
from simulations.chaos.platform import ACCOUNT
from simulations.chaos.witness import Witness
from simulations.chaos.world import World

_NOBODY = 0
_MOST = 2
_STEP_PERCENT = 40


def asks(world: World) -> None:
    """As `gebot undo --approve` does it: look, draw up within the limits, record, approve; send nothing."""
    asked = parts(
        Link(world.platform, world.wire, world.chance, _NOBODY, world.tell),
        Witness(world.ledger, world.intents, Calm(), _NOBODY),
        SteppedClock(world.now),
        seed=_NOBODY,
        check_stop=world.check_stop,
        reached=unwatched,
        shape=world.shape,
    )
    world.book.counts["plans asked for by people"] += 1
    try:
        cycle.look(asked)
    except (LedgerError, PlatformError) as error:  # a clock that is behind has seen nothing new
        world.tell(f"a person asks for a plan, in vain: {error}")
        return
    snapshot = cycle.known(asked)
    assert snapshot is not None, "observed just now"
    wishes = list(_wishes(world, snapshot))
    plan = by_hand.drawn_up(asked, snapshot, wishes)
    words = ", ".join(f"{one.ref.id} to {one.after}" for one in plan.changes)
    world.tell(f"a person asks for plan {plan.id}: {words or 'nothing of it may be'}")
    if not plan.changes:
        return
    cycle.keep(asked, plan)
    record = asked.ledger.plan(plan.fingerprint)
    assert record is not None, "recorded just now"
    if any(item.state is not State.PROPOSED for item in record.changes.values()):
        return  # the very same was asked for before
    approval = Approval(
        plan.id, plan.fingerprint, frozenset(record.changes), frozenset(), "a person", world.now
    )
    steps = approve(record, approval, board=OPEN, seal=asked.seal, now=world.now)
    asked.ledger.record_approval(approval.sealed(asked.seal), steps)
    world.book.counts["of these approved"] += 1


def _wishes(world: World, snapshot: Snapshot) -> Iterator[Proposal]:
    """More for one or two campaigns than there is room for, or back to where they stood at first."""
    chance, shape, table = world.chance, world.shape, snapshot.entities
    first, back = chance.pick(len(table)), chance.pick(2)
    for nth in range(1 + chance.pick(_MOST)):
        row = (first + nth) % len(table)
        stands = int(table.levers[Lever.DAILY_BUDGET].numbers[row])
        more = stands * (100 + _STEP_PERCENT) // 100 // ACCOUNT.unit_micros * ACCOUNT.unit_micros
        target = Money(shape.opening[row] if back else more, "EUR")
        if target.micros != stands:
            yield Proposal(
                table.ref(row),
                Lever.DAILY_BUDGET,
                target,
                "so I wish",
                "a person",
                purpose=Purpose.UNDO,
            )
