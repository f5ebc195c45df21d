"""Evidence: one decision with everything behind it."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from agent.web.gate import Reader
from agent.web.pages import page
from agent.web.reception import reception_of
from agent.web.routes.plans import record_of
from agent.web.statics import PLOTLY
from agent.web.views.evidence import evidence_view, known_then
from agent.web.views.reading import reading_of

router = APIRouter(include_in_schema=False)


@router.get("/plans/{plan_id}/decisions/{number}")
def evidence(
    request: Request,
    visitor: Reader,
    plan_id: str,
    number: Annotated[int, Path(ge=1, le=10**6)],
    again: str = "",
) -> Response:
    reception = reception_of(request)
    record = record_of(reception, plan_id)
    if number > len(record.plan.decisions):
        raise HTTPException(404, f"Plan {record.plan.id} has no decision {number}.")
    read = reading_of(reception.office, record, visitor.name)
    then = known_then(reception.office, record.plan)
    view = evidence_view(reception.office, read, number, visitor.name, then, again=again == "1")
    scripts = (PLOTLY, "charts.js") if view.chart else ()
    title = f"Evidence: {view.line.name}"
    return page(request, "evidence.html.j2", title, view, here="/plans", scripts=scripts)
