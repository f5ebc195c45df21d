"""Report page: a report as one HTML file that opens offline and prints well."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent.report.account_report import AccountReport, of_currency
from agent.report.amounts import money
from agent.report.report_view import View, reported_of, view_of


@dataclass(frozen=True, slots=True)
class Section:
    """The accounts of one currency."""

    currency: str
    spend: str
    views: Sequence[View]


def html(reports: Sequence[AccountReport]) -> str:
    """The whole file; a policy inside it lets it ask nobody for anything."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sections = [
        Section(currency, _spend(mine, currency), [view_of(one) for one in mine])
        for currency, mine in of_currency(reports).items()
    ]
    title = reports[0].period.name if reports else "nothing is known yet"
    reported = reported_of(reports[0]) if len(reports) == 1 else ""
    template = environment.get_template("report.html.j2")
    return template.render(title=title, sections=sections, reported=reported)


def _spend(reports: Sequence[AccountReport], currency: str) -> str:
    total = sum(int(one.board.total.cost_micros[0]) for one in reports if one.board is not None)
    return money(total, currency)
