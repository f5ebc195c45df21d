"""Suite: all checks, to be run from pytest or by `run`."""

from adapters.conformance import (
    figures,
    history,
    hours,
    marking,
    money,
    reading,
    refusing,
    rehearsing,
    secrecy,
    sizes,
    structure,
    trouble,
    writing,
)
from adapters.conformance.check import Check, Group
from adapters.conformance.stage import Stage

_MODULES = (
    structure,
    reading,
    figures,
    hours,
    writing,
    refusing,
    rehearsing,
    marking,
    money,
    trouble,
    secrecy,
    history,
    sizes,
)

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (each for module in _MODULES for each in vars(module).values() if isinstance(each, Check)),
        key=lambda each: list(Group).index(each.group),
    )
)
"""By group; within a group in the order in which they are written."""


def checks_for(stage: Stage) -> list[Check]:
    """The checks that this stage can be put to, each on one account."""
    return [one for each in CHECKS if not each.skipped(stage) for one in each.each()]
