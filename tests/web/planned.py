"""Planned: a plan in the ledger of a page, of the decisions that a test wishes for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from visiting import House

from agent.domain.entity import Account, entity_table
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Evidence, Figure, Interval, Proposal
from agent.domain.record import PlanRecord
from agent.domain.ref import AccountId
from agent.domain.verdict import Clamp, Deny, Word

ACCOUNT = AccountId("simulated", "demo")


@dataclass(frozen=True)
class Wish:
    """A budget that is to move from one sum in EUR a day to another; `denied`: by whom and why."""

    name: str
    before: str
    after: str
    denied: str = ""
    clamped_to: str = ""


def put_forward(house: House, wishes: Sequence[Wish], *, author: str = "") -> PlanRecord:
    """Record entities of these names, and a plan of these wishes that waits."""
    memory, now = house.reception.office.memory, house.reception.office.clock.now()
    account = Account(ACCOUNT, "demo", "EUR", "Europe/Berlin")
    table = entity_table(
        account,
        [str(n) for n in range(100_000, 100_000 + len(wishes))],
        names=[wish.name for wish in wishes],
        levers={Lever.DAILY_BUDGET: [euros(wish.before).micros for wish in wishes]},
    )
    memory.record_entities(table, now)
    decisions = tuple(_decision(n, wish) for n, wish in enumerate(wishes))
    expires = now + timedelta(hours=24)
    plan = Plan(ACCOUNT, now, expires, "policy", "snapshot", 1, decisions, author=author)
    memory.record_plan(plan)
    record = memory.plan(plan.fingerprint)
    assert record is not None
    return record


def euros(amount: str) -> Money:
    return Money.parse(f"{amount} EUR")


def _decision(number: int, wish: Wish) -> Decision:
    ref = ACCOUNT.ref("campaign", str(100_000 + number))
    target = euros(wish.after)
    rise = (target.micros - euros(wish.before).micros) / 1e6
    evidence = Evidence(
        (Figure("cost_14d", "700.00 EUR"),),
        "conversion value in EUR per day at the new budget",
        Interval(100 + rise, 80 + rise, 120 + rise),
        Interval(rise, rise - 5, rise + 5),
        0.9,
    )
    proposal = Proposal(
        ref, Lever.DAILY_BUDGET, target, f"{wish.name} earns more", "thompson", "everything", evidence
    )
    words: tuple[Word, ...] = ()
    if wish.denied:
        words = (Word("cooldown", Deny(wish.denied)),)
    elif wish.clamped_to:
        target = euros(wish.clamped_to)
        words = (Word("max_step", Clamp(target, "a step is 20 % at most")),)
    change = None if wish.denied else Change(ref, Lever.DAILY_BUDGET, euros(wish.before), target)
    return Decision(proposal, euros(wish.before), words, change, portfolio="everything")
