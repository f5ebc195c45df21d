"""Plant: a bug by name, the lines that make it, and the campaign that must find it."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
"""The folder that holds agent, simulations and the other packages."""
_HERE = Path(__file__).parent
_USUAL: Mapping[str, Any] = {"campaign": "random", "trials": 200, "first": 0}


@dataclass(frozen=True, slots=True)
class Patch:
    """A place in the code, which stands there once, and what is put in its stead."""

    file: str
    old: str
    new: str

    def check(self, root: Path) -> str:
        """What keeps it from being planted, "" when nothing does."""
        found = (root / self.file).read_text(encoding="utf-8").count(self.old)
        return "" if found == 1 else f"{self.file} holds {self.old.strip().splitlines()[0]!r} {found} times"

    def apply(self, root: Path) -> None:
        path = root / self.file
        path.write_text(path.read_text(encoding="utf-8").replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Plant:
    """One bug.

    Attributes:
        name: What gebot does wrong, in a sentence without a capital.
        campaign: Of chaos, that must find it, in so many trials at most.
        first: The seed of the first trial.
    """

    name: str
    campaign: str
    trials: int
    patches: tuple[Patch, ...]
    first: int = 0

    def check(self, root: Path = ROOT) -> list[str]:
        """What keeps it from being planted; empty when nothing does."""
        return [fault for patch in self.patches if (fault := patch.check(root))]


def plants() -> Sequence[Plant]:
    """All of them, in the order of their files and lines."""
    return [plant for path in sorted(_HERE.glob("*.toml")) for plant in _read(path)]


def _read(path: Path) -> Iterator[Plant]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for table in content["plant"]:
        patches = tuple(_patch(one) for one in table["patch"])
        campaign, trials, first = (table.get(key, usual) for key, usual in _USUAL.items())
        yield Plant(table["name"], campaign, trials, patches, first)


def _patch(table: Mapping[str, Any]) -> Patch:
    return Patch(table["file"], table["old"], table["new"])
