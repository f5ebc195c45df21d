"""docs/try-it.md keeps its word: every command on it runs, in its order, and does what it says."""

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typed import ROOT

from agent.cli.main import main

PAGE = (ROOT / "docs" / "try-it.md").read_text(encoding="utf-8")
DATA = re.compile(r"-d '([^']*)'")


@dataclass
class Reader:
    """Somebody who works through the page: types its commands, saves its files."""

    folder: Path
    ports: dict[str, str]
    typing: pytest.MonkeyPatch
    printed: pytest.CaptureFixture[str]
    plan: str = ""
    status: int = 0

    def block(self, section: int, kind: str) -> list[str]:
        """The lines of a section's code blocks of one kind, on ports that are free here."""
        text = PAGE.split("\n## ")[section]
        for port, free in self.ports.items():
            text = text.replace(port, free)
        return [
            line for found in re.findall(rf"```{kind}\n(.*?)```", text, re.S) for line in found.splitlines()
        ]

    def type(self, line: str) -> str:
        """What a command printed; run in this process, which saves half a minute of imports."""
        if line.startswith("curl "):
            return self._curl(line)
        self.typing.setattr(sys, "argv", shlex.split(line.replace("PLAN", self.plan)))
        self.status = 0
        try:
            main()
        except SystemExit as end:
            self.status = int(end.code or 0)
        told = self.printed.readouterr()
        return told.out + told.err

    def _curl(self, line: str) -> str:
        data = DATA.search(line)
        body = data[1].encode() if data else None
        method = "DELETE" if "-X DELETE" in line else None
        request = urllib.request.Request(line.rsplit(maxsplit=1)[-1], data=body, method=method)
        with urllib.request.urlopen(request, timeout=30) as reply:
            return str(reply.read().decode())


@pytest.fixture
def reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Reader]:
    """In an empty folder, with the sandbox of section 1 in the other terminal."""
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path, {"50443": _free_port(), "50444": _free_port()}, monkeypatch, capsys)
    (line,) = reader.block(1, "sh")
    with (tmp_path / "sandbox.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "agent.cli.main", *line.split()[1:]], cwd=tmp_path, stdout=log, stderr=log
        )
    end = time.monotonic() + 60
    while "READY" not in (tmp_path / "sandbox.log").read_text() and time.monotonic() < end:
        time.sleep(0.1)
    yield reader
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)


@pytest.mark.timeout(400)
def test_the_page_can_be_worked_through(reader: Reader) -> None:
    """From the first rule to the last fault; each step shows what the text around it promises."""
    (reader.folder / "mine.toml").write_text("\n".join(reader.block(2, "toml")), encoding="utf-8")
    for line in reader.block(2, "sh"):
        reader.type(line)
        assert reader.status == 0
    for line in reader.block(3, "sh"):
        told = reader.type(line)
        assert reader.status == 0, told
    assert "reads only" in told
    save, *rest = reader.block(4, "sh")
    reader.type(save)
    reader.plan = json.loads(reader.type("gebot review --json"))[0]["plan"]
    for line in rest:
        told = reader.type(line)
        assert reader.status == 0, told
    assert [one["result"] for one in json.loads(told)] == ["committed"]
    assert any("mine/" in row["source"] for row in json.loads(reader.type("gebot review PLAN --json")))
    for line in reader.block(5, "sh"):
        told = reader.type(line)
        assert reader.status == 0, told
    assert "shop, 2026-11-22 (EUR, UTC)" in told and "yesterday" in told
    for line in reader.block(6, "sh"):
        told = reader.type(line)
        if line == "gebot check":
            assert reader.status == 2 and "wait" in told


def test_every_row_of_what_goes_wrong_names_a_state_or_a_command() -> None:
    """The words in the table are those that gebot uses."""
    table = PAGE.split("\n## ")[6]

    assert all(word in table for word in ("`conflict`", "`unknown`", "`gebot status`", "`gebot check`"))


def _free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])
