"""A small sweep for tests, and how it is put on disk beside its configuration."""

from pathlib import Path

import sample_config

from simulations.sweep.configurations import Configuration, configurations
from simulations.sweep.file import read
from simulations.sweep.jobs import Job, jobs

RULES = Path(__file__).parents[2] / "rules" / "library" / "budgets.toml"

TEXT = """
seeds = 2
days = 15
campaigns = 3

[strategy.thompson]
draws = [1, 5]
"""


def write(folder: Path, text: str = TEXT, config: str = sample_config.TEXT) -> Path:
    """Write both files, and the rules that the configuration names."""
    sample_config.write(folder, config)
    (folder / "care.toml").write_text(RULES.read_text(encoding="utf-8"), encoding="utf-8")
    path = folder / "sweep.toml"
    path.write_text(text, encoding="utf-8")
    return path


def chosen(path: Path) -> list[Configuration]:
    return configurations(read(path), path)


def work(path: Path) -> list[Job]:
    return jobs(read(path), chosen(path))
