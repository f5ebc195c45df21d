"""Evidence: one decision of a plan, and all that it rests on."""

from dataclasses import dataclass
from datetime import datetime

from agent import cycle
from agent.domain.errors import Mistake, Mistakes
from agent.domain.plan import Plan
from agent.domain.portfolio import Goal
from agent.domain.snapshot import Snapshot
from agent.office import Office
from agent.parts import Parts
from agent.report.rows import plain
from agent.web.figures.entity_days import EntityDays, entity_days
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
class EvidenceView:
    """One decision.

    Attributes:
        maturity: Share of the conversions used that has been reported; None where nobody said.
        days: Daily figures as known when the plan was drawn up; None where the ledger cannot tell.
        no_days: Why there are none.
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


def evidence_view(office: Office, read: Reading, number: int, name: str, then: Then) -> EvidenceView:
    """Put together what the ledger holds on one decision.

    Args:
        number: Of the decision, from 1.

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
