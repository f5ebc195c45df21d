"""Typed here: a command in this process, which saves the seconds that imports take in a new one."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.cli.main import main


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Person:
    """Somebody who types commands in a folder."""

    folder: Path
    typing: pytest.MonkeyPatch
    printed: pytest.CaptureFixture[str]

    def gebot(self, *arguments: str) -> Said:
        self.typing.chdir(self.folder)
        self.typing.setattr(sys, "argv", ["gebot", *arguments])
        self.printed.readouterr()
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        told = self.printed.readouterr()
        return Said(status, told.out, told.err)
