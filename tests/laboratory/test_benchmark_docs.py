"""docs/benchmarks.md is about the benchmark that there is."""

import re
from pathlib import Path

from simulations.laboratory.bids.policies import POLICIES as BID_POLICIES
from simulations.laboratory.bids.worlds import WORLDS as BID_WORLDS
from simulations.laboratory.budgets.policies import POLICIES

PAGE = (Path(__file__).parents[2] / "docs" / "benchmarks.md").read_text(encoding="utf-8")


def test_every_policy_is_described() -> None:
    table = PAGE[PAGE.index("## The policies") : PAGE.index("## Results")]

    named = {
        name for row in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)
    }

    assert named | {"thompson_budget"} == set(POLICIES)


def test_every_bidder_and_its_worlds_are_described() -> None:
    section = PAGE[PAGE.index("## Track B: bids") : PAGE.index("## Track C")]

    named = set(re.findall(r"^\| `(\w+)` \|", section, re.M))

    assert named | {"thompson_bid"} == {*BID_POLICIES, *BID_WORLDS}
