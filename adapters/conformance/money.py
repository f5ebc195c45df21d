"""Money: the smallest unit of every currency, and no currency but the account's own."""

from dataclasses import replace

from adapters.conformance.changes import (
    apply,
    budget_steps,
    check_stands,
    micros_of,
    rehearse,
    steps,
    to_micros,
)
from adapters.conformance.check import Group, check, must
from adapters.conformance.stage import Ability, Opening, Scene
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Refused
from agent.domain.plan import Change

_CURRENCIES = tuple(Opening(currency=currency) for currency in ("USD", "EUR", "JPY", "HUF", "KWD"))


@check(Group.MONEY, Ability.WRITE, openings=_CURRENCIES)
def whole_units_stand_as_they_were_asked_for(scene: Scene) -> None:
    """To the micro, in every currency: a factor of a hundred is the dearest fault there is."""
    for change in _money_steps(scene):
        one_more = to_micros(change, micros_of(change) + scene.unit_micros)
        receipt = apply(scene, [one_more])[0]
        must(isinstance(receipt, Accepted), f"{change.lever} to {one_more.after}: {receipt}")
        check_stands(scene, one_more, one_more.after)


@check(Group.MONEY, Ability.WRITE, openings=_CURRENCIES)
def parts_of_a_unit_are_refused_and_never_rounded(scene: Scene) -> None:
    """Rounding is a decision about money, and not the adapter's."""
    unit = scene.unit_micros
    for change in _money_steps(scene):
        stands: int = micros_of(change)
        for odd in (stands + unit // 2, stands + unit - 1, stands + 1, stands - 1):
            receipt = apply(scene, [to_micros(change, odd)])[0]
            must(
                isinstance(receipt, Refused),
                f"{change.lever} to {odd} micros where {unit} is the unit: {receipt}, refused is right",
            )
            check_stands(scene, change, change.before)


@check(Group.MONEY, Ability.REHEARSE, openings=_CURRENCIES)
def a_rehearsal_knows_the_unit_too(scene: Scene) -> None:
    """What will be refused for its amount is found before."""
    change = budget_steps(scene, 1)[0]
    stands: int = micros_of(change)

    receipts = rehearse(scene, [to_micros(change, stands + scene.unit_micros)])
    receipts = [*receipts, *rehearse(scene, [to_micros(change, stands + scene.unit_micros // 2)])]

    must(isinstance(receipts[0], Accepted), f"one unit more: {receipts[0]}, accepted is right")
    must(isinstance(receipts[1], Refused), f"half a unit more: {receipts[1]}, refused is right")


@check(Group.MONEY, Ability.WRITE, openings=_CURRENCIES)
def money_of_another_currency_is_refused(scene: Scene) -> None:
    """An amount is nothing without its currency: 100 JPY are not 100 USD."""
    mine = scene.reader.account().currency
    for change in _money_steps(scene):
        for currency in ("USD", "EUR", "JPY", "HUF", "KWD", "XXX"):
            if currency == mine:
                continue
            other = replace(change, after=Money(micros_of(change), currency))
            receipt = apply(scene, [other])[0]
            must(isinstance(receipt, Refused), f"{other.after} in an account in {mine}: {receipt}")
        check_stands(scene, change, change.before)


def _money_steps(scene: Scene) -> list[Change]:
    """Changes of the levers that are money, one of each kind."""
    changes = [change for change in steps(scene.reader.entities()) if change.lever.is_money]
    must(changes, "no lever of the account is money")
    return changes
