"""Control: a second port, on loopback only, for those who run the sandbox.

GET    /state      the time, budgets and campaigns as they stand, faults that are on
GET    /journal    every mutation that reached the sandbox, oldest first
GET    /requests   the latest calls, oldest first
POST   /faults     switch a fault on: {"kind": "after_commit", "on": "mutate", "times": 1}
DELETE /faults     switch all faults off
POST   /edit       edit as somebody else: {"campaign": "200...", "budget": "25.00 EUR", "user": "a@b.c"}
POST   /clock      move the clock forward: {"advance_s": 86400}
"""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.domain.errors import Mistake
from agent.domain.lever import Status
from agent.domain.money import Money
from simulations.platform import Objection, Platform
from simulations.sandbox.shared.clock import SandboxClock
from simulations.sandbox.shared.faults import Fault, Faults
from simulations.sandbox.shared.journal import Journal

_LONGEST_BODY = 1_000_000


class Edit(BaseModel):
    """Somebody else's edit: a budget (named itself, or by its campaign) or a campaign's status."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    campaign: str | None = None
    campaign_budget: str | None = None
    budget: str | None = None
    status: Literal["enabled", "paused"] | None = None
    user: str = "somebody@sandbox.example"
    client: Literal["api", "web", "editor", "rule", "scripts"] = "web"


class Advance(BaseModel):
    """How far to move the clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    advance_s: float


class Control:
    """What the control port can do."""

    def __init__(self, platform: Platform, journal: Journal, faults: Faults, clock: SandboxClock) -> None:
        self._platform = platform
        self._journal = journal
        self._faults = faults
        self._clock = clock
        self.routes: dict[tuple[str, str], Callable[[bytes], object]] = {
            ("GET", "/state"): lambda _: self._state(),
            ("GET", "/journal"): lambda _: [asdict(mutation) for mutation in journal.mutations()],
            ("GET", "/requests"): lambda _: [asdict(request) for request in journal.requests()],
            ("POST", "/faults"): self._arm,
            ("DELETE", "/faults"): lambda _: self._faults.clear(),
            ("POST", "/edit"): self._edit,
            ("POST", "/clock"): self._advance,
        }

    def _state(self) -> object:
        platform = self._platform
        return {
            "time": platform.now().isoformat(),
            "customer": platform.account.id.account,
            "currency": platform.account.currency,
            "time_zone": platform.account.time_zone,
            "campaigns": [
                {
                    "id": campaign.id,
                    "name": campaign.name,
                    "status": str(platform.status(campaign.id)),
                    "campaign_budget": campaign.budget_id,
                    "locked": campaign.locked,
                }
                for campaign in platform.campaigns
            ],
            "campaign_budgets": [
                {
                    "id": budget.id,
                    "amount_micros": platform.budget_micros(budget.id),
                    "shared": budget.shared,
                    "campaigns": budget.campaign_ids,
                }
                for budget in platform.budgets
            ],
            "faults": [fault.model_dump(mode="json") for fault in self._faults.armed()],
        }

    def _arm(self, body: bytes) -> object:
        fault = Fault.model_validate_json(body)
        self._faults.arm(fault)
        return fault.model_dump(mode="json")

    def _advance(self, body: bytes) -> object:
        self._clock.advance(timedelta(seconds=Advance.model_validate_json(body).advance_s))
        return {"time": self._clock.now().isoformat()}

    def _edit(self, body: bytes) -> object:
        edit = Edit.model_validate_json(body)
        if (edit.campaign is None) == (edit.campaign_budget is None):
            raise Mistake("edit", "needs either campaign or campaign_budget")
        if (edit.budget is None) == (edit.status is None):
            raise Mistake("edit", "needs either budget or status")
        objection = self._set_budget(edit) if edit.budget is not None else self._set_status(edit)
        if objection is not None:
            raise Mistake("edit", objection.because)
        return edit.model_dump(mode="json")

    def _set_budget(self, edit: Edit) -> Objection | None:
        try:
            amount = Money.parse(edit.budget or "")
        except ValueError as error:
            raise Mistake("edit.budget", str(error)) from None
        if amount.currency != self._platform.account.currency:
            raise Mistake("edit.budget", f"was {amount}", f"{self._platform.account.currency} is right")
        campaign = self._platform.campaign(edit.campaign) if edit.campaign is not None else None
        if edit.campaign is not None and campaign is None:
            raise Mistake("edit.campaign", f"there is no campaign {edit.campaign}")
        budget_id = campaign.budget_id if campaign is not None else edit.campaign_budget or ""
        return self._platform.set_budget(budget_id, amount.micros, by=edit.user, client=edit.client)

    def _set_status(self, edit: Edit) -> Objection | None:
        if edit.campaign is None:
            raise Mistake("edit.status", "a budget has no status", "name a campaign")
        status = Status[(edit.status or "").upper()]
        return self._platform.set_status(edit.campaign, status, by=edit.user, client=edit.client)


def start(control: Control, port: int) -> ThreadingHTTPServer:
    """Listen on loopback in a thread of its own; port 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """

    class Handler(_Handler):
        routes = control.routes

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), name="control", daemon=True).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    """JSON in, JSON out."""

    routes: dict[tuple[str, str], Callable[[bytes], object]]

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
