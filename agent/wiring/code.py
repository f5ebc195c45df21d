"""Code: which gebot decided, so that a plan that comes out otherwise can say why."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_HOME = Path(__file__).parents[2]
_DECIDES = (
    *("agent/domain", "agent/guardrails", "agent/ledger", "agent/steps", "agent/cycle.py"),
    *("agent/wiring/parts.py", "rules", "strategies"),
)
_LIBRARIES = ("numpy", "polars", "scipy")


@cache
def code_version() -> str:
    """The version of gebot, and a digest of all that decides: "1.2.0-3f9a…", the same on every machine.

    Of the sources from data to plan, and of the versions of the libraries that they reckon with.
    Read once: what runs is what was there when it was started.
    """
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for file in sorted(file for part in _DECIDES for file in _sources(_HOME / part)):
        digest.update(f"{file.relative_to(_HOME).as_posix()}\n".encode())
        digest.update(file.read_bytes())
    return f"{version('gebot')}-{digest.hexdigest()[:16]}"


def _sources(place: Path) -> list[Path]:
    return [place] if place.is_file() else list(place.rglob("*.py"))
