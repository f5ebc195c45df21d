"""Typed: a command in its own process, as a person types it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def gebot(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agent.cli.main", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
