"""Readable: figures as a reviewer wants to read them."""

from agent.domain.proposal import Figure
from rules.columns import Column, Unit
from rules.figures import Figures
from rules.texts import Because

UNKNOWN = "unknown"


def sentence(because: Because, figures: Figures, row: int) -> str:
    """The sentence with its fields filled in."""
    return "".join(part if isinstance(part, str) else text(part, figures, row) for part in because.parts)


def evidence(columns: tuple[Column, ...], figures: Figures, row: int) -> tuple[Figure, ...]:
    """Every column used, with its figure."""
    return tuple(Figure(column.name, text(column, figures, row)) for column in columns)


def text(column: Column, figures: Figures, row: int) -> str:  # noqa: PLR0911 - a return for each unit
    """One figure: "12.30 EUR", "34 %", "1,204"; "unknown" where there is none."""
    found = figures.values(column)[row]
    if found is None:
        return UNKNOWN
    match column.unit:
        case Unit.MONEY:
            return f"{found:,.2f} {figures.snapshot.currency}"
        case Unit.PERCENT:
            return f"{100 * found:.3g} %"
        case Unit.COUNT:
            return f"{found:,.0f}" if found == round(found) else f"{found:,.1f}"
        case Unit.RATIO:
            return f"{found:.2f}"
        case Unit.DAYS:
            return f"{found:.0f} days"
        case Unit.RANK:
            return f"{found:.0f}"
        case Unit.FLAG:
            return "yes" if found else "no"
        case Unit.TEXT:
            return str(found)
