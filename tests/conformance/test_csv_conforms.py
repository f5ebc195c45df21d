"""A CSV export keeps every law of the port that is about reading."""

import pytest
from csv_stage import CsvStage

from adapters.conformance.check import Check
from adapters.conformance.suite import checks_for

STAGE = CsvStage()


@pytest.mark.parametrize("check", checks_for(STAGE), ids=lambda check: check.label)
def test_csv(check: Check) -> None:
    """See the check's own claim."""
    check.run(STAGE)
