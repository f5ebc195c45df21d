"""docs/simulation.md is about the simulation that there is."""

import re
import tomllib
from pathlib import Path

from simulations.simulated.connect import Options
from simulations.worlds import WORLDS

PAGE = (Path(__file__).parents[2] / "docs" / "simulation.md").read_text()


def test_every_world_has_a_row() -> None:
    table = PAGE[PAGE.index("## Worlds") : PAGE.index("## The yardstick")]

    named = {
        name for row in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)
    }

    assert named == set(WORLDS)


def test_the_example_of_options_is_right() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.S)

    options = Options.model_validate(tomllib.loads(example)["account"]["options"])

    assert options.shared_budgets == 1
