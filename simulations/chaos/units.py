"""Units: an amount in the wrong unit is denied or held to a step before it can reach the wire."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.lever import Lever, number_of, value_of
from agent.domain.money import MICROS, Money
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.record import PlanRecord
from agent.domain.ref import AccountId
from agent.domain.snapshot import Snapshot
from agent.steps.guard import guard, recheck
from agent.wiring.fencing import fence
from simulations.chaos.malformed.hostile import chance
from simulations.chaos.volume import Notes, Volume
from simulations.chaos.wires import to_google, to_meta
from simulations.chaos.wishing import NOW, account_of, shipped_limits

PROPOSED = "a slip of 1.31 or more in a wish ends within the step of what stands, or is denied"
APPROVED = "a slip of 1.31 or more in an approved change is not carried out"
STOOD = "a slip of 1.31 or more in what was read does not move a lever beyond its seven-day cap"
WIRE = "the wire carries the very amount that was approved, or the change is refused"
SMALLEST = Fraction(131, 100)
_KNOWN = [
    Fraction(text)
    for text in ("1000000", "1000", "10", "100", "30.4", "7", "24", "150", "1.31", "365", "12", "1440")
]
"""Micros, thousands, digits, cents, months, weeks, hours, yen, and the smallest that must be seen."""
_STEPS = {
    Lever.DAILY_BUDGET: Fraction(1, 5),
    Lever.CPC_BID: Fraction(1, 5),
    Lever.TARGET_ROAS: Fraction(1, 5),
}
_RANGES = {
    Lever.DAILY_BUDGET: (1_300_000, 1_300_000_000),
    Lever.CPC_BID: (50_000, 5_000_000),
    Lever.TARGET_ROAS: (1_000_000, 10_000_000),
}


def trial(seed: int, notes: Notes) -> None:
    """One slip, at one of the boundaries."""
    rng = chance(seed)
    factor = slip(rng)
    notes.tell(lambda: f"a factor of {float(factor):g}")
    boundary = (_proposed, _approved, _stood, _wire)[rng.randrange(4)]
    boundary(rng, factor, notes)


def slip(rng: Random) -> Fraction:
    """A factor of at least 1.31, up or down: one in three is any."""
    factor = rng.choice(_KNOWN)
    if rng.random() < 0.33:
        factor = max(SMALLEST, Fraction(int(1000 * 10 ** rng.uniform(0.12, 7)), 1000))
    return factor if rng.random() < 0.5 else 1 / factor


def _proposed(rng: Random, factor: Fraction, notes: Notes) -> None:
    """A strategy that mixes up units."""
    snapshot, lever, stands = _account(rng)
    wish = _wish(snapshot, lever, _slipped(snapshot, lever, stands, factor))
    (decision,) = guard(snapshot, (), [wish], fence(shipped_limits(snapshot.currency)), {})
    if number_of(wish.target) == stands:
        return  # rounded away
    notes.check(PROPOSED, _stays(decision.change, stands, _STEPS[lever]), decision)


def _approved(rng: Random, factor: Fraction, notes: Notes) -> None:
    """A plan whose change was put into other units after the guard."""
    snapshot, lever, stands = _account(rng)
    after = _slipped(snapshot, lever, stands, factor)
    if after == stands:
        return
    wish = _wish(snapshot, lever, stands * 11 // 10)
    before, slipped = (value_of(lever, number, snapshot.currency) for number in (stands, after))
    change = Change(wish.ref, lever, before, slipped)
    plan = Plan(snapshot.entities.account.id, NOW, NOW, "p", "s", 1, (Decision(wish, before, (), change),))
    held = recheck(
        snapshot,
        (),
        [change],
        record=PlanRecord.fresh(plan),
        fence=fence(shipped_limits(snapshot.currency)),
        reserved={},
    )
    notes.check(APPROVED, change.id in held, change)


def _stood(rng: Random, factor: Fraction, notes: Notes) -> None:
    """A reading that tells a lever in another unit than seven days ago: a wish for a step from there."""
    snapshot, lever, stands = _account(rng)
    memory = snapshot.memory[lever]
    told = _slipped(snapshot, lever, stands, factor)
    if told == stands:
        return
    snapshot = replace(
        snapshot, memory={**snapshot.memory, lever: replace(memory, baseline=memory.baseline * 0 + told)}
    )
    step = stands // 10 * rng.choice((1, -1))
    wish = _wish(snapshot, lever, _slipped(snapshot, lever, stands + step, Fraction(1)))
    (decision,) = guard(snapshot, (), [wish], fence(shipped_limits(snapshot.currency)), {})
    change = decision.change
    inside = change is None or abs(number_of(change.after) - told) <= Fraction(told, 2)
    towards = change is not None and abs(number_of(change.after) - told) < abs(stands - told)
    notes.check(STOOD, inside or towards, decision)


def _wire(rng: Random, factor: Fraction, notes: Notes) -> None:
    """An approved budget, slipped or not, as the platform's client would be handed it."""
    micros = int(rng.randrange(1, 10**6) * 10_000 * (factor if rng.random() < 0.5 else 1))
    currency, unit = rng.choice((("EUR", 10_000), ("JPY", MICROS), ("USD", 10_000)))
    amount = Money(micros, currency if rng.random() < 0.9 else "XXX")
    notes.tell(lambda: f"{amount} in an account of {currency}, in steps of {unit}")
    right = amount.currency == currency and micros > 0 and micros % unit == 0
    for platform, sent in (("Google", to_google), ("Meta", to_meta)):
        carried = sent(amount, currency, unit)
        notes.check(WIRE, carried == ([micros] if right else []), (platform, carried, amount))


def _account(rng: Random) -> tuple[Snapshot, Lever, int]:
    """An entity whose lever stands within the shipped limits."""
    lever = rng.choice(list(_RANGES))
    low, high = _RANGES[lever]
    account = Account(AccountId("simulated", "demo"), "Demo", "EUR", "UTC", 10_000, 2.0)
    unit = account.step(lever)
    stands = max(unit, int(low * (high / low) ** rng.random()) // unit * unit)
    table: EntityTable = entity_table(
        account, ["1"], names=["Shoes"], levers={lever: [stands], Lever.STATUS: [1]}
    )
    return account_of(table, daily_cost=[5_000_000], baseline={}), lever, stands


def _slipped(snapshot: Snapshot, lever: Lever, stands: int, factor: Fraction) -> int:
    unit = snapshot.entities.account.step(lever)
    return int(stands * factor) // unit * unit


def _wish(snapshot: Snapshot, lever: Lever, number: int) -> Proposal:
    unit = snapshot.entities.account.step(lever)
    target = value_of(lever, number // unit * unit, snapshot.currency)
    return Proposal(snapshot.entities.ref(0), lever, target, "because", "chance")


def _stays(change: Change | None, stands: int, step: Fraction) -> bool:
    return change is None or Fraction(abs(number_of(change.after) - stands), stands) <= step


def boundaries() -> Sequence[str]:
    """The invariants, one for each boundary."""
    return PROPOSED, APPROVED, STOOD, WIRE


UNITS = Volume("units", trial)
