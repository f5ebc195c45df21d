"""Hearing: a web server on this machine that keeps what Apprise's json:// webhook sends it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from agent.config.notify import NotifySettings
from agent.domain.notice import Event, Letter, Notice
from agent.ledger.open import open_outbox
from agent.notify.courier import Courier
from agent.notify.message import Message
from agent.notify.sending import Sender
from agent.ports.outbox import Outbox

START = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@dataclass
class Wall:
    """Real time, as a test sets it."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Ear:
    """Attributes: status: what it answers with; release: set, before a hung answer comes."""

    address: str = ""
    status: int = 200
    heard: list[dict[str, Any]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def titles(self) -> list[str]:
        return [str(one["title"]) for one in self.heard]

    @property
    def keys(self) -> list[str]:
        return [str(one["message"]).rpartition("(")[2].rstrip(")") for one in self.heard]


@contextmanager
def listening() -> Iterator[Ear]:
    """Answers until the block ends."""
    ear = Ear()
    ear.release.set()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            ear.heard.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            ear.release.wait(20)
            try:
                self.send_response(ear.status)
                self.end_headers()
            except OSError:
                pass  # who asked is gone

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    ear.address = f"json://127.0.0.1:{server.server_address[1]}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield ear
    ear.release.set()
    server.shutdown()
    server.server_close()


@dataclass
class Post:
    """A courier over an outbox in a file, with a wall clock that the test moves."""

    folder: Path
    wall: Wall = field(default_factory=Wall)
    sender: Sender = field(default_factory=Sender)

    def __post_init__(self) -> None:
        self.outbox: Outbox = open_outbox(f"sqlite:///{self.folder}/ledger.db")

    def channel(self, name: str, address: str, **settings: object) -> NotifySettings:
        """Its address stands in a file."""
        path = self.folder / f"{name}.url"
        path.write_text(address, encoding="utf-8")
        path.chmod(0o600)
        return NotifySettings.model_validate({"name": name, "url": f"file:{path}", **settings})

    def courier(self, *channels: NotifySettings, link: str = "https://gebot.example.com") -> Courier:
        return Courier(channels, self.outbox, self.sender.send, self.wall, link)

    def untold(self) -> list[Letter]:
        return list(self.outbox.untold(self.wall.now() - timedelta(days=7)))


def notice(number: int = 1, event: Event = Event.HALTED, **facts: Any) -> Notice:
    return Notice(event, f"{event} {number}", START, "", f"notice {number}", **facts)


def taken(channel: str, url: SecretStr, message: Message) -> str:
    """A channel that takes everything, and keeps nothing."""
    return ""
