"""The JSON API: the same data and the same acts as the pages. Moments are ISO 8601 in UTC."""

from typing import Any

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from agent.report.rows import plain
from agent.web.gate import Everybody, Reader, Resumer, SignedIn, Stopper
from agent.web.pages import stopped
from agent.web.reception import reception_of

DESCRIPTION = (
    "What the pages of gebot show, and the same acts. Reads take a bearer token (`gebot user token NAME`) or "
    "the cookie of somebody who is signed in. Writes take the cookie, the header `X-CSRF-Token` with the "
    "token that /api/v1/me tells, and the header `Origin` of the page itself."
)

router = APIRouter(prefix="/api", tags=["gebot"])

_log = structlog.get_logger()


class Problem(BaseModel):
    """Why a request was not answered."""

    error: str
    details: list[str]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem} for code in (400, 401, 403, 404, 405, 413, 414, 421, 422, 503)
}
"""What any route may answer instead."""


class Me(BaseModel):
    """Who is signed in; `csrf` goes into the header X-CSRF-Token of each write."""

    name: str
    role: str | None
    may: list[str]
    csrf: str


class Stopped(BaseModel):
    """Why nothing is sent at all, "" when something may be; who could not be told."""

    stopped: str
    untold: list[str] = []


class StopWish(BaseModel):
    """What to stop; without an account everything."""

    because: str = Field(default="no reason given", max_length=500)
    account: str = Field(default="", max_length=200)


class ResumeWish(BaseModel):
    """What may be changed again; without an account everything."""

    account: str = Field(default="", max_length=200)


class AccountHealth(BaseModel):
    """How one account is: as `gebot status --json`, but for the calibration; None where it never happened."""

    account: str
    name: str
    healthy: bool
    problems: list[str]
    notices: list[str]
    agent_runs: bool
    led_by: str | None
    last_observed: str | None
    last_decided: str | None
    next_decision: str | None
    paused_until: str | None
    open_plans: int
    waiting_changes: int
    unknown_changes: int


@router.get("/v1/me", responses=PROBLEMS)
def me(visitor: SignedIn) -> Me:
    """Who is signed in, and what they may do."""
    role = None if visitor.role is None else visitor.role.value
    return Me(name=visitor.name, role=role, may=sorted(act.value for act in visitor.may), csrf=visitor.csrf)


@router.get("/v1/status", responses=PROBLEMS)
def status(request: Request, visitor: Reader) -> list[AccountHealth]:
    """How each account is."""
    return [AccountHealth.model_validate(one) for one in reception_of(request).standing()]


@router.get("/v1/stop", responses=PROBLEMS)
def is_stopped(request: Request, visitor: Reader) -> Stopped:
    """Whether everything is stopped."""
    return Stopped(stopped=stopped(reception_of(request)))


@router.post("/v1/stop", responses=PROBLEMS)
def stop(request: Request, visitor: Stopper, wish: StopWish) -> Stopped:
    """Stop everything or one account, as `gebot halt` does."""
    reception = reception_of(request)
    untold, why = list[str](), plain(wish.because)
    if wish.account:
        reception.stopping.halt_account(wish.account, visitor.name, why)
    else:
        untold = reception.stopping.halt(visitor.name, why)
    _log.warning("stop.by_page", person=visitor.name, account=wish.account or "everything")
    return Stopped(stopped=stopped(reception), untold=untold)


@router.post("/v1/resume", responses=PROBLEMS)
def resume(request: Request, visitor: Resumer, wish: ResumeWish) -> Stopped:
    """Allow changes again, as `gebot resume` does."""
    reception = reception_of(request)
    if wish.account:
        reception.stopping.resume_account(wish.account, visitor.name)
    else:
        reception.stopping.resume(visitor.name)
    _log.warning("resume.by_page", person=visitor.name, account=wish.account or "everything")
    return Stopped(stopped=stopped(reception))


@router.get(
    "/openapi.json",
    include_in_schema=False,
    dependencies=[Depends(Everybody("the description of the API; no data is in it"))],
)
def openapi(request: Request) -> JSONResponse:
    """The description of this API."""
    return JSONResponse(request.app.openapi())
