"""Decision lines: each decision as a line of figures, with the reasons beneath."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.text import Text

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
_HEADINGS = ("#", "entity", "lever", "before -> after", "", "state")
_ENTITY = 1
_RIGHT = ("#", "before -> after", "")
_NARROWEST_ENTITY = 10
_WIDEST_ENTITY = 50
_WIDEST_RULE = 160
_GAP = 2


@dataclass(frozen=True, slots=True)
class DecisionLines:
    """Figures in columns; reasons may take the whole width, so that a narrow terminal can show them."""

    rows: Sequence[DecisionRow]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = [_cells(row) for row in self.rows]
        widths = _widths([tuple(map(Text, _HEADINGS)), *lines], options.max_width)
        yield _line(tuple(Text(heading, style="bold") for heading in _HEADINGS), widths)
        yield Text("─" * min(options.max_width, _WIDEST_RULE), style="dim")
        for row, cells in zip(self.rows, lines, strict=True):
            yield _line(cells, widths)
            yield Padding(_why(row), (0, 0, 0, widths[0] + _GAP), expand=False)


def _cells(row: DecisionRow) -> tuple[Text, ...]:
    return (
        Text(str(row["number"]), style="dim"),
        Text(row["name"]),
        Text(row["lever"]),
        _arrow(row),
        _percent(row),
        Text(row["state"], style=_STYLES.get(row["state"], "")),
    )


def _widths(lines: Sequence[tuple[Text, ...]], room: int) -> list[int]:
    """The widest cell of each column; entities make do with what the others leave."""
    widths = [max(cell_len(cell.plain) for cell in column) for column in zip(*lines, strict=True)]
    others = sum(widths) - widths[_ENTITY] + _GAP * (len(widths) - 1)
    widths[_ENTITY] = min(widths[_ENTITY], _WIDEST_ENTITY, max(room - others, _NARROWEST_ENTITY))
    return widths


def _line(cells: tuple[Text, ...], widths: Sequence[int]) -> Text:
    """One line, or more where the entity's name is wider than its column."""
    name, *rest = chop_cells(cells[_ENTITY].plain, widths[_ENTITY]) or [""]
    line = Text(no_wrap=True)
    for index, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        shown = Text(name, style=cell.style) if index == _ENTITY else cell
        space = " " * (width - shown.cell_len)
        right = _HEADINGS[index] in _RIGHT
        line.append(space if right else "").append_text(shown).append("" if right else space)
        line.append(" " * _GAP)
    for part in rest:
        line.append("\n" + " " * (widths[0] + _GAP) + part)
    line.rstrip()
    return line


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
