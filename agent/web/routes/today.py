"""Today: what somebody sees first."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from agent.web.gate import Reader
from agent.web.pages import page
from agent.web.reception import reception_of
from agent.web.views.today import today_view

router = APIRouter(include_in_schema=False)

_REFRESH_S = 60


@router.get("/")
def today(request: Request, visitor: Reader) -> Response:
    reception = reception_of(request)
    view = today_view(reception.office, reception.standing())
    return page(request, "today.html.j2", "Today", view, here="/", refresh_s=_REFRESH_S)
