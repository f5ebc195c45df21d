"""docs/sandbox.md names every limit, fault and violation, and its examples work."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from meta_sandbox import ACCOUNT_ID, START

from agent.clock import SteppedClock
from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.serve import Sandbox, open_sandbox
from simulations.sandbox.meta_ads.settings import settings_of
from simulations.sandbox.shared.faults import Calls, Fault, FaultKind

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/sandbox.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^curl (?:-d '(.*)' )?http://127\.0\.0\.1:8444(/\S+)$", PAGE, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """As `gebot sandbox meta-ads` opens it without options."""
    settings = settings_of(
        state=tmp_path_factory.mktemp("usual"),
        account_id=ACCOUNT_ID,
        account={"campaigns": 8, "seed": 1},
        faults=(),
        speed=0.0,
        start=START,
    )
    running = open_sandbox(settings, SteppedClock(START))
    yield running
    running.stop()


@pytest.mark.parametrize(("body", "path"), EXAMPLES)
def test_the_examples_work_on_a_sandbox_as_it_opens(usual: Sandbox, body: str, path: str) -> None:
    """Ids and all."""
    method = "POST" if body else "GET"

    answer = httpx.request(method, usual.control + path, content=body or None, trust_env=False)

    assert answer.status_code == 200, answer.text


def test_every_limit_stands_with_its_default() -> None:
    """And no other."""
    table = PAGE.split("## Meta's limits")[1].split("\n## ")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| `")]
    told = dict(
        pair
        for names, defaults, *_ in rows
        for pair in zip(re.findall(r"`(\w+)`", names), re.findall(r"`([^`]+)`|(none)", defaults), strict=True)
    )

    assert set(told) == set(Limits.model_fields)
    for name, (text, none) in told.items():
        assert none or Limits.model_validate({name: text}) == Limits()
        assert bool(none) == (Limits.model_fields[name].default is None)


def test_every_fault_and_every_key_of_one_stands() -> None:
    """And each kind of call."""
    words = set(re.findall(r"`(\w+)`", PAGE.split("## Faults")[1].split("\n## ")[0]))

    assert {*FaultKind, *Calls, *Fault.model_fields} - {"kind"} <= words


def test_every_violation_stands() -> None:
    """As the sources write them down."""
    sources = "\n".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "simulations/sandbox").rglob("*.py")
    )
    words = set(re.findall(r"`(\w+)`", PAGE.split("## Violations")[1].split("\n## ")[0]))

    assert set(re.findall(r'violation="(\w+)"', sources)) <= words
    assert set(re.findall(r'note_violation\(\s*(?:turn, )?"(\w+)"', sources)) <= words
