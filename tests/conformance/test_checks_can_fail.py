"""Every check catches an adapter that breaks its law: one that nothing breaks proves nothing."""

import pytest
from broken import Broken
from broken_in_trouble import BROKEN_IN_TROUBLE
from broken_reading import BROKEN_READING
from broken_writing import BROKEN_WRITING
from simulated_stage import SimulatedStage

from adapters.conformance.check import Breach, Group
from adapters.conformance.suite import CHECKS

BREAKS = {**BROKEN_READING, **BROKEN_WRITING, **BROKEN_IN_TROUBLE}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_adapter_is_caught(name: str) -> None:
    """By the check that is about the law that it breaks."""
    check = next(each for each in CHECKS if each.name == name)
    able = SimulatedStage().abilities | check.needs
    stage = SimulatedStage(around=lambda adapter: Broken(adapter, BREAKS[name]), abilities=able)

    with pytest.raises(Breach):
        check.run(stage)


def test_every_check_is_shown_to_fail() -> None:
    """A new check comes with an adapter that it catches."""
    assert set(BREAKS) == {each.name for each in CHECKS}


def test_who_only_passes_on_breaks_nothing() -> None:
    """The wrapper itself is not what is caught."""
    stage = SimulatedStage(around=lambda adapter: Broken(adapter, {}))

    for each in CHECKS:
        if each.group is Group.WRITING:
            each.run(stage)
