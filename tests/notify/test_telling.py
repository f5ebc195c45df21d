"""People are told beside the daemon, and by hand."""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hearing import Ear

from agent.cli.main import main
from agent.cli.run import daemon_of
from agent.daemon.standing import standing_of, who_leads
from agent.daemon.telling import Telling
from agent.office import Office, open_office

ROOT = Path(__file__).parents[2]

CHANNEL = """
[[notify]]
name = "team"
url = "file:team.url"
"""


def until(happened: Callable[[], object]) -> None:
    """Wait for what comes for sure; a slow machine may take long over it."""
    for _ in range(600):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("did not happen within 30 s")


@pytest.fixture
def config(tmp_path: Path, ear: Ear) -> Path:
    """The shipped configuration with a channel."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = re.sub(r"^speed = \d+", "speed = 1", text, flags=re.M)
    text = re.sub(r"^campaigns = \d+", "campaigns = 4", text, flags=re.M)
    text = text.replace('file = "rules/', f'file = "{ROOT}/rules/')
    path = tmp_path / "config.toml"
    path.write_text(text + CHANNEL, encoding="utf-8")
    url = tmp_path / "team.url"
    url.write_text(ear.address, encoding="utf-8")
    url.chmod(0o600)
    return path


def halted(config: Path) -> Office:
    """An agent that was round once, and was then stopped."""
    office = open_office(config)
    daemon_of(office, None, 1.0).tick()
    (config.parent / "var" / "STOP").write_text("to see who hears of it", encoding="utf-8")
    return office


def test_a_tick_does_not_wait_for_a_chat_server_that_hangs(config: Path, ear: Ear) -> None:
    """The server holds its answer back until the tick is over: had the tick waited, it would never end."""
    office = halted(config)
    ear.release.clear()

    with Telling(office, every_s=0.05):
        until(lambda: ear.heard)
        daemon_of(office, None, 1.0).tick()
        lived = not ear.release.is_set()

    assert lived
    assert "to see who hears of it" in ear.heard[0]["message"]
    office.memory.close()


def test_status_tells_what_could_not_be_told(config: Path, ear: Ear) -> None:
    """A person who looks sees that nobody heard."""
    office = halted(config)
    ear.status = 500

    with Telling(office, every_s=0.05):
        until(lambda: any("has not reached" in one for one in _notices(office)))

    assert any("'team' yet: it answered with HTTP status 500" in one for one in _notices(office))
    office.memory.close()


def _notices(office: Office) -> list[str]:
    return [line for one in standing_of(office, who_leads(office)) for line in one["notices"]]


def test_the_commands_tell(
    config: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trial says what came back; telling by hand tells once."""

    def gebot(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["gebot", "notify", *words, "--config", str(config)])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        told = capsys.readouterr()
        return f"{status}: {told.out}{told.err}"

    halted(config).memory.close()
    capsys.readouterr()
    trial, first, second = gebot("test"), gebot("send"), gebot("send")
    ear.status = 403
    refused, unknown = gebot("test", "team"), gebot("test", "tame")

    assert trial == "0: team: took the message\n"
    assert first.endswith("1 message told\n")
    assert second.endswith("0 messages told\n")
    assert refused == "1: team: it answered with HTTP status 403\n"
    assert unknown.startswith("2: ")
    assert ear.titles[0] == "gebot: a test of this channel"
    assert len(ear.heard) == 3
