"""The JSON API of plans: the same decisions and the same word as on their page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from agent import approving
from agent.domain.errors import Mistake
from agent.report.rows import decision_rows, names_of, plain
from agent.web.gate import Decider, Reader
from agent.web.reception import Reception, reception_of
from agent.web.routes.api import PROBLEMS
from agent.web.routes.plans import record_of
from agent.web.views.plans import plans_view
from agent.web.views.reading import Reading, reading_of, words_on

router = APIRouter(prefix="/api/v1", tags=["plans"])

_log = structlog.get_logger()

_PAGE = 50

Ids = Annotated[list[str], Field(max_length=10_000)]


class PlanSummary(BaseModel):
    """A plan among others; `states` counts its changes by state."""

    id: str
    account: str
    drawn_up_at: datetime
    open: bool
    states: dict[str, int]
    without_change: int


class WordSaid(BaseModel):
    """What somebody said on a plan, or the policy; how many changes it let through and ended."""

    by: str
    at: datetime
    approved: int
    rejected: int
    comment: str


class PlanFacts(BaseModel):
    """A plan; a word on it must name this fingerprint."""

    id: str
    fingerprint: str
    account: str
    drawn_up_at: datetime
    expires_at: datetime
    author: str
    open: bool
    notes: list[str]
    decisions: int
    waiting: int
    words: list[WordSaid]


class WordOfGuardrail(BaseModel):
    """A guardrail that did not just let it pass; `to` as far as it let it go."""

    guardrail: str
    verdict: str
    to: str | None
    because: str


class DecisionFacts(BaseModel):
    """One decision; amounts as text and as micros (ratios as millionths); effects a day.

    `change` is None where nothing changes: `state` is then "denied", "not_heard" or "stands".
    `yes_helps` tells whether a yes of whoever asks brings the change nearer; `needs` what it waits for.
    """

    number: int
    change: str | None
    entity: str
    name: str
    lever: str
    before: str | None
    before_number: int | None
    wished: str
    after: str | None
    after_number: int | None
    state: str
    state_because: str
    source: str
    portfolio: str
    because: str
    guardrails: list[WordOfGuardrail]
    effect_mean: float | None
    effect_low: float | None
    effect_high: float | None
    posterior_of: str
    maturity: float | None
    needs: list[str]
    yes_helps: bool


class Decisions(BaseModel):
    """A page of decisions, 50 at most, in the plan's order."""

    total: int
    page: int
    pages: int
    decisions: list[DecisionFacts]


class WordWish(BaseModel):
    """A word: ids of changes, of the plan with this fingerprint."""

    fingerprint: str = Field(max_length=64)
    approve: Ids = []
    reject: Ids = []
    comment: str = Field(default="", max_length=500)


@router.get("/plans", responses=PROBLEMS)
def plans(request: Request, visitor: Reader) -> list[PlanSummary]:
    """The newest 100 plans, and older ones that are open; those that wait come first."""
    view = plans_view(reception_of(request).office)
    return [
        PlanSummary(
            id=one.id,
            account=plain(one.account),
            drawn_up_at=one.drawn_up_at,
            open=one.open,
            states={name.replace(" ", "_"): n for name, n in one.counts},
            without_change=one.held_back,
        )
        for one in (*view.waiting, *view.others)
    ]


@router.get("/plans/{plan_id}", responses=PROBLEMS)
def plan(request: Request, visitor: Reader, plan_id: str) -> PlanFacts:
    """One plan, by the first characters of its fingerprint."""
    reception = reception_of(request)
    return _facts(reading_of(reception.office, record_of(reception, plan_id), visitor.name))


@router.get("/plans/{plan_id}/decisions", responses=PROBLEMS)
def decisions(
    request: Request,
    visitor: Reader,
    plan_id: str,
    state: Annotated[str, Query(max_length=40)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Decisions:
    """Its decisions, all or those in one state."""
    reception = reception_of(request)
    read = reading_of(reception.office, record_of(reception, plan_id), visitor.name)
    found = [one for one in _decisions(reception, read) if state in ("", one.state)]
    pages = max(1, -(-len(found) // _PAGE))
    return Decisions(
        total=len(found), page=page, pages=pages, decisions=found[(page - 1) * _PAGE : page * _PAGE]
    )


@router.post("/plans/{plan_id}/words", responses=PROBLEMS)
def say(request: Request, visitor: Decider, plan_id: str, wish: WordWish) -> PlanFacts:
    """Approve and reject changes; nothing is recorded when anything speaks against it."""
    reception = reception_of(request)
    record = record_of(reception, plan_id)
    if wish.fingerprint != record.plan.fingerprint:
        raise Mistake(f"plan {record.plan.id}", "has another fingerprint", "read it again")
    if not wish.approve and not wish.reject:
        raise Mistake("your word", "named no change", "name some in approve or reject")
    after = approving.decide(
        reception.office,
        record.plan.fingerprint,
        approve=wish.approve,
        reject=wish.reject,
        by=visitor.name,
        comment=plain(wish.comment.strip()),
    )
    _log.info("plan.decided_by_page", plan=record.plan.id, person=visitor.name)
    return _facts(reading_of(reception.office, after, visitor.name))


def _facts(read: Reading) -> PlanFacts:
    record = read.record
    return PlanFacts(
        id=record.plan.id,
        fingerprint=record.plan.fingerprint,
        account=plain(read.account),
        drawn_up_at=record.plan.drawn_up_at,
        expires_at=record.plan.expires_at,
        author=plain(record.plan.author),
        open=record.open,
        notes=[plain(note) for note in record.plan.notes],
        decisions=len(read.lines),
        waiting=sum(line.waits for line in read.lines),
        words=[
            WordSaid(by=one.by, at=one.at, approved=one.approved, rejected=one.rejected, comment=one.comment)
            for one in words_on(record)
        ],
    )


def _decisions(reception: Reception, read: Reading) -> Sequence[DecisionFacts]:
    plan_ = read.record.plan
    table = reception.office.memory.entities(plan_.account, plan_.drawn_up_at)
    rows = decision_rows(read.record, names_of(table))
    return [
        DecisionFacts.model_validate(
            {
                **row,
                "portfolio": line.portfolio,
                "needs": [plain(need) for need in line.needs],
                "yes_helps": line.yes_helps,
            }
        )
        for row, line in zip(rows, read.lines, strict=True)
    ]
