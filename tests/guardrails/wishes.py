"""Wishes for tests of guardrails: short ways to write one, and to say how a verdict came out."""

from collections.abc import Sequence
from decimal import Decimal

from agent.domain.entity import EntityTable
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.plan import Change, Decision
from agent.domain.proposal import Evidence, Proposal
from agent.domain.verdict import Allow, Clamp, Deny, Verdict


def eur(amount: str | int | Decimal) -> Money:
    return Money.of(amount, "EUR")


def wish(
    table: EntityTable,
    target: Value | str | int,
    *,
    row: int = 0,
    lever: Lever = Lever.DAILY_BUDGET,
    evidence: Evidence = Evidence(),  # noqa: B008 - frozen
) -> Proposal:
    """A proposal for an entity of the table; plain numbers are EUR (ratios for target ROAS)."""
    value: Value
    if isinstance(target, (Money, Ratio, Status)):
        value = target
    else:
        value = Ratio.of(target) if lever is Lever.TARGET_ROAS else eur(target)
    return Proposal(table.ref(row), lever, value, "because", "test", evidence=evidence)


def decided(table: EntityTable, targets: Sequence[Value | str | int | None]) -> list[Decision]:
    """A decision for each row's daily budget, all allowed; None for no decision about a row."""
    decisions = []
    for row, target in enumerate(targets):
        if target is not None:
            decisions.append(allowed(table, wish(table, target, row=row)))
    return decisions


def allowed(table: EntityTable, proposal: Proposal) -> Decision:
    """The decision to carry a proposal out as it is."""
    row = table.row(proposal.ref)
    assert row is not None
    before = table.value(row, proposal.lever)
    assert before is not None
    change = (
        None if before == proposal.target else Change(proposal.ref, proposal.lever, before, proposal.target)
    )
    return Decision(proposal, before, (), change)


def told(verdict: Verdict) -> str:
    """``allow``, ``clamp 40.00 EUR`` or ``deny``."""
    match verdict:
        case Allow():
            return "allow"
        case Clamp(to=to):
            return f"clamp {to}"
        case Deny():
            return "deny"


def after(decisions: Sequence[Decision]) -> list[str]:
    """The amounts that come to stand, "-" where nothing changes."""
    return ["-" if d.change is None else str(d.change.after).removesuffix(" EUR") for d in decisions]
