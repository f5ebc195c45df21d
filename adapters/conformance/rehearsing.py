"""Rehearsing: the platform's own opinion, and nothing but that."""

from dataclasses import replace
from datetime import timedelta

from adapters.conformance.changes import (
    apply,
    budget_steps,
    kinds_of,
    micros_of,
    refs,
    rehearse,
    steps,
    stranger,
    to_micros,
)
from adapters.conformance.check import Group, check, must
from adapters.conformance.same import same
from adapters.conformance.stage import Ability, Scene
from agent.domain.outcome import Ambiguous
from agent.domain.plan import Change


@check(Group.WRITING)
def each_rehearsed_change_has_one_receipt(scene: Scene) -> None:
    """In order; who cannot write at all refuses, and says so. Nothing is ever in doubt."""
    changes = steps(scene.reader.entities())
    mixed = [changes[0], stranger(changes[0]), *changes[1:]]

    receipts = rehearse(scene, mixed)

    must(not any(isinstance(each, Ambiguous) for each in receipts), f"a rehearsal is in doubt: {receipts}")
    must(kinds_of(receipts)[1] == "Refused", f"an unknown entity was rehearsed: {receipts[1]}")
    must(list(rehearse(scene, [])) == [], "receipts were given for nothing")


@check(Group.WRITING)
def a_rehearsal_changes_nothing(scene: Scene) -> None:
    """Everything reads as before, and the history knows of no edit."""
    changes = steps(scene.reader.entities(), of_each=2)
    asked = refs(scene.reader.entities())
    stood = scene.reader.read(asked)

    rehearse(scene, changes)

    must(same(dict(scene.reader.read(asked)), dict(stood)), "a lever moved in a rehearsal")
    edits = scene.reader.history(scene.now() - timedelta(hours=1))
    must(not edits, f"a rehearsal left an edit in the history: {edits[:1]}")


@check(Group.WRITING, Ability.WRITE, Ability.REHEARSE)
def a_rehearsal_leaves_the_platform_as_it_was(scene: Scene) -> None:
    """By the platform's own books, past the adapter."""
    changes = steps(scene.reader.entities(), of_each=2)
    stood = [scene.standing(change.ref, change.lever) for change in changes]

    receipts = rehearse(scene, changes)

    must(kinds_of(receipts) == ["Accepted"] * len(changes), f"receipts were {receipts}")
    now = [scene.standing(change.ref, change.lever) for change in changes]
    must(now == stood, "a lever moved in a rehearsal")


@check(Group.WRITING, Ability.WRITE, Ability.REHEARSE)
def a_rehearsal_says_what_an_application_will(scene: Scene) -> None:
    """What is refused then is refused before, change by change."""
    good = budget_steps(scene, 3)
    mixed: list[Change] = [
        good[0],
        stranger(good[0]),
        good[1],
        to_micros(good[2], micros_of(good[2]) + 1),
        replace(good[2], ref=replace(good[2].ref, account="somebody")),
        *[change for change in steps(scene.reader.entities()) if not change.lever.is_money],
    ]

    rehearsed, applied = rehearse(scene, mixed), apply(scene, mixed)

    must(
        kinds_of(rehearsed) == kinds_of(applied),
        f"rehearsed: {kinds_of(rehearsed)}, applied: {kinds_of(applied)}",
    )
