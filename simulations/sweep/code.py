"""Code: a digest of everything that shapes a backtest, so that results of other code are not mixed in."""

import hashlib
from functools import cache
from pathlib import Path

_HOME = Path(__file__).parents[2]
_PARTS = (
    *("agent/clock.py", "agent/config", "agent/cycle.py", "agent/domain", "agent/guardrails"),
    *("agent/ledger/memory", "agent/steps", "agent/wiring", "rules", "strategies"),
    *("simulations/simulated", "simulations/*.py"),
)


@cache
def code_digest() -> str:
    """SHA-256 over the sources, as hex; the same on every machine that has the same code."""
    digest = hashlib.sha256()
    for file in sorted({file for part in _PARTS for file in _sources(part)}):
        digest.update(f"{file.relative_to(_HOME).as_posix()}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources(part: str) -> list[Path]:
    if "*" in part:
        return list(_HOME.glob(part))
    path = _HOME / part
    return list(path.rglob("*.py")) if path.is_dir() else [path]
