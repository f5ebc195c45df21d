"""Refusing: what a platform must not be asked for has a receipt that says why."""

from collections.abc import Sequence
from dataclasses import replace

from adapters.conformance.changes import (
    apply,
    budget_steps,
    check_stands,
    kinds_of,
    micros_of,
    nudged,
    steps,
    stranger,
)
from adapters.conformance.check import Group, check, must
from adapters.conformance.stage import Ability, Scene
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.outcome import Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind

_ODD_IDS = ("", "0", "nonsense", "1 OR 1=1", "../1", "１２３", "1~2~3", "9" * 30)


@check(Group.WRITING, Ability.WRITE)
def an_unknown_ref_is_a_refused_receipt(scene: Scene) -> None:
    """No exception: the other changes of the batch are none the worse for it."""
    known = budget_steps(scene, 1)[0]
    odd = [replace(known, ref=replace(known.ref, id=id_)) for id_ in _ODD_IDS]
    odd += [replace(stranger(known), ref=replace(stranger(known).ref, kind=kind)) for kind in Kind]

    receipts = apply(scene, [*odd, known])

    must(
        kinds_of(receipts) == ["Refused"] * len(odd) + ["Accepted"],
        f"receipts were {kinds_of(receipts)}: the last is of an entity that exists, no other one is",
    )


@check(Group.WRITING, Ability.WRITE)
def refs_of_another_account_are_refused(scene: Scene) -> None:
    """Also where the id exists here: a mix-up of accounts must not spend anybody's money."""
    change = budget_steps(scene, 1)[0]
    elsewhere = [replace(change.ref, account=f"{change.ref.account}0"), replace(change.ref, platform="other")]

    _must_refuse(scene, change, [replace(change, ref=ref) for ref in elsewhere])


@check(Group.WRITING, Ability.WRITE)
def levers_that_an_entity_does_not_have_are_refused(scene: Scene) -> None:
    """A bid under a strategy that ignores it, a budget of one who shares it: not sent, and said why."""
    table = scene.reader.entities()
    values: dict[Lever, Value] = {
        lever: Ratio(4_000_000) if lever.is_ratio else Money(50_000_000, table.account.currency)
        for lever in Lever
        if not lever.is_switch
    }
    absent = [
        Change(table.ref(row), lever, values[lever], values[lever])
        for row in range(len(table))
        for lever in values
        if not lever.is_of_hours and table.value(row, lever) is None
    ]
    before = scene.writes()

    receipts = apply(scene, absent)

    for change, receipt in zip(absent, receipts, strict=True):
        must(
            isinstance(receipt, Refused), f"{change.lever} of {change.ref} is absent, the receipt: {receipt}"
        )
    must(scene.writes() == before, "the platform was asked for something that is not there")


@check(Group.WRITING, Ability.WRITE, Ability.LOCK)
def locked_entities_are_left_alone(scene: Scene) -> None:
    """An experiment, a campaign that the platform steers by itself: gebot keeps its hands off."""
    table = scene.reader.entities()
    rows = [row for row in range(len(table)) if table.locked[row]]
    must(rows, "no entity of the account is locked: the stage must open one that is")

    for row in rows:
        for lever, column in table.levers.items():
            if column.present[row]:
                before = table.value(row, lever)
                assert before is not None
                change = Change(table.ref(row), lever, before, nudged(before, table.account.unit_micros))
                _must_refuse(scene, change, [change])


@check(Group.WRITING, Ability.WRITE)
def a_value_of_the_wrong_sort_is_refused(scene: Scene) -> None:
    """Money where a status belongs, a ratio where money belongs: never made into something else."""
    for change in steps(scene.reader.entities()):
        currency = scene.reader.account().currency
        sorts: list[Value] = [Money(50_000_000, currency), Ratio(4_000_000), Status.PAUSED]
        wrong = [value for value in sorts if type(value) is not type(change.before)]
        _must_refuse(scene, change, [replace(change, after=value) for value in wrong])


@check(Group.WRITING, Ability.WRITE)
def no_money_and_less_are_refused(scene: Scene) -> None:
    """Nothing is stopped by a budget of zero: a status is for that."""
    currency = scene.reader.account().currency
    for change in steps(scene.reader.entities()):
        if change.lever.is_money:
            amounts = (0, -scene.unit_micros, -micros_of(change))
            odd = [replace(change, after=Money(amount, currency)) for amount in amounts]
            _must_refuse(scene, change, odd)
        elif change.lever.is_ratio:
            _must_refuse(scene, change, [replace(change, after=Ratio(number)) for number in (0, -1_000_000)])


@check(Group.WRITING, Ability.WRITE)
def less_than_the_platforms_minimum_is_refused(scene: Scene) -> None:
    """Where an account tells the least budget that is accepted, one unit less is not."""
    account = scene.reader.account()
    least = account.min_daily_budget_micros
    change = budget_steps(scene, 1)[0]

    if least > scene.unit_micros:
        below = Money((least - 1) // scene.unit_micros * scene.unit_micros, account.currency)
        _must_refuse(scene, change, [replace(change, after=below)])


def _must_refuse(scene: Scene, known: Change, changes: Sequence[Change]) -> None:
    """Every change is refused by itself, and what is known to stand stands on."""
    for change in changes:
        receipt = apply(scene, [change])[0]
        must(
            isinstance(receipt, Refused),
            f"{change.lever} of {change.ref} to {change.after!r}: {receipt}, refused is right",
        )
        check_stands(scene, known, known.before)
