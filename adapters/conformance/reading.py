"""Reading: levers as they stand right now."""

from dataclasses import replace

from adapters.conformance.changes import nudged, refs, steps
from adapters.conformance.check import Group, check, must
from adapters.conformance.stage import Ability, Scene
from agent.domain.lever import Lever
from agent.domain.ref import Kind, Ref

_ODD_IDS = ("", "0", "nonsense", "1 OR 1=1", "1'", "../1", "１２３", "1~2~3", "-1", "9" * 30)


@check(Group.READING)
def every_lever_of_the_table_can_be_read_and_is_equal(scene: Scene) -> None:
    """What `entities` shows and what `read` tells is one and the same."""
    table = scene.reader.entities()
    asked = refs(table)
    read = scene.reader.read(asked)

    must(asked, "no entity has a lever")
    for ref, lever in asked:
        row = table.row(ref)
        assert row is not None
        must((ref, lever) in read, f"{lever} of {ref} is in the table and cannot be read")
        must(
            read[ref, lever] == table.value(row, lever),
            f"{lever} of {ref} was read as {read[ref, lever]}, the table has {table.value(row, lever)}",
        )


@check(Group.READING)
def levers_that_an_entity_does_not_have_are_left_out(scene: Scene) -> None:
    """Not zero, not None: not there."""
    table = scene.reader.entities()
    absent = [
        (table.ref(row), lever)
        for row in range(len(table))
        for lever in Lever
        if not lever.is_of_hours and table.value(row, lever) is None
    ]
    read = scene.reader.read(absent)

    must(not read, f"{next(iter(read), '')} was told, and the table has no such lever")


@check(Group.READING)
def unknown_refs_are_left_out(scene: Scene) -> None:
    """An id that there is not, or that is none at all, is no reason to fail or to ask for all."""
    known = refs(scene.reader.entities())[:1]
    ref, lever = known[0]
    asked = [
        (replace(ref, kind=kind, id=id_), lever)
        for kind in Kind
        for id_ in _ODD_IDS
        if kind not in (Kind.DATA_EXCLUSION, Kind.SEASONALITY)
    ]
    read = scene.reader.read([*asked, *known])

    must(set(read) == set(known), f"{sorted(map(str, set(read) - set(known)))} was told; only {ref} exists")


@check(Group.READING)
def refs_of_other_accounts_are_left_out(scene: Scene) -> None:
    """Ids are only unique within an account: another one's ref must not be answered with ours."""
    ref, lever = refs(scene.reader.entities())[0]
    others = [replace(ref, account=f"{ref.account}0"), replace(ref, platform="elsewhere")]
    read = scene.reader.read([(other, lever) for other in others])

    must(not read, f"{sorted(map(str, read))} was told by {ref.account_id}")


@check(Group.READING)
def asked_for_nothing_it_tells_nothing(scene: Scene) -> None:
    """No levers, no answers: and no error."""
    must(dict(scene.reader.read([])) == {}, "values were told")


@check(Group.READING, Ability.EDIT)
def somebody_elses_edit_is_seen_at_once(scene: Scene) -> None:
    """Reading goes past every cache: the last look before a write must be a true one."""
    table = scene.reader.entities()
    changes = steps(table)
    asked: list[tuple[Ref, Lever]] = [(change.ref, change.lever) for change in changes]
    scene.reader.read(asked)

    for change in changes:
        scene.edit(change.ref, change.lever, change.after)

    read = scene.reader.read(asked)
    for change in changes:
        told = read.get((change.ref, change.lever))
        must(told == change.after, f"{change.lever} of {change.ref} was read as {told}, not {change.after}")
    fresh = scene.reader.entities()
    for change in changes:
        must(
            fresh.number(change.ref, change.lever) is not None
            and fresh.value(fresh.row(change.ref) or 0, change.lever) == change.after,
            f"{change.lever} of {change.ref} still stands in the table as it was",
        )


@check(Group.READING, Ability.EDIT)
def reading_follows_one_edit_after_the_other(scene: Scene) -> None:
    """There and back again: nothing that was read before is told once more."""
    change = steps(scene.reader.entities(), levers=[Lever.DAILY_BUDGET])[0]
    further = nudged(change.after, scene.unit_micros)

    for value in (change.after, further, change.before):
        scene.edit(change.ref, change.lever, value)
        told = scene.reader.read([(change.ref, change.lever)]).get((change.ref, change.lever))
        must(told == value, f"{change.lever} of {change.ref} was read as {told}, {value} is right")
