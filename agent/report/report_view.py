"""Report view: one account's report in the words and numbers that the HTML page shows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.report.account_report import AccountReport, Board
from agent.report.amounts import UNKNOWN, count, many, money, share
from agent.report.kpi_lines import Figure, Line, campaign_lines, figures_of, total_lines
from agent.report.kpis import Kpis
from agent.report.pacing import Pacing
from agent.report.picture import days_picture
from agent.report.rows import plain
from agent.report.sentences import (
    Tally,
    before_line,
    change_text,
    earlier_line,
    foretold_line,
    gain_lines,
    gain_text,
    held_line,
    late_line,
    lever_text,
    maturity_line,
    missing_line,
    pacing_line,
    tally,
    weight,
)
from agent.report.verdicts import Judged, Verdict

MOST_CAMPAIGNS = 50
MOST_CHANGES = 12
_HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Bar:
    """Pacing as a bar; positions in percent of its width."""

    name: str
    words: str
    verdict: str
    spent: float
    low: float
    width: float
    budget: float | None
    planned: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One campaign; `weight`: its share of the highest spend, in percent."""

    name: str
    lines: Sequence[Line]
    weight: float


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change that was applied."""

    when: str
    name: str
    lever: str
    moved: str
    source: str
    verdict: str
    tone: str
    gain: str
    foretold: str
    because: str


@dataclass(frozen=True, slots=True)
class View:
    """All that the page shows of one account; text is plain, the template escapes it.

    Attributes:
        picture: SVG made of numbers and dates alone; "" where there are no days.
    """

    name: str
    account: str
    zone: str
    against: str
    as_of: str
    headings: Sequence[str]
    totals: Sequence[Line]
    notes: Sequence[str]
    picture: str
    picture_labels: Sequence[str]
    rows: Sequence[Row]
    rest: str
    pacing: Sequence[Bar]
    tally: Tally
    outcome: Sequence[str]
    changes: Sequence[ChangeRow]
    more_changes: int
    n_plans: int
    held: Sequence[str]
    waiting: Sequence[str]
    answers: Sequence[str]
    incidents: Sequence[str]


def view_of(one: AccountReport) -> View:
    """The report as the page shows it."""
    zone, board = ZoneInfo(one.account.time_zone), one.board
    figures = figures_of(one)
    labels = ("Spend", "Revenue" if one.by_value else "Leads")
    line = None if board is None else (board.daily.value if one.by_value else board.daily.conversions)
    shown = sorted(
        (*one.judged, *one.earlier), key=lambda judged: (judged.verdict is Verdict.UNKNOWN, -weight(judged))
    )
    return View(
        name=plain(one.name),
        account=f"{plain(one.account.name)} ({one.account.id})",
        zone=one.account.time_zone,
        against=one.period.before.name,
        as_of=_moment(one.as_of, zone),
        headings=[figure.label for figure in figures],
        totals=() if board is None else total_lines(board, figures, one.currency),
        notes=[words for words in (maturity_line(one), missing_line(one), before_line(one)) if words],
        picture="" if board is None or line is None else days_picture(board.daily, line, labels),
        picture_labels=labels,
        rows=() if board is None else _rows(board, figures, one.currency),
        rest="" if board is None else _rest(board, one.currency),
        pacing=[_bar(pacing) for pacing in one.pacing],
        tally=tally(one.judged),
        outcome=[
            words for words in (*gain_lines(one), foretold_line(one.judged), earlier_line(one)) if words
        ],
        changes=[_change(judged, one, zone) for judged in shown[:MOST_CHANGES]],
        more_changes=max(len(shown) - MOST_CHANGES, 0),
        n_plans=one.n_plans,
        held=[
            *(plain(held_line(held, one.entity_names)) for held in one.held),
            *(plain(late_line(late.state, late.n, late.because)) for late in one.held_late),
        ],
        waiting=[
            f"Waits for you: plan {waits.plan}, {many(waits.n, 'change')} until "
            f"{_moment(waits.expires_at, zone)}"
            for waits in one.waiting
        ],
        answers=_answers(one, zone),
        incidents=_incidents(one, zone),
    )


def _rows(board: Board, figures: Sequence[Figure], currency: str) -> list[Row]:
    highest = max(int(board.now.cost_micros[0]), 1) if len(board.names) else 1
    lines = campaign_lines(board, figures, currency, MOST_CAMPAIGNS)
    return [
        Row(plain(name), mine, _HUNDRED * cost / highest)
        for name, mine, cost in zip(board.names.tolist(), lines, board.now.cost_micros.tolist(), strict=False)
    ]


def _rest(board: Board, currency: str) -> str:
    """What is not in the table, added up."""
    more = len(board.names) - MOST_CAMPAIGNS
    if more <= 0:
        return ""
    now: Kpis = board.now
    cost = int(now.cost_micros[MOST_CAMPAIGNS:].sum())
    value = int(now.value_micros[MOST_CAMPAIGNS:].sum())
    conversions = float(now.conversions[MOST_CAMPAIGNS:].sum())
    return (
        f"and {many(more, 'more campaign')}: spend {money(cost, currency)}, "
        f"revenue {money(value, currency)}, {count(conversions, 1)} conversions; "
        "`gebot export --what metrics` has them all"
    )


def _bar(one: Pacing) -> Bar:
    top = max(one.month_end.high, float(one.budget or 0), float(one.spent), 1.0) * 1.05

    def at(micros: float) -> float:
        return round(_HUNDRED * micros / top, 2)

    return Bar(
        name=plain(one.portfolio),
        words=pacing_line(one),
        verdict=one.verdict,
        spent=at(one.spent),
        low=at(one.month_end.low),
        width=max(at(one.month_end.high) - at(one.month_end.low), 0.4),
        budget=None if one.budget is None else at(one.budget),
        planned=None if one.planned is None else at(one.planned),
    )


def _change(judged: Judged, one: AccountReport, zone: ZoneInfo) -> ChangeRow:
    change, effect = judged.made.change, judged.made.decision.proposal.evidence.expected_effect
    unit = one.currency if judged.by_value else "conversions"
    foretold = ""
    if judged.said is not None and judged.came is not None:
        said = judged.said
        held = "held" if judged.held else "missed"
        foretold = (
            f"said {said.mean:,.1f} ({said.low:,.1f} to {said.high:,.1f}), came {judged.came:,.1f}: {held}"
        )
    elif effect is not None:
        foretold = f"said {effect.mean:+,.1f} ({effect.low:+,.1f} to {effect.high:+,.1f}) {unit} a day"
    tones = {Verdict.IMPROVED: "good", Verdict.WORSE: "bad", Verdict.UNKNOWN: "even"}
    return ChangeRow(
        when=f"{judged.made.at.astimezone(zone):%d %b %H:%M}",
        name=plain(one.entity_names.get(str(change.ref), change.ref.id)),
        lever=lever_text(change.lever),
        moved=change_text(judged),
        source=plain(judged.made.decision.proposal.source),
        verdict=judged.verdict.value,
        tone=tones[judged.verdict],
        gain="" if judged.gain is None else gain_text(judged.gain, one.currency, by_value=judged.by_value),
        foretold=foretold or UNKNOWN,
        because=plain(
            judged.made.decision.proposal.because if judged.reason is None else judged.reason.words
        ),
    )


def _answers(one: AccountReport, zone: ZoneInfo) -> list[str]:
    found = [
        f"{plain(no.by)} rejected {many(no.n, 'change')} of plan {no.plan} on {_moment(no.at, zone)}"
        + (
            f": \N{LEFT DOUBLE QUOTATION MARK}{plain(no.comment)}\N{RIGHT DOUBLE QUOTATION MARK}"
            if no.comment
            else ""
        )
        for no in one.rejections
    ]
    if one.expired:
        found.append(f"{many(one.expired, 'change')} expired: nobody answered in time, and nothing was done")
    return found


def _incidents(one: AccountReport, zone: ZoneInfo) -> list[str]:
    found = []
    for incident in one.incidents:
        times = f", {incident.n} times" if incident.n > 1 else ""
        end = "still in force" if incident.ended is None else f"until {_moment(incident.ended, zone)}"
        found.append(
            f"{incident.what}, {_moment(incident.at, zone)} ({end}{times}): {plain(incident.because)}"
        )
    return found


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d %b %Y %H:%M %Z}"


def reported_of(one: AccountReport) -> str:
    """The share of the conversions that has been reported, as text."""
    return UNKNOWN if one.board is None else share(float(one.board.total.reported[0]), 0)
