"""Plan table: a plan as people read it, on a terminal or in a file."""

from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from agent.domain.record import PlanRecord
from agent.report.rows import DecisionRow

_STYLES = {
    "proposed": "bold yellow",
    "approved": "cyan",
    "applied": "bold green",
    "denied": "dim",
    "not_heard": "dim",
    "stands": "dim",
    "rejected": "red",
    "conflict": "bold red",
    "unknown": "bold red",
    "needs_review": "bold red",
    "not_applied": "red",
    "capped": "magenta",
    "expired": "dim",
}


def plan_table(record: PlanRecord, rows: Sequence[DecisionRow], *, full: bool = False) -> RenderableType:
    """The plan: what changes, from what to what, why, and what a guardrail held back.

    Args:
        full: Also every wish that came to nothing; else those are counted below the table.
    """
    shown = [row for row in rows if full or row["change"] is not None or row["state"] == "denied"]
    parts: list[RenderableType] = [_title(record, rows)]
    parts += [Text(f"  note: {note}", style="yellow") for note in record.plan.notes]
    if shown:
        parts.append(_table(shown))
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
        f" for {plan.account}, drawn up {_moment(plan.drawn_up_at)}, ",
        f"valid until {_moment(plan.expires_at)}: ",
        (f"{changes} changes", "bold"),
        f", {held} held back by guardrails",
    )
    if changes:
        title.append(f"; daily budgets {_moved(rows)}")
    return title


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


def _table(rows: Sequence[DecisionRow]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("#", justify="right", style="dim")
    table.add_column("entity", max_width=30, overflow="fold")
    table.add_column("lever", no_wrap=True)
    table.add_column("before -> after", justify="right", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("effect a day", justify="right")
    table.add_column("state", no_wrap=True)
    table.add_column("why, and what a guardrail said", ratio=1, overflow="fold")
    for row in rows:
        table.add_row(
            str(row["number"]),
            escape(row["name"]),
            row["lever"],
            _arrow(row),
            _percent(row),
            _effect(row),
            Text(row["state"], style=_STYLES.get(row["state"], "")),
            _why(row),
        )
    return table


def _arrow(row: DecisionRow) -> Text:
    """ "65.07 -> 78.08 EUR", or "65.07, not 78.08 EUR" for a wish that was held back."""
    wished = row["wished"]
    currency = wished[-4:] if wished[-3:].isupper() else ""
    before = (row["before"] or "?").removesuffix(currency)
    if row["after"] is None:
        return Text(f"{before}, not {wished}", style="dim")
    return Text(f"{before} -> {row['after']}")


def _percent(row: DecisionRow) -> Text:
    before, after = row["before_number"], row["after_number"]
    if not before or after is None:
        return Text("")
    change = (after - before) / before
    return Text(f"{change:+.0%}", style="green" if change > 0 else "red")


def _effect(row: DecisionRow) -> str:
    if row["effect_mean"] is None:
        return ""
    return f"{row['effect_mean']:+,.1f} ({row['effect_low']:+,.1f} to {row['effect_high']:+,.1f})"


def _why(row: DecisionRow) -> Text:
    why = Text(row["because"])
    if row["state"] == "not_heard":
        why.append(" [an earlier decider came first]", style="dim")
    for word in row["guardrails"]:
        to = f" to {word['to']}" if word["to"] else ""
        style = "magenta" if word["verdict"] == "clamp" else "red"
        why.append(f"\n{word['guardrail']} {word['verdict']}{to}: {word['because']}", style=style)
    if row["state_because"]:
        why.append(f"\n{row['state']}: {row['state_because']}", style="dim")
    return why


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
