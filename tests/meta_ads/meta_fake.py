"""A fake of Meta's server: answers by method and path as it is told, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Reply:
    """One answer; `body` None: the connection breaks off without one."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request; `params` of the address and of the form together."""

    method: str
    path: str
    params: Mapping[str, str]

    def json(self, name: str) -> Any:
        return json.loads(self.params[name])


Answer = Callable[[Asked], Reply]


class FakeMeta(ThreadingHTTPServer):
    """Answers `{"data": []}` to what nobody told it about."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self._answers: dict[tuple[str, str], list[Answer]] = {}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that did not wait."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def on(self, method: str, path: str, *answers: Answer | Reply | dict[str, Any] | list[Any]) -> None:
        """Answer one after the other; the last one stays."""
        self._answers[method, path] = [_answer(answer) for answer in answers]

    def told(self, method: str, path: str) -> list[Asked]:
        return [asked for asked in self.asked if (asked.method, asked.path) == (method, path)]

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        answers = self._answers.get((asked.method, asked.path))
        if not answers:
            return Reply({"data": []})
        return (answers.pop(0) if len(answers) > 1 else answers[0])(asked)


class _Handler(BaseHTTPRequestHandler):
    server: FakeMeta

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _answer(self, form: str) -> None:
        address = urlsplit(self.path)
        params = dict(parse_qsl(address.query) + parse_qsl(form))
        path = address.path.removeprefix("/v26.0").strip("/")
        reply = self.server.reply(Asked(self.command, path, params))
        if reply.body is None:
            self.close_connection = True
            return
        body = reply.body.encode() if isinstance(reply.body, str) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def fake_meta() -> Iterator[FakeMeta]:
    server = FakeMeta()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def error(code: int, subcode: int | None = None, *, status: int = 400, **more: Any) -> Reply:
    """An error as Meta words it."""
    body = {"message": "Meta's own words", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    if subcode is not None:
        body["error_subcode"] = subcode
    return Reply({"error": body | more}, status)


def _answer(answer: Answer | Reply | dict[str, Any] | list[Any]) -> Answer:
    if callable(answer):
        return answer
    reply = answer if isinstance(answer, Reply) else Reply(answer)
    return lambda _: reply
