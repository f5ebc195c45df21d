"""Explanation: a decision with everything behind it, as people read it and as plain records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from rich.console import Group, RenderableType
from rich.text import Text

from agent.domain.record import PlanRecord
from agent.domain.story import Stepped
from agent.domain.verdict import Allow, Clamp, Word
from agent.report.plan_table import evidence_table, plan_table
from agent.report.rows import DecisionRow, plain


class CheckRow(TypedDict):
    """One thing that must come out the same."""

    what: str
    same: bool
    then: str
    now: str


class NoteRow(TypedDict):
    """A limit, a step of the change's life, an approval: what it is, and its words."""

    what: str
    because: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known of a decision, or of a plan.

    Attributes:
        rows: The decision, or all of the plan's.
        checks: What came out the same when it was drawn up again.
        code: Which code decided; another one is no fault while the rest is the same.
        words: What every guardrail said, passes too; empty where it was not drawn up again.
        sums: How far the plan used the limits on all of its changes together.
        others: Wishes for the same lever that were not heard, or the one that was.
        steps: All that befell the change.
        elsewhere: Other plans that proposed the same change.
        outcome: What came of it, in words; "" where there is nothing to say.
    """

    record: PlanRecord
    rows: Sequence[DecisionRow]
    checks: Sequence[CheckRow]
    code: CheckRow | None = None
    words: Sequence[Word] = ()
    sums: Sequence[NoteRow] = ()
    others: Sequence[str] = ()
    steps: Sequence[Stepped] = ()
    elsewhere: Sequence[str] = field(default=())
    outcome: str = ""

    @property
    def same(self) -> bool:
        """Whether it came out the same."""
        return bool(self.checks) and all(check["same"] for check in self.checks)


class ExplanationRow(TypedDict):
    """What `gebot explain --json` prints, one for each decision that was asked about."""

    same: bool
    checks: list[CheckRow]
    code: CheckRow | None
    decision: DecisionRow
    guardrails: list[NoteRow]
    sums: list[NoteRow]
    others: list[str]
    approvals: list[NoteRow]
    steps: list[NoteRow]
    elsewhere: list[str]
    outcome: str


def explanation_rows(told: Explanation) -> list[ExplanationRow]:
    """As plain records."""
    return [
        ExplanationRow(
            same=told.same,
            checks=list(told.checks),
            code=told.code,
            decision=row,
            guardrails=[_word(word) for word in told.words],
            sums=list(told.sums),
            others=list(told.others),
            approvals=list(_approvals(told.record, row["change"])),
            steps=list(_steps(told)),
            elsewhere=list(told.elsewhere),
            outcome=told.outcome,
        )
        for row in told.rows
    ]


def explanation_table(told: Explanation) -> RenderableType:
    """For a terminal."""
    parts: list[RenderableType] = [_verdict(told)]
    if len(told.rows) != 1:
        return Group(*parts, "", plan_table(told.record, told.rows, full=True))
    row = told.rows[0]
    parts += ["", Text("What was decided, and on what", style="bold"), evidence_table(row)]
    sections: list[tuple[str, list[NoteRow]]] = [
        ("Every guardrail's word, in the order of asking", [_word(word) for word in told.words]),
        ("Limits on all changes together", list(told.sums)),
        ("Who else wished for this lever", [NoteRow(what="", because=one) for one in told.others]),
        ("Who let it through", list(_approvals(told.record, row["change"]))),
        ("What befell it (UTC)", list(_steps(told))),
        ("What came of it", [NoteRow(what="", because=told.outcome)] if told.outcome else []),
    ]
    for title, notes in sections:
        if notes:
            parts += ["", Text(title, style="bold"), *_lines(notes)]
    if told.elsewhere:
        parts += ["", Text(f"The same change was proposed in {', '.join(told.elsewhere)}, too", style="dim")]
    return Group(*parts)


def _verdict(told: Explanation) -> Text:
    plan = told.record.plan
    text = Text.assemble(("Plan ", "bold"), (plan.id, "bold cyan"), f" for {plan.account}, drawn up again: ")
    if told.same:
        text.append("it comes out the same", style="bold green")
    else:
        text.append("it does not come out the same", style="bold red")
    text.append(f"\n  as of {plan.drawn_up_at:%Y-%m-%d %H:%M:%S} UTC, policy {plan.policy[:8]}", style="dim")
    for check in told.checks:
        if check["same"]:
            text.append(f"\n  same   {check['what']}: {check['then']}")
        else:
            text.append(f"\n  DIFFERS {check['what']}: then {check['then']}; now {check['now']}", style="red")
    if told.code is not None and told.code["same"]:
        text.append(f"\n  same   code: {told.code['then']}")
    elif told.code is not None:
        text.append(
            f"\n  other  code: then {told.code['then']}; this is {told.code['now']}"
            + ("" if told.same else ": the code that decided then may be why"),
            style="yellow",
        )
    return text


def _lines(notes: Sequence[NoteRow]) -> Iterator[Text]:
    width = max(len(note["what"]) for note in notes)
    for note in notes:
        yield Text(f"  {note['what']:<{width}}  {note['because']}".rstrip())


def _word(word: Word) -> NoteRow:
    verdict = word.verdict
    match verdict:
        case Allow():
            because = "passes" + (f": {verdict.because}" if verdict.because else "")
        case Clamp():
            because = f"clamps to {verdict.to}: {verdict.because}"
        case _:
            because = f"denies: {verdict.because}"
    return NoteRow(what=word.guardrail, because=plain(because))


def _approvals(record: PlanRecord, change: str | None) -> Iterator[NoteRow]:
    for one in record.approvals:
        if change in one.approved or change in one.rejected:
            said = "approved" if change in one.approved else "rejected"
            comment = f": {plain(one.comment)}" if one.comment else ""
            signed = ", signed" if one.signature else ""
            words = f"{said} on {one.at:%Y-%m-%d %H:%M} UTC{signed}{comment}"
            yield NoteRow(what=plain(one.by), because=words)


def _steps(told: Explanation) -> Iterator[NoteRow]:
    for step in told.steps:
        because = f"{step.state}" + (f": {plain(step.because)}" if step.because else "")
        yield NoteRow(what=f"{step.at:%Y-%m-%d %H:%M:%S}", because=because)
