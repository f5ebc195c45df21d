"""Settings: the policy in force, to read."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from agent.web.gate import Reader
from agent.web.pages import page
from agent.web.reception import reception_of
from agent.web.views.settings import settings_view

router = APIRouter(include_in_schema=False)


@router.get("/settings")
def settings(request: Request, visitor: Reader) -> Response:
    view = settings_view(reception_of(request).office)
    return page(request, "settings.html.j2", "Settings", view, here="/settings")
