"""Origin: which code made a report, and on what."""

import platform
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np


def origin(today: date) -> list[tuple[str, str]]:
    """Facts for the head of a page: day, version or commit, and what it ran on."""
    commit = _commit(Path(__file__).parents[2])
    made_by = f"gebot {version('gebot')}" + (f", commit {commit}" if commit else "")
    return [
        ("made on", today.isoformat()),
        ("by", made_by),
        ("with", f"Python {platform.python_version()}, numpy {np.__version__}"),
    ]


def _commit(home: Path) -> str:
    """The commit of a checkout, "+" where files were changed since; "" where there is none."""
    if not (home / ".git").exists():
        return ""
    hash_ = _git(home, "rev-parse", "--short", "HEAD")
    return f"{hash_}+" if hash_ and _git(home, "status", "--porcelain", "--untracked-files=no") else hash_


def _git(home: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603  # fixed words, no shell
            ["git", "-C", str(home), *arguments],  # noqa: S607  # whichever git the person uses
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
