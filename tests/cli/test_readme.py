"""The README keeps its word: every command is there, and every link leads somewhere."""

import re
from pathlib import Path

import pytest

from agent.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_names_every_command(command: str) -> None:
    """Nobody has to read the code to find one."""
    assert re.search(rf"`gebot {command}\b", (ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_leads_to_a_file(page: Path) -> None:
    """Links inside the documentation."""
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_makefile_has_the_two_commands() -> None:
    """What the README opens with."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert all(re.search(rf"^{target}:", makefile, re.M) for target in ("run", "test", "setup", "bench"))
