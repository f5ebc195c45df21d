"""The Meta adapter keeps every law of the port: official client, over the wire."""

import pytest
from meta_stage import MetaStage

from adapters.conformance.check import Check
from adapters.conformance.suite import checks_for

STAGE = MetaStage()


@pytest.mark.parametrize("check", checks_for(STAGE), ids=lambda check: check.label)
def test_meta_ads(check: Check) -> None:
    """See the check's own claim."""
    check.run(STAGE)
