"""Control: a second port, on loopback only, for those who run the sandbox.

GET    /clock        the time and how fast it runs: {"time": "...", "speed": 1.0}
POST   /clock        move the clock forward: {"advance_s": 86400}
GET    /state        the time, budgets and campaigns as they stand, faults that are on
GET    /journal      every mutation that reached the sandbox, oldest first
GET    /requests     the latest calls, oldest first
GET    /violations   limits of the platform that a client has broken, oldest first
POST   /faults       switch a fault on: {"kind": "after_commit", "on": "mutate", "times": 1}
DELETE /faults       switch all faults off
POST   /edit         edit as somebody else: {"campaign": "200...", "budget": "25.00 EUR", "user": "a@b.c"}

All but the clock also with the platform's name in front: /google_ads/journal. Where several
platforms are served, only so.
"""

import json
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.domain.errors import Mistake
from simulations.sandbox.shared.clock import SandboxClock
from simulations.sandbox.shared.edit import Edit
from simulations.sandbox.shared.faults import Fault
from simulations.sandbox.shared.served import Served

Routes: TypeAlias = dict[tuple[str, str], Callable[[bytes], object]]
"""What answers to a method and a path, given the body."""

_LONGEST_BODY = 1_000_000


class Advance(BaseModel):
    """How far to move the clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    advance_s: float


def routes_of(clock: SandboxClock, served: Sequence[Served]) -> Routes:
    """Everything that the control port of these platforms can do."""
    routes: Routes = {
        ("GET", "/clock"): lambda _: {"time": clock.now().isoformat(), "speed": clock.speed},
        ("POST", "/clock"): lambda body: _advance(clock, body),
    }
    for each in served:
        routes |= _routes_of_one(each, f"/{each.name}")
    if len(served) == 1:
        routes |= _routes_of_one(served[0], "")
    return routes


def start(routes: Routes, port: int) -> ThreadingHTTPServer:
    """Listen on loopback in a thread of its own; port 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """
    listening = type("Handler", (_Handler,), {"routes": routes})
    server = ThreadingHTTPServer(("127.0.0.1", port), listening)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), name="control", daemon=True).start()
    return server


def _routes_of_one(served: Served, prefix: str) -> Routes:
    return {
        ("GET", f"{prefix}/state"): lambda _: served.state(),
        ("GET", f"{prefix}/journal"): lambda _: served.mutations(),
        ("GET", f"{prefix}/requests"): lambda _: served.requests(),
        ("GET", f"{prefix}/violations"): lambda _: served.broken(),
        ("POST", f"{prefix}/faults"): lambda body: _arm(served, body),
        ("DELETE", f"{prefix}/faults"): lambda _: served.faults.clear(),
        ("POST", f"{prefix}/edit"): lambda body: _edit(served, body),
    }


def _advance(clock: SandboxClock, body: bytes) -> object:
    clock.advance(timedelta(seconds=Advance.model_validate_json(body).advance_s))
    return {"time": clock.now().isoformat()}


def _arm(served: Served, body: bytes) -> object:
    fault = Fault.model_validate_json(body)
    served.faults.arm(fault)
    return fault.model_dump(mode="json")


def _edit(served: Served, body: bytes) -> object:
    edit = Edit.model_validate_json(body)
    served.edit(edit)
    return edit.model_dump(mode="json")


class _Handler(BaseHTTPRequestHandler):
    """JSON in, JSON out."""

    routes: Routes

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_DELETE = do_GET  # noqa: N815  # as above

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the sandbox's standard output is for READY."""

    def _answer(self) -> None:
        route = self.routes.get((self.command, self.path))
        length = int(self.headers.get("Content-Length") or 0)
        if route is None:
            self._reply(HTTPStatus.NOT_FOUND, {"error": f"there is no {self.command} {self.path}"})
        elif length > _LONGEST_BODY:
            self._reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "the body was too long"})
        else:
            try:
                self._reply(HTTPStatus.OK, route(self.rfile.read(length)))
            except (Mistake, ValidationError) as error:
                self._reply(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": str(error)})

    def _reply(self, status: HTTPStatus, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
