"""The simulated account keeps every law of the port."""

import pytest
from simulated_stage import SimulatedStage

from adapters.conformance.check import Check
from adapters.conformance.suite import checks_for

STAGE = SimulatedStage()


@pytest.mark.parametrize("check", checks_for(STAGE), ids=lambda check: check.label)
def test_simulated(check: Check) -> None:
    """See the check's own claim."""
    check.run(STAGE)
