"""Taking back in tests: the account, what is found, and how it is carried out."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from live import Live, fence, live

from agent import by_hand, cycle
from agent.clock import SteppedClock
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.record import PlanRecord
from agent.domain.ref import Kind, Ref
from agent.guardrails.cooldown import Cooldown
from agent.guardrails.step import MaxStep
from agent.steps.undo import TakenBack, restore, undo
from simulations.journal import Field

WIDE = Money.of(10_000, "EUR")


def account(*factors: str | None, pot: Money | None = WIDE) -> Live:
    """An account whose guardrails ask less of what is taken back, as the wiring has it."""
    one = live(factors, pot=pot)
    whole = fence()
    asked = tuple(item for item in whole.guardrails if not isinstance(item, Cooldown | MaxStep))
    one.give(fence=replace(whole, max_share_of_entities=Fraction(1), for_undo=asked))
    return one


def asked(one: Live, record: PlanRecord, chosen: Collection[str] | None = None) -> TakenBack:
    """What `gebot undo` finds."""
    cycle.look(one.parts)
    snapshot = cycle.known(one.parts)
    now = one.parts.ledger.plan(record.plan.fingerprint)
    assert snapshot is not None and now is not None
    history = one.parts.ledger.applied(one.parts.account, record.plan.drawn_up_at)
    return undo(now, chosen, history, snapshot, one.adapter.history(record.plan.drawn_up_at))


def back_to(one: Live, moment: datetime, levers: Collection[Lever] | None = None) -> TakenBack:
    """What `gebot restore` finds."""
    cycle.look(one.parts)
    snapshot = cycle.known(one.parts)
    then = cycle.known(replace(one.parts, clock=SteppedClock(moment)))
    assert snapshot is not None and then is not None
    history = one.parts.ledger.applied(one.parts.account, moment)
    return restore(then, history, snapshot, one.adapter.history(moment), levers=levers)


def carried_out(one: Live, found: TakenBack) -> PlanRecord:
    """The plan of these wishes, put forward and sent."""
    snapshot = cycle.known(one.parts)
    assert snapshot is not None
    plan = by_hand.drawn_up(one.parts, snapshot, found.wishes)
    cycle.put_forward(one.parts, plan, epoch=0)
    return cycle.carry_out(one.parts, plan.fingerprint, epoch=0)


def edit(one: Live, ref: Ref, budget: float) -> None:
    """Somebody sets a budget at the platform."""
    platform = one.adapter._platform
    campaign = platform.campaign(ref.id)
    assert campaign is not None
    micros = round(budget * 1_000_000)
    platform.set(
        Kind.CAMPAIGN_BUDGET, campaign.budget_id, Field.AMOUNT, micros, by="anna@example.com", client="web"
    )


def budget(one: Live, ref: Ref) -> Money:
    """Where it stands at the platform."""
    stands = one.adapter.read([(ref, Lever.DAILY_BUDGET)])[ref, Lever.DAILY_BUDGET]
    assert isinstance(stands, Money)
    return stands
