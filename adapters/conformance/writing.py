"""Writing: what was accepted stands, and nothing else moved."""

from dataclasses import replace

from adapters.conformance.changes import (
    apply,
    budget_steps,
    check_stands,
    check_true,
    kinds_of,
    micros_of,
    nudged,
    refs,
    step,
    steps,
    stranger,
    to_micros,
)
from adapters.conformance.check import Group, check, must
from adapters.conformance.stage import Ability, Scene, Trouble
from agent.domain.entity import EntityTable
from agent.domain.lever import Lever, Status
from agent.domain.outcome import Accepted, Refused


@check(Group.WRITING, Ability.WRITE)
def each_change_has_one_receipt_in_order(scene: Scene) -> None:
    """The first receipt is that of the first change, whatever the platform makes of the batch."""
    good = steps(scene.reader.entities())
    # Never the same from behind, so that receipts that come the other way round are seen.
    mixed = [stranger(good[0]), *good[:2], *(stranger(change) for change in good[2:3]), *good[2:]]
    wanted = ["Accepted" if change in good else "Refused" for change in mixed]

    receipts = apply(scene, mixed)

    must(kinds_of(receipts) == wanted, f"receipts were {kinds_of(receipts)}, {wanted} is right")


@check(Group.WRITING, Ability.WRITE)
def every_lever_can_be_set_and_then_stands(scene: Scene) -> None:
    """What is in the table and not locked may be moved: to exactly what was asked for."""
    for change in steps(scene.reader.entities()):
        receipt = apply(scene, [change])[0]
        must(
            isinstance(receipt, Accepted),
            f"{change.lever} of {change.ref} to {change.after}: {receipt}, accepted is right",
        )
        check_stands(scene, change, change.after)


@check(Group.WRITING, Ability.WRITE)
def nothing_else_moves(scene: Scene) -> None:
    """A write is one field of one thing: all the others are as they were."""
    before = scene.reader.entities()
    change = budget_steps(scene, 3)[2]
    others = [key for key in refs(before) if key != (change.ref, change.lever)]
    stood = scene.reader.read(others)

    apply(scene, [change])

    read = scene.reader.read(others)
    moved = [f"{lever} of {ref}" for ref, lever in others if read.get((ref, lever)) != stood[ref, lever]]
    must(not moved, f"{change.lever} of {change.ref} was set, and {moved[:3]} moved, too")


@check(Group.WRITING, Ability.WRITE)
def applying_what_stands_is_a_success(scene: Scene) -> None:
    """Absolute values: who asks for what is there has got it."""
    for change in steps(scene.reader.entities()):
        same = replace(change, after=change.before)
        receipt = apply(scene, [same])[0]
        must(
            isinstance(receipt, Accepted),
            f"{change.lever} of {change.ref} stands at {change.before}, asking for that gave {receipt}",
        )
        check_stands(scene, change, change.before)


@check(Group.WRITING, Ability.WRITE)
def twice_is_once(scene: Scene) -> None:
    """The same change sent again is accepted and moves nothing further."""
    change = budget_steps(scene, 1)[0]

    receipts = [*apply(scene, [change]), *apply(scene, [change])]

    must(kinds_of(receipts) == ["Accepted"] * 2, f"receipts were {receipts}")
    check_stands(scene, change, change.after)


@check(Group.WRITING, Ability.WRITE)
def a_raise_and_its_inverse_leave_what_was(scene: Scene) -> None:
    """To the micro: no rounding on the way there or back."""
    changes = steps(scene.reader.entities())

    for batch in (changes, [change.inverse() for change in changes]):
        receipts = apply(scene, batch)
        must(kinds_of(receipts) == ["Accepted"] * len(batch), f"receipts were {receipts}")

    for change in changes:
        check_stands(scene, change, change.before)


@check(Group.WRITING, Ability.WRITE, Ability.PAUSE)
def a_status_can_be_paused_and_enabled_again(scene: Scene) -> None:
    """There and back, on every kind of entity that has a status."""
    for change in steps(scene.reader.entities(), levers=[Lever.STATUS]):
        for status in (Status.PAUSED, Status.ENABLED, Status.PAUSED):
            receipt = apply(scene, [replace(change, after=status)])[0]
            must(isinstance(receipt, Accepted), f"{change.ref} to {status}: {receipt}")
            check_stands(scene, change, status)


@check(Group.WRITING, Ability.WRITE)
def nothing_to_apply_is_no_fault(scene: Scene) -> None:
    """An empty batch has no receipts."""
    must(list(apply(scene, [])) == [], "receipts were given for nothing")


@check(Group.WRITING, Ability.WRITE)
def one_lever_twice_in_a_batch_is_told_as_it_ended(scene: Scene) -> None:
    """Whether the second is refused or wins: what stands is what the last accepted one asked for."""
    first = budget_steps(scene, 1)[0]
    second = replace(first, after=nudged(first.after, scene.unit_micros))

    receipts = apply(scene, [first, second])

    accepted = [
        change
        for change, receipt in zip((first, second), receipts, strict=True)
        if isinstance(receipt, Accepted)
    ]
    must(accepted, f"neither was accepted: {receipts}")
    check_stands(scene, first, accepted[-1].after)


@check(Group.WRITING, Ability.WRITE, Ability.PAUSE)
def two_levers_of_one_entity_go_in_one_batch(scene: Scene) -> None:
    """Each has its own receipt, and both stand."""
    table = scene.reader.entities()
    rows = [row for row in range(len(table)) if not table.locked[row] and len(_levers(table, row)) > 1]
    must(rows, "no entity has two levers")
    pair = [step(table, rows[0], lever) for lever in _levers(table, rows[0])]

    receipts = apply(scene, pair)

    must(kinds_of(receipts) == ["Accepted"] * len(pair), f"receipts were {receipts}")
    for change in pair:
        check_stands(scene, change, change.after)


@check(Group.WRITING, Ability.WRITE)
def a_refused_change_leaves_its_neighbours_alone(scene: Scene) -> None:
    """A partial failure belongs to its own operation and to no other."""
    good = budget_steps(scene, 4)
    half_a_unit = to_micros(good[1], micros_of(good[1]) + 1)
    batch = [good[0], half_a_unit, good[2], stranger(good[3]), good[3]]

    receipts = apply(scene, batch)

    wanted = ["Accepted", "Refused", "Accepted", "Refused", "Accepted"]
    must(kinds_of(receipts) == wanted, f"receipts were {kinds_of(receipts)}, {wanted} is right")
    real = [place for place in range(len(batch)) if place != 3]
    check_true(scene, [batch[place] for place in real], [receipts[place] for place in real])


@check(Group.WRITING, Ability.WRITE, Ability.REFUSE_ONE)
def what_the_platform_refuses_is_told_of_the_right_change(scene: Scene) -> None:
    """A rule that only the platform knows hits one change in the middle."""
    changes = budget_steps(scene, 4)
    scene.make(Trouble(Ability.REFUSE_ONE, operation=2))

    receipts = apply(scene, changes)

    wanted = ["Accepted", "Accepted", "Refused", "Accepted"]
    must(kinds_of(receipts) == wanted, f"receipts were {kinds_of(receipts)}, {wanted} is right")
    check_true(scene, changes, receipts)
    must(isinstance(receipts[2], Refused) and receipts[2].because, "the refusal says no reason")


def _levers(table: EntityTable, row: int) -> list[Lever]:
    return sorted(lever for lever, column in table.levers.items() if column.present[row])
