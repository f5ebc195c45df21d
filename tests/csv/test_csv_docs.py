"""docs/csv.md names every option and every column, and its config can be read."""

import re
import tomllib
from pathlib import Path

import pytest

from adapters.csv.columns import ALIASES, Column
from adapters.csv.connect import Options, connect, fixed_now
from agent.clock import SteppedClock

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "csv.md").read_text()


@pytest.mark.parametrize("key", [*Options.model_fields, *Column])
def test_each_option_and_column_stands_in_the_docs(key: str) -> None:
    """Whoever reads a fault finds the key."""
    assert f"`{key}`" in PAGE


def test_each_common_header_stands_in_the_docs() -> None:
    """But for the names of an API's fields."""

    def plain(text: str) -> str:
        return re.sub(r"[\W_]", "", text).casefold()

    headers = {name for names in ALIASES.values() for name in names if not re.search(r"\w\.\w", name)}
    rows = plain(PAGE)

    assert [name for name in headers if plain(name) not in rows] == []


def test_the_config_in_the_docs_reads_the_example() -> None:
    """A reader copies it."""
    block = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    (account,) = tomllib.loads(block[1])["account"]

    options = Options.model_validate(account["options"])
    now = fixed_now(options, ROOT)

    assert now is not None
    reader = connect(account["id"], options, credentials={}, clock=SteppedClock(now), home=ROOT)
    assert len(reader.entities()) == 6
