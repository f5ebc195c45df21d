"""Visiting: a page over a ledger of its own, and browsers that sign in to it, without a network."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from agent.domain.person import Person
from agent.office import open_office
from agent.web import passwords
from agent.web.app import Page, create_app
from agent.web.reception import Reception

ROOT = Path(__file__).parents[2]
ADDRESS = "http://127.0.0.1:8750"
PASSWORD = "four words of sample"

_HASH = passwords.hashed(PASSWORD)


@dataclass
class HandClock:
    """Real time, as a test sets it."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    def pass_(self, span: timedelta) -> None:
        self.at += span


@dataclass
class Browser:
    """Keeps cookies and follows no redirect; says where it comes from, as browsers do."""

    app: Page
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    headers: dict[str, str] = field(
        default_factory=lambda: {"origin": ADDRESS, "sec-fetch-site": "same-origin"}
    )

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.send("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.send("POST", path, **options)

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._send(method, path, options))

    async def _send(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {**self.headers, **options.pop("headers", {})}
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=self.cookies) as client:
            answer = await client.request(method, path, headers=headers, **options)
            self.cookies = client.cookies
            return answer


@dataclass(frozen=True)
class House:
    """A page, and the clock that its sessions go by."""

    app: Page
    clock: HandClock
    folder: Path

    @property
    def reception(self) -> Reception:
        found = self.app.state.reception
        assert isinstance(found, Reception)
        return found

    def browser(self) -> "Browser":
        """Nobody is signed in by it."""
        return Browser(self.app)

    def add(self, name: str) -> Person:
        """Let somebody in, with the password that all have here."""
        person = Person(name, _HASH, self.clock.now()).sealed(self.reception.seal)
        self.reception.people.keep(person)
        return person

    def signed_in(self, name: str = "anna") -> Browser:
        """A browser with somebody at it."""
        if self.reception.people.person(name) is None:
            self.add(name)
        browser = self.browser()
        answer = sign_in(browser, name)
        assert answer.status_code == 303, answer.text
        return browser


def sign_in(browser: Browser, name: str, password: str = PASSWORD, to: str = "/") -> httpx.Response:
    """Send the form."""
    return browser.post("/sign-in", data={"name": name, "password": password, "to": to})


def csrf(browser: Browser, path: str = "/") -> str:
    """The token of the forms that this browser gets."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', browser.get(path).text)
    assert found is not None
    return found[1]


@contextmanager
def house(folder: Path, approval: str = "", web: str = "") -> Iterator[House]:
    """The shipped configuration on a clock as on the wall, with a ledger in this folder.

    Args:
        approval: More lines of [approval].
        web: The lines of [web].
    """
    write_config(folder, approval, web)
    clock = HandClock()
    app = create_app(lambda: open_office(folder / "config.toml"), clock=clock)
    yield House(app, clock, folder)
    app.state.reception.close()


def write_config(folder: Path, approval: str = "", web: str = "") -> None:
    """The shipped config.toml, its simulated account small and its clock as on the wall."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = re.sub(r"^speed = \d+", "speed = 1", text, flags=re.M)
    text = re.sub(r"^campaigns = \d+", "campaigns = 4", text, flags=re.M)
    text = text.replace('file = "rules/', f'file = "{ROOT}/rules/')
    text = re.sub(r"^approvers = .*$", approval or "approvers = []", text, flags=re.M)
    text = re.sub(r"^\[web\]\n(?:.+\n)*", f"[web]\n{web}\n", text, flags=re.M)
    (folder / "config.toml").write_text(text, encoding="utf-8")
