"""Marking: hours whose conversions are wrong are made known to the platform, and unmade."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from adapters.conformance.changes import apply, check_stands
from adapters.conformance.check import Group, check, must
from adapters.conformance.stage import Ability, Scene
from agent.domain.lever import Lever, Ratio, Status
from agent.domain.outcome import Accepted, Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind


@check(Group.WRITING, Ability.MARK_HOURS)
def a_data_exclusion_is_made_and_unmade(scene: Scene) -> None:
    """It reads as paused while there is none, as enabled once it is made, and as paused again."""
    change = _exclusion(scene)
    check_stands(scene, change, Status.PAUSED)

    for each in (change, change.inverse()):
        receipt = apply(scene, [each])[0]
        must(isinstance(receipt, Accepted), f"{each.ref} to {each.after}: {receipt}")
        check_stands(scene, each, each.after)
        told = [window.id for window in scene.reader.advice().windows if window.kind is Kind.DATA_EXCLUSION]
        wanted = each.after is Status.ENABLED
        must((change.ref.id in told) == wanted, f"{each.ref} is {each.after}, advice tells of {told}")


@check(Group.WRITING, Ability.MARK_HOURS)
def a_data_exclusion_that_is_not_there_can_be_taken_away(scene: Scene) -> None:
    """Applying what stands is a success here, too; and making one twice makes one."""
    change = _exclusion(scene)

    for after in (Status.PAUSED, Status.ENABLED, Status.ENABLED):
        receipt = apply(scene, [replace(change, after=after)])[0]
        must(isinstance(receipt, Accepted), f"{change.ref} to {after}: {receipt}")
    told = [window.id for window in scene.reader.advice().windows]
    must(told.count(change.ref.id) == 1, f"advice tells of {told}")


@check(Group.WRITING, Ability.MARK_HOURS)
def hours_that_are_none_are_refused(scene: Scene) -> None:
    """An end before the beginning, half a date, a ratio where a switch belongs."""
    change = _exclusion(scene)
    since, _, until = change.ref.id.partition("/")
    for id_ in (f"{until}/{since}", since, f"{since}/", "nonsense", ""):
        odd = replace(change, ref=replace(change.ref, id=id_))
        receipt = apply(scene, [odd])[0]
        must(isinstance(receipt, Refused), f"hours {id_!r}: {receipt}, refused is right")
    wrong = replace(change, after=Ratio(1_200_000))
    must(isinstance(apply(scene, [wrong])[0], Refused), "a data exclusion took a ratio")


def _exclusion(scene: Scene) -> Change:
    """Six hours of yesterday, local time."""
    account = scene.reader.account()
    local = scene.now().astimezone(ZoneInfo(account.time_zone)) - timedelta(days=1)
    id_ = f"{local:%Y-%m-%d}T08:00/{local:%Y-%m-%d}T14:00"
    ref = account.id.ref(Kind.DATA_EXCLUSION, id_)
    return Change(ref, Lever.DATA_EXCLUSION, Status.PAUSED, Status.ENABLED)
