"""Plans: the list, one plan with its decisions, and a person's word on it."""

from typing import Annotated
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from agent import approving
from agent.domain.approval import Approval
from agent.domain.errors import Mistake, Mistakes
from agent.domain.record import PlanRecord
from agent.report.rows import plain
from agent.web.gate import Decider, Reader
from agent.web.pages import page
from agent.web.reception import Reception, reception_of
from agent.web.views.plan import plan_view
from agent.web.views.plan_query import PlanQuery
from agent.web.views.plans import plans_view
from agent.web.views.reading import Reading, reading_of

router = APIRouter(include_in_schema=False)

_log = structlog.get_logger()

_SCRIPTS = ("review.js",)


class Said(BaseModel):
    """The form of a plan.

    Attributes:
        word: "approve" or "reject", those that were chosen; "approve-all" or "reject-all", those that
            the filters of `query` show.
        change: Ids of those that were chosen.
        query: The address of the page that it was sent from, behind the question mark.
    """

    fingerprint: str = Field(max_length=64)
    word: str = Field(default="", max_length=40)
    change: list[str] = Field(default=[], max_length=1_000)
    comment: str = Field(default="", max_length=500)
    query: str = Field(default="", max_length=2_000)


@router.get("/plans")
def plans(request: Request, visitor: Reader) -> Response:
    return page(request, "plans.html.j2", "Plans", plans_view(reception_of(request).office), here="/plans")


@router.get("/plans/{plan_id}")
def plan(request: Request, visitor: Reader, plan_id: str) -> Response:
    reception = reception_of(request)
    record = record_of(reception, plan_id)
    query = PlanQuery.of(request.query_params)
    word = word_at(record, request.query_params.get("word", ""), visitor.name)
    read = reading_of(reception.office, record, visitor.name)
    view = plan_view(reception.office, read, query, visitor.name, word=word)
    return page(request, "plan.html.j2", f"Plan {view.id}", view, here="/plans", scripts=_SCRIPTS)


@router.post("/plans/{plan_id}")
def decide(request: Request, visitor: Decider, plan_id: str, said: Annotated[Said, Form()]) -> Response:
    """Take a word; what speaks against it is told above the plan as it stands then."""
    reception = reception_of(request)
    record = record_of(reception, plan_id)
    asked = PlanQuery.of(dict(parse_qsl(said.query)))
    try:
        after = spoken(reception, reading_of(reception.office, record, visitor.name), said, visitor.name)
    except (Mistake, Mistakes) as fault:
        faults = [fault] if isinstance(fault, Mistake) else fault.each()
        read = reading_of(reception.office, record_of(reception, plan_id), visitor.name)
        errors = [str(one) for one in faults]
        view = plan_view(reception.office, read, asked, visitor.name, errors=errors)
        title = f"Plan {view.id}"
        return page(request, "plan.html.j2", title, view, here="/plans", scripts=_SCRIPTS, status=422)
    address = "&".join(filter(None, [asked.address, f"word={len(after.approvals)}"]))
    return RedirectResponse(f"/plans/{record.plan.id}?{address}", 303)


def spoken(reception: Reception, read: Reading, said: Said, name: str) -> PlanRecord:
    """Record it.

    Raises:
        Mistake, Mistakes: What speaks against it; nothing was recorded.
        LedgerError: The ledger failed; nothing was recorded.
    """
    plan = read.record.plan
    verb, all_ = said.word.removesuffix("-all"), said.word.endswith("-all")
    if verb not in ("approve", "reject"):
        raise Mistake("your word", "was neither to approve nor to reject", "press one of the buttons")
    if said.fingerprint != plan.fingerprint:
        raise Mistake(f"plan {plan.id}", "is not the one that was shown", "read it again")
    ids = said.change
    if all_:
        shown = PlanQuery.of(dict(parse_qsl(said.query))).matching(read.lines)
        ids = [line.change for line in shown if line.waits and (verb == "reject" or line.yes_helps)]
    if not ids:
        raise Mistake("your word", "named no change", "choose one or more of them first")
    after = approving.decide(
        reception.office,
        plan.fingerprint,
        approve=ids if verb == "approve" else (),
        reject=ids if verb == "reject" else (),
        by=name,
        comment=plain(said.comment.strip()),
    )
    _log.info("plan.decided_by_page", plan=plan.id, person=name, word=verb, changes=len(ids))
    return after


def record_of(reception: Reception, plan_id: str) -> PlanRecord:
    """The plan of this name.

    Raises:
        HTTPException: There is none.
    """
    record = reception.office.memory.plan(plan_id) if plan_id.isalnum() else None
    if record is None:
        raise HTTPException(404, f"There is no plan {plain(plan_id)[:64]!r}.")
    return record


def word_at(record: PlanRecord, number: str, name: str) -> Approval | None:
    """The word of this number (from 1) if this person said it, so that nobody is told of words not said."""
    n = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
    word = record.approvals[n - 1] if 0 < n <= len(record.approvals) else None
    return word if word is not None and word.by == name else None
