"""KPI lines: which figures stand in a report, by what name, and how each reads against the time before."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from agent.report.account_report import AccountReport, Board
from agent.report.amounts import change, count, money, share
from agent.report.kpis import RIPE, Kpis, change_of_ratio, change_of_sum


class Tone(StrEnum):
    """How a change is to be taken."""

    GOOD = "good"
    BAD = "bad"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Figure:
    """One KPI.

    Attributes:
        column: Of `Kpis`.
        better: 1: more of it is better, -1: less is, 0: neither.
        grows: Whether it hangs on conversions that are still being reported.
    """

    column: str
    label: str
    better: int
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A KPI in words.

    Attributes:
        change: Against the time before, per known day, and as it will be once all is reported; ""
            where nothing can be said.
        young: Its conversions are still being reported.
    """

    label: str
    value: str
    change: str
    tone: Tone
    young: bool


_SUMS = ("cost_micros", "impressions", "clicks", "conversions", "value_micros")
_STEADY = 0.005
_REST = (
    Figure("cvr", "CVR", 1, grows=True),
    Figure("ctr", "CTR", 1),
    Figure("cpc_micros", "CPC", -1),
    Figure("impression_share", "Impression share", 1),
)
_SPEND = Figure("cost_micros", "Spend", 0)
_WORTH = (Figure("value_micros", "Revenue", 1, grows=True), Figure("roas", "ROAS", 1, grows=True))


def figures_of(report: AccountReport) -> tuple[Figure, ...]:
    """The KPIs of the account's goal: where conversions are what counts they are leads, with their CPL."""
    worth = report.board is not None and bool(report.board.total.value_micros.sum() > 0)
    if report.by_value:
        sales = (
            Figure("conversions", "Conversions", 1, grows=True),
            Figure("cpa_micros", "CPA", -1, grows=True),
        )
        return (_SPEND, *_WORTH, *sales, *_REST)
    leads = (Figure("conversions", "Leads", 1, grows=True), Figure("cpa_micros", "CPL", -1, grows=True))
    return (_SPEND, *leads, *_REST, *(_WORTH if worth else ()))


def total_lines(board: Board, figures: Sequence[Figure], currency: str) -> list[Line]:
    """All campaigns together."""
    return [next(iter(_lines(board.total, board.total_before, one, currency))) for one in figures]


def campaign_lines(board: Board, figures: Sequence[Figure], currency: str, most: int) -> list[list[Line]]:
    """The first `most` campaigns, each with its figures."""
    rows = np.arange(min(most, len(board.names)))
    now, before = board.now.take(rows), board.before.take(rows)
    columns = [list(_lines(now, before, one, currency)) for one in figures]
    return [list(of_row) for of_row in zip(*columns, strict=True)]


def _lines(now: Kpis, before: Kpis, figure: Figure, currency: str) -> Iterator[Line]:
    compare = change_of_sum if figure.column in _SUMS else change_of_ratio
    changes = compare(now, before, figure.column).tolist()
    values, reported = getattr(now, figure.column).tolist(), now.reported.tolist()
    known = (now.known_days > 0).tolist()
    for value, moved, ripe, told in zip(values, changes, reported, known, strict=True):
        young = figure.grows and not ripe >= RIPE
        shown = _text(float(value) if told else math.nan, figure.column, currency)
        yield Line(figure.label, shown, change(moved), _tone(moved, figure.better), young)


def _text(value: float, column: str, currency: str) -> str:
    if column.endswith("micros"):
        return money(value, currency)
    if column in ("cvr", "ctr", "impression_share"):
        return share(value, 2 if column != "impression_share" else 1)
    if column == "roas":
        return count(value, 2)
    return count(value, 1 if column == "conversions" else 0)


def _tone(moved: float, better: int) -> Tone:
    if math.isnan(moved) or abs(moved) < _STEADY or not better:
        return Tone.EVEN
    return Tone.GOOD if (moved > 0) == (better > 0) else Tone.BAD
