"""Evidence: one decision of a plan, and all that it rests on."""

from dataclasses import dataclass
from datetime import datetime

from agent import cycle
from agent.domain.errors import Mistake, Mistakes
from agent.domain.lever import Lever
from agent.domain.plan import Decision, Plan
from agent.domain.portfolio import Goal
from agent.domain.snapshot import Snapshot
from agent.explaining import told
from agent.office import Office
from agent.parts import Parts
from agent.report.explanation import explanation_rows
from agent.report.rows import plain
from agent.web.figures.entity_days import EntityDays, entity_days
from agent.web.figures.response import ResponseChart, response_chart, responses_then
from agent.web.views.plan_lines import Line
from agent.web.views.reading import Reading, WordLine, why_not, words_on
from agent.wiring.joined import joined_of
from agent.wiring.retrace import parts_then


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that was used."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A step of the change's life."""

    at: datetime
    state: str
    because: str


@dataclass(frozen=True, slots=True)
class Again:
    """The plan drawn up once more, from what was known then.

    Attributes:
        faults: What came out differently.
        guardrails: Every guardrail's word, passes too, in the order of asking.
        sums: How far the plan used the limits on all of its changes together.
        outcome: What came of it; "" where there is nothing to say.
    """

    same: bool
    faults: tuple[str, ...]
    guardrails: tuple[Fact, ...]
    sums: tuple[Fact, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One decision.

    Attributes:
        maturity: Share of the conversions used that has been reported; None where nobody said.
        days: Daily figures as known when the plan was drawn up; None where the ledger cannot tell.
        no_days: Why there are none.
        chart: What the decider believed of the budget; else `no_chart`.
        again: What came out when the plan was drawn up once more; None where nobody asked for it.
        n: How many decisions the plan has, to go on to the next one.
    """

    plan_id: str
    fingerprint: str
    account: str
    zone: str
    drawn_up_at: datetime
    line: Line
    facts: tuple[Fact, ...]
    maturity: float | None
    days: EntityDays | None
    no_days: str
    chart: ResponseChart | None
    no_chart: str
    again: Again | None
    steps: tuple[Told, ...]
    words: tuple[WordLine, ...]
    others: tuple[str, ...]
    elsewhere: tuple[str, ...]
    deciding: bool
    why_not: str
    n: int


@dataclass(frozen=True, slots=True)
class Then:
    """What was known when a plan was drawn up; or why nobody can tell."""

    parts: Parts | None
    snapshot: Snapshot | None
    why_not: str = ""


def evidence_view(
    office: Office, read: Reading, number: int, name: str, then: Then, *, again: bool
) -> EvidenceView:
    """Put together what the ledger holds on one decision.

    Args:
        number: Of the decision, from 1.
        again: Draw the plan up once more, which takes as long as it took then.

    Raises:
        LedgerError: The ledger did not answer.
    """
    plan, line = read.record.plan, read.lines[number - 1]
    decision = plan.decisions[number - 1]
    evidence, change = decision.proposal.evidence, decision.change
    facts = [Fact(plain(one.name), plain(one.text)) for one in evidence.figures]
    if evidence.posterior is not None:
        one = evidence.posterior
        facts.append(
            Fact(plain(evidence.posterior_of), f"{one.mean:,.2f} ({one.low:,.2f} to {one.high:,.2f})")
        )
    if evidence.propensity is not None:
        facts.append(Fact("share of draws that agree", f"{evidence.propensity:.0%}"))
    steps = [] if change is None else office.memory.steps(plan.id, change.id)
    also = [] if change is None else office.memory.plans_with(change.id)
    wish = (decision.proposal.ref, decision.proposal.lever)
    no = why_not(office, read, name)
    charted = _chart(then, decision)
    return EvidenceView(
        plan_id=plan.id,
        fingerprint=plan.fingerprint,
        account=plain(read.account),
        zone=read.zone,
        drawn_up_at=plan.drawn_up_at,
        line=line,
        facts=tuple(facts),
        maturity=evidence.maturity,
        days=_days(then, plan, number),
        no_days=then.why_not,
        chart=charted.chart,
        no_chart=charted.because,
        again=_again(office, read, number) if again else None,
        steps=tuple(Told(one.at, one.state.value.replace("_", " "), plain(one.because)) for one in steps),
        words=words_on(read.record, "" if change is None else change.id),
        others=tuple(
            f"{plain(one.proposal.source)}: {one.proposal.target}"
            + (f", not heard because {plain(one.not_heard)} came first" if one.not_heard else ", heard")
            for one in plan.decisions
            if (one.proposal.ref, one.proposal.lever) == wish and one is not decision
        ),
        elsewhere=tuple(one.plan.id for one in also if one.plan.id != plan.id),
        deciding=not no and line.waits,
        why_not=no,
        n=len(plan.decisions),
    )


def known_then(office: Office, plan: Plan) -> Then:
    """Recall what was known at the plan's moment, by the policy that was in force."""
    account = next(
        (one for one in office.accounts if joined_of(office.settings, one).id == plan.account), None
    )
    if account is None:
        return Then(None, None, f"{plan.account} is no longer in config.toml")
    try:
        parts = parts_then(office.settings, account, office.memory, plan)
        snapshot = cycle.known(parts)
    except Mistake as fault:
        return Then(None, None, plain(str(fault)))
    except Mistakes as faults:
        return Then(None, None, plain("; ".join(str(one) for one in faults.each())))
    if snapshot is None:
        return Then(parts, None, "the ledger holds nothing of that moment")
    return Then(parts, snapshot)


def _days(then: Then, plan: Plan, number: int) -> EntityDays | None:
    if then.snapshot is None or then.parts is None:
        return None
    decision = plan.decisions[number - 1]
    row = then.snapshot.entities.row(decision.proposal.ref)
    if row is None:
        return None
    name = decision.portfolio or decision.proposal.group
    goals = {desk.portfolio.name: desk.portfolio.goal for desk in then.parts.desks}
    return entity_days(then.snapshot, row, goals.get(name, next(iter(goals.values()), Goal.VALUE)))


@dataclass(frozen=True, slots=True)
class _Charted:
    chart: ResponseChart | None
    because: str = ""


def _chart(then: Then, decision: Decision) -> _Charted:
    """The curve, or why there is none."""
    source = plain(decision.proposal.source)
    if decision.proposal.lever is not Lever.DAILY_BUDGET:
        return _Charted(None, "Curves are drawn of daily budgets alone.")
    if then.snapshot is None or then.parts is None:
        return _Charted(None, then.why_not)
    name = decision.portfolio or decision.proposal.group
    found = responses_then(then.parts, then.snapshot, decision.proposal.source, name)
    if found is None:
        return _Charted(None, f"{source} has no model of what a budget brings.")
    chart = response_chart(found, decision, then.snapshot.entities.account.currency)
    return _Charted(chart, "" if chart else f"{source} had no belief about this budget.")


def _again(office: Office, read: Reading, number: int) -> Again:
    found = told(office, read.record, number - 1)
    (row,) = explanation_rows(found)
    faults = [
        f"{one['what']}: then {one['then']}; now {one['now']}" for one in found.checks if not one["same"]
    ]
    return Again(
        found.same,
        tuple(map(plain, faults)),
        tuple(Fact(plain(one["what"]), plain(one["because"])) for one in row["guardrails"]),
        tuple(Fact(plain(one["what"]), plain(one["because"])) for one in row["sums"]),
        plain(found.outcome),
    )
