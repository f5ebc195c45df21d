"""docs/adapters.md and its example are about the suite that there is."""

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from adapters.conformance.run import Result, run
from adapters.conformance.stage import Ability
from adapters.conformance.suite import CHECKS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def stage() -> Any:
    """The example's stage."""
    spec = spec_from_file_location("own_adapter", ROOT / "docs/examples/own_adapter.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module.TinyStage()
    del sys.modules[spec.name]


def test_the_example_conforms(stage: Any) -> None:
    """What an author copies from must be right; what it cannot do is skipped with the reason."""
    report = run(stage)

    assert report.conforms, str(report)
    assert all(row.because for row in report.rows if row.result is Result.SKIPPED)
    assert re.search(r"^tiny: \d+ holds, \d+ skipped$", str(report), re.M)


def test_a_stage_that_breaks_is_told_and_the_rest_goes_on(stage: Any) -> None:
    """One fault of a stage does not hide the table."""
    opening = type(stage).open
    type(stage).open = lambda self, wanted: 1 / 0 if wanted.currency == "JPY" else opening(self, wanted)

    report = run(stage, [check for check in CHECKS if "unit" in check.name])

    results = {row.check: row.result for row in report.rows}
    assert results["whole units stand as they were asked for [JPY]"] is Result.FAILED
    assert results["whole units stand as they were asked for [HUF]"] is Result.HOLDS
    assert not report.conforms


def test_every_check_and_ability_is_in_the_docs() -> None:
    """As they are named in the table that a run prints."""
    text = (ROOT / "docs/adapters.md").read_text(encoding="utf-8")

    assert [check.name for check in CHECKS if f"| {check.name} |" not in text] == []
    assert [ability.name for ability in Ability if f"| `{ability.name}` |" not in text] == []
    told = re.findall(r"^\| (?:reading|metrics|writing|money|trouble|history|size) \| (.+?) \|", text, re.M)
    assert sorted(told) == sorted(check.name for check in CHECKS)


def test_every_check_says_what_must_be_true() -> None:
    """A name is a sentence, a claim is another one."""
    assert [check.name for check in CHECKS if not check.claim.endswith(".")] == []
    assert len({check.name for check in CHECKS}) == len(CHECKS)
