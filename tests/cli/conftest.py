"""The folder that tests of commands share."""

import re
from pathlib import Path

import pytest
from typed import ROOT


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped configuration, whose clock runs as on the wall."""
    folder = tmp_path_factory.mktemp("demo")
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = re.sub(r"^speed = \d+", "speed = 1", text, flags=re.M)
    text = text.replace('file = "rules/', f'file = "{ROOT}/rules/')
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return folder
