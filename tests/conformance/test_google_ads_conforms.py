"""The Google Ads adapter keeps every law of the port: official client, over the wire."""

import pytest
from google_stage import GoogleStage

from adapters.conformance.check import Check
from adapters.conformance.suite import checks_for

STAGE = GoogleStage()


@pytest.mark.parametrize("check", checks_for(STAGE), ids=lambda check: check.label)
def test_google_ads(check: Check) -> None:
    """See the check's own claim."""
    check.run(STAGE)
