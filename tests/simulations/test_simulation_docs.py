"""docs/simulation.md is about the simulation that there is."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

from simulations.depth import FLAT, Depth
from simulations.simulated.connect import Options
from simulations.worlds import WORLDS

PAGE = (Path(__file__).parents[2] / "docs" / "simulation.md").read_text()


def test_every_world_has_a_row() -> None:
    table = PAGE[PAGE.index("## Worlds") : PAGE.index("## The yardstick")]

    named = {
        name for row in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)
    }

    assert named == set(WORLDS)


def test_the_examples_of_options_are_right() -> None:
    """The second shows what is off unless asked for, all of it."""
    account, depth = (tomllib.loads(example) for example in re.findall(r"```toml\n(.*?)```", PAGE, re.S))

    options = Options.model_validate(account["account"]["options"])
    deep = Options.model_validate(depth)

    assert options.shared_budgets == 1
    assert deep.depth != FLAT
    assert set(depth) >= {field.name for field in fields(Depth)} - {"lifetime_days"}
