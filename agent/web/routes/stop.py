"""Stop and resume: what the commands `gebot halt` and `gebot resume` do, after a look and a word why."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from agent.report.rows import plain
from agent.web.gate import Resumer, Stopper
from agent.web.pages import page, stopped
from agent.web.reception import Reception, reception_of
from agent.web.views.stop import StopView, stop_view

router = APIRouter(include_in_schema=False)

_log = structlog.get_logger()

NO_REASON = "no reason given"

Because = Annotated[str, Form(max_length=500)]
AccountField = Annotated[str, Form(max_length=200)]


@router.get("/stop")
def stop_page(request: Request, visitor: Stopper) -> Response:
    return page(request, "stop.html.j2", "Stop", _view(reception_of(request)))


@router.post("/stop")
def stop(request: Request, visitor: Stopper, because: Because = "", account: AccountField = "") -> Response:
    reception, why = reception_of(request), plain(because.strip()) or NO_REASON
    if account:
        reception.stopping.halt_account(account, visitor.name, why)
    else:
        for untold in reception.stopping.halt(visitor.name, why):
            _log.error("stop.untold", told=untold)
    _log.warning("stop.by_page", person=visitor.name, account=account or "everything", because=why)
    return RedirectResponse("/", 303)


@router.get("/resume")
def resume_page(request: Request, visitor: Resumer) -> Response:
    return page(request, "resume.html.j2", "Resume", _view(reception_of(request)))


@router.post("/resume")
def resume(request: Request, visitor: Resumer, account: AccountField = "") -> Response:
    reception = reception_of(request)
    if account:
        reception.stopping.resume_account(account, visitor.name)
    else:
        reception.stopping.resume(visitor.name)
    _log.warning("resume.by_page", person=visitor.name, account=account or "everything")
    return RedirectResponse("/", 303)


def _view(reception: Reception) -> StopView:
    return stop_view(reception.office, stopped(reception))
