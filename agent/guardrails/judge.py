"""Judge: ask every guardrail about every proposal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agent.domain.lever import Value, number_of
from agent.domain.money import Money
from agent.domain.plan import Change, Decision
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Clamp, Deny, Word
from agent.guardrails.held import absent
from agent.ports.deciding import Guardrail


def judge(
    proposals: Iterable[Proposal], snapshot: Snapshot, guardrails: Sequence[Guardrail]
) -> list[Decision]:
    """Decide on each proposal alone; sums are for `settle`.

    Guardrails are asked in order. Each judges what the ones before it left of the wish, and
    the first denial ends the matter.

    Returns:
        One decision for each proposal, in order. Its words are the objections alone; without
        a change and without words the wish was for what stands already.
    """
    return [_decision(proposal, snapshot, guardrails) for proposal in proposals]


def hear(proposal: Proposal, snapshot: Snapshot, guardrails: Sequence[Guardrail]) -> tuple[Word, ...]:
    """What each guardrail says of a wish, passes too, in the order of asking, up to a denial."""
    return _decision(proposal, snapshot, guardrails, with_passes=True).words


def _decision(
    proposal: Proposal,
    snapshot: Snapshot,
    guardrails: Sequence[Guardrail],
    *,
    with_passes: bool = False,
) -> Decision:
    before = _present(proposal, snapshot)
    if before is None:
        return Decision(proposal, None, (Word("judge", absent(proposal)),), None)
    if before == proposal.target:
        return Decision(proposal, before, (), None)
    wish = proposal
    words: list[Word] = []
    for guardrail in guardrails:
        verdict = guardrail.judge(wish, snapshot)
        if isinstance(verdict, Allow):
            words += [Word(guardrail.name, verdict)] if with_passes else []
            continue
        verdict = _kept_between(verdict, before, wish)
        words.append(Word(guardrail.name, verdict))
        if isinstance(verdict, Deny):
            return Decision(proposal, before, tuple(words), None)
        if verdict.to == before:
            return Decision(proposal, before, tuple(words), None)
        wish = replace(wish, target=verdict.to)
    change = Change(proposal.ref, proposal.lever, before, wish.target)
    return Decision(proposal, before, tuple(words), change)


def _present(proposal: Proposal, snapshot: Snapshot) -> Value | None:
    return snapshot.value(proposal.ref, proposal.lever)


def _kept_between(verdict: Clamp | Deny, before: Value, wish: Proposal) -> Clamp | Deny:
    """Turn a clamp that leaves the way from the present value to the wish into a denial.

    So no guardrail, whoever wrote it, can raise a wish or turn a cut into a raise.
    """
    if isinstance(verdict, Deny):
        return verdict
    ends = sorted((number_of(before), number_of(wish.target)))
    if _same_kind(verdict.to, before) and ends[0] <= number_of(verdict.to) <= ends[1]:
        return verdict
    return Deny(f"it asked for {verdict.to}, which is not between {before} and {wish.target}")


def _same_kind(one: Value, other: Value) -> bool:
    if isinstance(one, Money) and isinstance(other, Money):
        return one.currency == other.currency
    return type(one) is type(other)
