"""Requests that are forged, malformed or huge, and text that would be a script: nothing comes of them."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from visiting import ADDRESS, House, csrf, sign_in

from agent.domain.errors import LedgerError
from agent.web.headers import HEADERS
from agent.web.routes import today

FOREIGN = "https://evil.example"


def is_stopped(demo: House) -> bool:
    return bool(demo.reception.office.memory.halts())


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_a_form_without_the_token_of_its_session_does_nothing(demo: House, token: str | None) -> None:
    """Forged on another page, it cannot know the token."""
    browser = demo.signed_in("anna")

    answer = browser.post("/stop", data={} if token is None else {"csrf": token})

    assert answer.status_code == 403 and not is_stopped(demo)


def test_the_token_of_another_session_does_nothing(demo: House) -> None:
    """Not even of one of the same person."""
    mine, hers = demo.signed_in("anna"), demo.signed_in("anna")

    answer = mine.post("/stop", data={"csrf": csrf(hers)})

    assert answer.status_code == 403 and not is_stopped(demo)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": FOREIGN, "sec-fetch-site": "cross-site"},
        {"origin": FOREIGN, "sec-fetch-site": "same-origin"},
        {"origin": ADDRESS, "sec-fetch-site": "cross-site"},
        {"origin": ADDRESS, "sec-fetch-site": "same-site"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": f"{ADDRESS}.evil.example"},
        {"sec-fetch-site": "none"},
        {},
    ],
)
def test_a_write_from_elsewhere_does_nothing(demo: House, headers: dict[str, str]) -> None:
    """With a right cookie and a right token, too."""
    browser = demo.signed_in("anna")
    token = csrf(browser)
    browser.headers = headers

    answer = browser.post("/stop", data={"csrf": token})

    assert answer.status_code == 403 and not is_stopped(demo)
    assert sign_in(browser, "anna").status_code == 403  # nor is anybody signed in from there


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:8751", "", "127.0.0.1:8750.evil.example"]
)
def test_a_strange_host_is_shown_nothing(demo: House, host: str) -> None:
    """Its name was made to point here (DNS rebinding)."""
    answer = demo.signed_in("anna").get("/", headers={"host": host})

    assert answer.status_code == 421 and "Sign out" not in answer.text


@pytest.mark.parametrize("path", ["/stop", "/sign-in", "/api/v1/stop"])
def test_a_huge_body_is_refused(demo: House, path: str) -> None:
    """Whether its length is told or not."""
    browser = demo.signed_in("anna")

    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b"because=" + b"x" * 50_000

    form = {"content-type": "application/x-www-form-urlencoded", "x-csrf-token": csrf(browser)}
    told = browser.post(path, content=b"because=" + b"x" * 2_000_000, headers=form)
    lied = browser.post(
        path, content=b"because=x", headers={**form, "content-length": "99999999999999999999"}
    )
    untold = browser.send("POST", path, content=endless(chunks()), headers=form)

    assert (told.status_code, lied.status_code, untold.status_code) == (413, 413, 413)
    assert not is_stopped(demo)


KINDS = (
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
    "ü",
)


class endless(httpx.AsyncByteStream):  # noqa: N801  # reads as a word
    """A body whose length is not told."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["/stop", "/sign-in", "/api/v1/stop", "/api/v1/resume", "/sign-out"])
def test_a_malformed_body_is_no_fault_of_ours(demo: House, path: str, kind: str) -> None:
    """Bytes that are no form, no JSON and no UTF-8."""
    browser = demo.signed_in("anna")
    headers = {"content-type": kind.encode("latin-1"), "x-csrf-token": csrf(browser)}

    answer = browser.post(path, content=b'\xff\xfe{"because": [[[[\x00&&=%zz', headers=headers)

    assert answer.status_code < 500 and "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/", "/sign-in", "/nowhere", "/static/page.css", "/health", "/api/v1/me", "/api/openapi.json", "/stop",
     "/static/..%2f..%2fgate.py", "/?x=" + "y" * 9000],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_every_answer_bears_the_headers(demo: House, method: str, path: str) -> None:
    """Those of errors too."""
    answer = demo.browser().send(method, path)

    assert HEADERS.items() <= dict(answer.headers).items()
    assert answer.headers["cache-control"] == "no-store"


def test_a_fault_of_ours_shows_nothing_of_the_inside(demo: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in the log; the page says where to look. Its headers are there all the same."""
    browser = demo.signed_in("anna")

    def broken(*_: object) -> None:
        raise ZeroDivisionError("the secret inside")

    monkeypatch.setattr(today, "today_view", broken)
    answer = browser.get("/")

    assert answer.status_code == 500 and HEADERS.items() <= dict(answer.headers).items()
    assert "secret inside" not in answer.text and "Traceback" not in answer.text
    assert "ZeroDivisionError" in (demo.folder / "var" / "gebot.log.jsonl").read_text()


def test_a_ledger_that_does_not_answer_is_told(demo: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the way to stop everything without it."""
    browser = demo.signed_in("anna")

    def locked(*_: object) -> None:
        raise LedgerError("ledger sqlite: locked")

    monkeypatch.setattr(today, "today_view", locked)
    answer = browser.get("/")

    assert answer.status_code == 503 and "gebot halt" in answer.text


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "\n/"]
)
def test_signing_in_leads_nowhere_else(demo: House, to: str) -> None:
    """A link that somebody sent must not lead away from the page."""
    demo.add("anna")

    answer = sign_in(demo.browser(), "anna", to=to)

    assert answer.headers["location"] == "/"


def test_a_link_in_a_mail_opens_the_page_for_who_is_signed_in(demo: House) -> None:
    """The browser sends no cookie along from there; from our own page it does."""
    stranger = demo.browser()

    answer = stranger.get("/settings?x=1&y=2", headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 200 and "url=/settings?x=1&amp;y=2" in answer.text


SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_a_script_in_a_name_or_a_reason_stays_text(demo: House) -> None:
    """Whoever names campaigns, accounts or people writes nothing into the page."""
    browser = demo.signed_in(SCRIPT)
    browser.post("/stop", data={"csrf": csrf(browser), "because": SCRIPT})

    for path in ("/", "/resume", "/settings", "/sign-in?to=" + "/%22%3E%3Cscript%3E"):
        text = browser.get(path).text

        assert "<script>alert" not in text and "<img src=x" not in text and '"><script>' not in text
    assert "&lt;script&gt;alert(1)" in browser.get("/").text
