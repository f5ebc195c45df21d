"""Code: a digest of everything that shapes a backtest, so that results of other code are not mixed in."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_HOME = Path(__file__).parents[2]
_PARTS = ("agent", "rules", "strategies", "simulations")
_LIBRARIES = ("numpy", "polars", "scipy")


@cache
def code_digest() -> str:
    """SHA-256 over the sources, as hex; the same on every machine that has the same code and libraries."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for file in sorted(file for part in _PARTS for file in (_HOME / part).rglob("*.py")):
        digest.update(f"{file.relative_to(_HOME).as_posix()}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
