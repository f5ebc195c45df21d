"""Rows: a plan as plain records, one for each decision; what --json prints and tables show."""

from collections.abc import Iterator, Mapping
from typing import TypedDict

from agent.domain.entity import EntityTable
from agent.domain.lever import Value, number_of
from agent.domain.plan import Decision
from agent.domain.proposal import Interval
from agent.domain.record import PlanRecord
from agent.domain.verdict import Clamp, Deny, Verdict, Word


class WordRow(TypedDict):
    """What one guardrail said."""

    guardrail: str
    verdict: str
    to: str | None
    because: str


class DecisionRow(TypedDict):
    """One decision; values as text for people and as numbers in micros (or millionths).

    `state` is the change's; "denied" or "not_heard" or "stands" where there is no change.
    """

    number: int
    plan: str
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
    because: str
    guardrails: list[WordRow]
    effect_mean: float | None
    effect_low: float | None
    effect_high: float | None
    posterior_of: str
    posterior_mean: float | None
    posterior_low: float | None
    posterior_high: float | None
    maturity: float | None
    figures: dict[str, str]


def decision_rows(record: PlanRecord, names: Mapping[str, str]) -> list[DecisionRow]:
    """All decisions of a plan, numbered from 1 in the plan's order.

    Args:
        names: The name of each entity, by the text of its ref.
    """
    return [_row(number, decision, record, names) for number, decision in _numbered(record)]


def plain(text: str) -> str:
    """Text from outside without control characters, which could draw on a reader's terminal."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )


def names_of(table: EntityTable | None) -> dict[str, str]:
    """The name of each entity, by the text of its ref."""
    if table is None:
        return {}
    return {str(table.ref(row)): name for row, name in enumerate(shown_names(table))}


def shown_names(table: EntityTable) -> list[str]:
    """What people call each row: its name, in a joint account with the platform that it is on."""
    names: list[str] = table.names.tolist()
    if not table.account.id.is_joint:
        return names
    homes = table.homes
    alike = len({home.platform for home in homes}) < len(set(homes))
    return [f"{name} ({home if alike else home.platform})" for name, home in zip(names, homes, strict=True)]


def _numbered(record: PlanRecord) -> Iterator[tuple[int, Decision]]:
    yield from enumerate(record.plan.decisions, start=1)


def _row(number: int, decision: Decision, record: PlanRecord, names: Mapping[str, str]) -> DecisionRow:
    proposal, change = decision.proposal, decision.change
    entity = str(proposal.ref)
    standing = record.changes.get(change.id) if change is not None else None
    evidence = proposal.evidence
    effect, posterior = evidence.expected_effect, evidence.posterior
    return DecisionRow(
        number=number,
        plan=record.plan.id,
        change=change.id if change is not None else None,
        entity=entity,
        name=plain(names.get(entity, entity)),
        lever=proposal.lever.value,
        before=_text(decision.before),
        before_number=_number(decision.before),
        wished=str(proposal.target),
        after=_text(change.after) if change is not None else None,
        after_number=_number(change.after) if change is not None else None,
        state=standing.state.value if standing is not None else _without_change(decision),
        state_because=plain(standing.because) if standing is not None else "",
        source=proposal.source,
        because=plain(proposal.because),
        guardrails=[_word(word) for word in decision.words],
        effect_mean=_part(effect, "mean"),
        effect_low=_part(effect, "low"),
        effect_high=_part(effect, "high"),
        posterior_of=evidence.posterior_of,
        posterior_mean=_part(posterior, "mean"),
        posterior_low=_part(posterior, "low"),
        posterior_high=_part(posterior, "high"),
        maturity=evidence.maturity,
        figures={figure.name: plain(figure.text) for figure in evidence.figures},
    )


def _without_change(decision: Decision) -> str:
    if decision.not_heard:
        return "not_heard"
    return "denied" if decision.words else "stands"


def _word(word: Word) -> WordRow:
    verdict: Verdict = word.verdict
    match verdict:
        case Clamp(to=to, because=because):
            return WordRow(guardrail=word.guardrail, verdict="clamp", to=str(to), because=because)
        case Deny(because=because):
            return WordRow(guardrail=word.guardrail, verdict="deny", to=None, because=because)
    return WordRow(guardrail=word.guardrail, verdict="allow", to=None, because="")


def _part(interval: Interval | None, name: str) -> float | None:
    return None if interval is None else float(getattr(interval, name))


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)


def _number(value: Value | None) -> int | None:
    return None if value is None else number_of(value)
