"""History: who changed what, as the platform itself tells it."""

from datetime import timedelta

from adapters.conformance.changes import apply, budget_steps, micros_of, nudged, steps, to_micros
from adapters.conformance.check import Group, check, must
from adapters.conformance.stage import Ability, Scene
from agent.domain.lever import Lever
from agent.domain.plan import Change

_MINUTE = timedelta(minutes=1)
_UNTIL_SHOWN = timedelta(minutes=10)
"""Platforms show a change some minutes late."""


@check(Group.HISTORY)
def nobody_changed_anything_says_an_untouched_account(scene: Scene) -> None:
    """No edits, however far back one asks; and asking further than a platform remembers is no fault."""
    for span in (timedelta(hours=1), timedelta(days=3), timedelta(days=29), timedelta(days=400)):
        edits = scene.reader.history(scene.now() - span)
        must(list(edits) == [], f"{len(edits)} edits were told of the last {span}")


@check(Group.HISTORY, Ability.HISTORY, Ability.WRITE, Ability.EDIT, Ability.ADVANCE)
def own_edits_are_told_from_those_of_others(scene: Scene) -> None:
    """Each with its time, who made it, what stood before and what stands since."""
    since = scene.now()
    own, theirs = budget_steps(scene, 2)
    scene.advance(_MINUTE)
    apply(scene, [own])
    scene.advance(_MINUTE)
    scene.edit(theirs.ref, theirs.lever, theirs.after)
    scene.advance(_UNTIL_SHOWN)

    edits = {(edit.ref, edit.lever): edit for edit in scene.reader.history(since)}

    for change, is_ours in ((own, True), (theirs, False)):
        must((change.ref, change.lever) in edits, f"the edit of {change.ref} is not told")
        edit = edits[change.ref, change.lever]
        must(edit.ours is is_ours, f"the edit of {change.ref} is told as ours: {edit.ours}")
        must(edit.by.strip(), f"nobody is named for the edit of {change.ref}")
        must(edit.before == change.before, f"before was {edit.before}, {change.before} is right")
        must(edit.after == change.after, f"after was {edit.after}, {change.after} is right")


@check(Group.HISTORY, Ability.HISTORY, Ability.WRITE, Ability.ADVANCE)
def edits_come_oldest_first_each_once(scene: Scene) -> None:
    """In UTC, none before the moment that was asked for, none twice, each from where the last left."""
    since = scene.now()
    first = budget_steps(scene, 1)[0]
    second = Change(first.ref, first.lever, first.after, nudged(first.after, scene.unit_micros))
    for change in (first, second, second.inverse()):
        scene.advance(_MINUTE)
        apply(scene, [change])
    scene.advance(_UNTIL_SHOWN)

    edits = list(scene.reader.history(since))

    must(len(set(edits)) == len(edits), "an edit is told twice")
    must(all(edit.at.utcoffset() == timedelta(0) for edit in edits), "an edit has a time that is not UTC")
    must([edit.at for edit in edits] == sorted(edit.at for edit in edits), "edits are not oldest first")
    must(all(since <= edit.at <= scene.now() for edit in edits), "an edit is told of another time")
    mine = [edit.after for edit in edits if (edit.ref, edit.lever) == (first.ref, first.lever)]
    must(
        mine == [first.after, second.after, first.after],
        f"three edits led to {[str(value) for value in mine]}",
    )


@check(Group.HISTORY, Ability.HISTORY, Ability.WRITE, Ability.ADVANCE)
def edits_of_before_are_left_out(scene: Scene) -> None:
    """Asked since a moment, it tells what happened since then."""
    old, new = budget_steps(scene, 2)
    apply(scene, [old])
    scene.advance(timedelta(hours=3))
    since = scene.now()
    scene.advance(_MINUTE)
    apply(scene, [new])
    scene.advance(_UNTIL_SHOWN)

    told = {edit.ref for edit in scene.reader.history(since)}

    must(told == {new.ref}, f"{sorted(map(str, told))} was told, {new.ref} is right")


@check(Group.HISTORY, Ability.HISTORY, Ability.EDIT, Ability.ADVANCE)
def edits_of_every_lever_are_told_under_their_own_name(scene: Scene) -> None:
    """Ref and lever are those of the table, so that a conflict is seen where it is."""
    since = scene.now()
    levers = [Lever.DAILY_BUDGET, Lever.STATUS]
    changes = steps(scene.reader.entities(), levers=levers)
    for change in changes:
        scene.advance(_MINUTE)
        scene.edit(change.ref, change.lever, change.after)
    scene.advance(_UNTIL_SHOWN)

    told = {(edit.ref, edit.lever) for edit in scene.reader.history(since)}

    missing = [
        f"{change.lever} of {change.ref}" for change in changes if (change.ref, change.lever) not in told
    ]
    must(not missing, f"edits are not told: {', '.join(missing)}")


@check(Group.HISTORY, Ability.HISTORY, Ability.WRITE, Ability.ADVANCE)
def what_was_refused_is_no_edit(scene: Scene) -> None:
    """Neither what is refused nor what stands already leaves anything behind."""
    since = scene.now()
    change = budget_steps(scene, 1)[0]
    unchanged = Change(change.ref, change.lever, change.before, change.before)
    apply(scene, [unchanged, to_micros(change, micros_of(change) + 1)])
    scene.advance(_UNTIL_SHOWN)

    moved = [edit for edit in scene.reader.history(since) if edit.before != edit.after]

    must(not moved, f"an edit is told, and nothing was changed: {moved[:1]}")
