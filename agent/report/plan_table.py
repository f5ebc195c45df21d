"""Plan table: a plan as people read it, on a terminal or in a file."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from agent.domain.record import PlanRecord
from agent.report.decision_lines import DecisionLines
from agent.report.rows import DecisionRow


def plan_table(record: PlanRecord, rows: Sequence[DecisionRow], *, full: bool = False) -> RenderableType:
    """The plan: what changes, from what to what, why, and what a guardrail held back.

    Args:
        full: Also every wish that came to nothing; else those are counted below the table.
    """
    shown = [row for row in rows if full or row["change"] is not None or row["state"] == "denied"]
    parts: list[RenderableType] = [_title(record, rows)]
    parts += [Text(f"  note: {note}", style="yellow") for note in record.plan.notes]
    if shown:
        parts.append(DecisionLines(shown))
    hidden = len(rows) - len(shown)
    if hidden:
        parts.append(Text(f"  and {hidden} wishes that changed nothing (--all shows them)", style="dim"))
    if not rows:
        parts.append(Text("  nothing to change: every decider is content with what stands"))
    return Group(*parts)


def evidence_table(row: DecisionRow) -> RenderableType:
    """Everything behind one decision."""
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_row("entity", escape(f"{row['name']} ({row['entity']})"))
    table.add_row("change", escape(f"{row['lever']}: {row['before']} -> {row['after'] or 'nothing'}"))
    table.add_row("wished", escape(f"{row['wished']} by {row['source']}"))
    table.add_row("because", escape(row["because"]))
    table.add_row("state", escape(f"{row['state']} {row['state_because']}".strip()))
    for word in row["guardrails"]:
        to = f" to {word['to']}" if word["to"] else ""
        table.add_row(f"{word['guardrail']}", escape(f"{word['verdict']}{to}: {word['because']}"))
    if row["effect_mean"] is not None:
        table.add_row("expected effect", f"{_effect(row)} a day (80 % interval)")
    if row["posterior_mean"] is not None:
        spread = f"{row['posterior_mean']:,.2f} ({row['posterior_low']:,.2f} to {row['posterior_high']:,.2f})"
        table.add_row("posterior", escape(f"{row['posterior_of']}: {spread}"))
    if row["maturity"] is not None:
        table.add_row("data", f"{row['maturity']:.0%} mature")
    for name, text in row["figures"].items():
        table.add_row(escape(name), escape(text))
    return table


def as_text(renderable: RenderableType, width: int = 160) -> str:
    """The same as plain text, for files."""
    console = Console(width=width, color_system=None, force_terminal=False, record=False)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def _title(record: PlanRecord, rows: Sequence[DecisionRow]) -> Text:
    plan = record.plan
    changes = sum(row["change"] is not None for row in rows)
    held = sum(row["state"] == "denied" for row in rows)
    title = Text.assemble(
        ("Plan ", "bold"),
        (plan.id, "bold cyan"),
        f" for {plan.account}: ",
        (f"{changes} change{'' if changes == 1 else 's'}", "bold"),
        f", {held} held back by guardrails",
    )
    if changes:
        title.append(f"; daily budgets {_moved(rows)}")
    return title.append(
        f"\n  drawn up {_moment(plan.drawn_up_at)}, valid until {_moment(plan.expires_at)}", style="dim"
    )


def _moved(rows: Sequence[DecisionRow]) -> str:
    """Money that goes up and down, "+12.00 / -10.00 EUR"."""
    moves = [
        (row["after_number"] - row["before_number"], (row["after"] or "").split()[-1])
        for row in rows
        if row["lever"] == "daily_budget"
        and row["after_number"] is not None
        and row["before_number"] is not None
    ]
    if not moves:
        return "untouched"
    up = sum(micros for micros, _ in moves if micros > 0) / 1e6
    down = -sum(micros for micros, _ in moves if micros < 0) / 1e6
    return f"+{up:,.2f} / -{down:,.2f} {moves[0][1]}"


def _effect(row: DecisionRow) -> str:
    return f"{row['effect_mean']:+,.1f} ({row['effect_low']:+,.1f} to {row['effect_high']:+,.1f})"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
