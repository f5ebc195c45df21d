"""The simulated account keeps every law of the port."""

import pytest
from simulated_stage import SimulatedStage

from adapters.conformance.check import Check, Group
from adapters.conformance.suite import checks_for
from adapters.wrappers.recorded import recorded
from adapters.wrappers.retrying import Patience, retrying
from agent.domain.ref import AccountId
from agent.ports.platform import Adapter

STAGE = SimulatedStage()


def wrapped(adapter: Adapter) -> Adapter:
    """As a live adapter is; nothing is waited for here."""
    return retrying(recorded(adapter, AccountId("simulated", "demo")), Patience(total_s=0.0))


WRAPPED = SimulatedStage(around=wrapped)


@pytest.mark.parametrize("check", checks_for(STAGE), ids=lambda check: check.label)
def test_simulated(check: Check) -> None:
    """See the check's own claim."""
    check.run(STAGE)


@pytest.mark.parametrize(
    "check",
    [each for each in checks_for(WRAPPED) if each.group in (Group.WRITING, Group.TROUBLE)],
    ids=lambda check: check.label,
)
def test_wrapped(check: Check) -> None:
    """What is put around every adapter keeps the same laws."""
    check.run(WRAPPED)
