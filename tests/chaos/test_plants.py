"""Plants: every bug can still be planted, and chaos finds one where there is one."""

from pathlib import Path

import pytest

from simulations.chaos.plants.campaign import hunt
from simulations.chaos.plants.plant import Patch, Plant, plants


def test_there_are_forty_bugs_and_more_each_of_its_own_name() -> None:
    """A name that stands twice would hide that one of them was missed."""
    names = [plant.name for plant in plants()]

    assert len(names) >= 40
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("plant", plants(), ids=lambda plant: plant.name)
def test_each_bug_can_still_be_planted(plant: Plant) -> None:
    """When the code moves on, its bugs must move with it, or they try nothing."""
    assert plant.check() == []


def test_a_bug_is_found_and_sound_code_is_not_blamed() -> None:
    """The harness neither sleeps nor cries wolf."""
    broken = next(plant for plant in plants() if plant.name == "what nobody answered is sent again")
    sound = Plant("nothing", "random", 5, ())

    found, nothing = hunt(broken), hunt(sound)

    assert "nothing is sent twice for one intent" in found.broken
    assert (nothing.broken, nothing.because) == ((), "")


def test_a_bug_that_cannot_be_planted_is_said_not_skipped(tmp_path: Path) -> None:
    """A patch that finds no place would leave sound code, in which nothing is found."""
    lost = Plant("lost", "random", 1, (Patch("agent/stop.py", "no such words", ""),))

    found = hunt(lost)

    assert found.broken == ()
    assert "cannot be planted" in found.because
