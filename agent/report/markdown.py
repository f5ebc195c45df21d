"""Markdown: a report for chat, short, without HTML, names made harmless. Pure."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from agent.report.account_report import AccountReport, of_currency
from agent.report.amounts import for_chat, many, money
from agent.report.kpi_lines import Line, campaign_lines, figures_of, total_lines
from agent.report.sentences import (
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
from agent.report.verdicts import Verdict

_CAMPAIGNS = 5
_CHANGES = 3
_LONG = 300


def markdown(reports: Sequence[AccountReport]) -> str:
    """The reports of one period, a section for each currency and account."""
    if not reports:
        return "Nothing is known of any account yet.\n"
    lines = [f"**gebot, {reports[0].period.name}**"]
    by_currency = of_currency(reports)
    for currency, mine in by_currency.items():
        if len(by_currency) > 1 or len(mine) > 1:
            lines += ["", f"*All in {currency}:* spend {_spend(mine, currency)}"]
        for one in mine:
            lines += ["", *_account(one)]
    return "\n".join(lines) + "\n"


def _spend(reports: Sequence[AccountReport], currency: str) -> str:
    total = sum(int(one.board.total.cost_micros[0]) for one in reports if one.board is not None)
    return money(total, currency)


def _account(one: AccountReport) -> Iterator[str]:
    yield f"**{for_chat(one.name)}** against {one.period.before.name}"
    if one.board is None:
        yield "- nothing is known of these days"
    elif not one.board.total.known_days[0]:
        yield f"- {maturity_line(one)} {missing_line(one)}"
    else:
        figures = figures_of(one)
        yield "- " + " · ".join(_kpi(line) for line in total_lines(one.board, figures, one.currency))
        for words in (maturity_line(one), missing_line(one), before_line(one)):
            if words:
                yield f"- {words}"
        for name, lines in zip(
            one.board.names.tolist(),
            campaign_lines(one.board, figures[:4], one.currency, _CAMPAIGNS),
            strict=False,
        ):
            yield f"  - {for_chat(name)}: " + " · ".join(_kpi(line) for line in lines)
    for pacing in one.pacing:
        yield f"- Pacing of {for_chat(pacing.portfolio)}: {pacing_line(pacing)}"
    yield from _deeds(one)
    yield from _open(one)


def _deeds(one: AccountReport) -> Iterator[str]:
    count = tally(one.judged)
    verdicts = f"improved {count.improved}, worse {count.worse}, not yet known {count.unknown}"
    yield f"- Changes applied: {count.n}" + (f"; {verdicts}" if count.n else "")
    for words in (*gain_lines(one), foretold_line(one.judged), earlier_line(one)):
        if words:
            yield f"  - {words}"
    known = [judged for judged in (*one.judged, *one.earlier) if judged.verdict is not Verdict.UNKNOWN]
    for judged in sorted(known, key=weight, reverse=True)[:_CHANGES]:
        change = judged.made.change
        name = for_chat(one.entity_names.get(str(change.ref), change.ref.id))
        gain = "" if judged.gain is None else gain_text(judged.gain, one.currency, by_value=judged.by_value)
        yield f"  - {judged.verdict}: {name}, {lever_text(change.lever)} {change_text(judged)}: {gain} a day"
    for held in one.held[:_CHANGES]:
        yield f"- Held back by {for_chat(held_line(held, one.entity_names), _LONG)}"
    for late in one.held_late[:_CHANGES]:
        yield f"- {for_chat(late_line(late.state, late.n, late.because), _LONG)}"


def _open(one: AccountReport) -> Iterator[str]:
    zone = ZoneInfo(one.account.time_zone)
    for waits in one.waiting[:_CHANGES]:
        until = f"{waits.expires_at.astimezone(zone):%d %b %H:%M %Z}"
        yield f"- Waits for you: plan {waits.plan}, {many(waits.n, 'change')}, until {until}"
    for no in one.rejections[:_CHANGES]:
        what = f"{many(no.n, 'change')} of plan {no.plan}"
        yield f"- Rejected by {for_chat(no.by)}: {what}{_comment(no.comment)}"
    if one.expired:
        yield f"- Nobody answered in time: {many(one.expired, 'change')} expired"
    for incident in one.incidents:
        at = incident.at.astimezone(zone)
        times = f" ({incident.n} times)" if incident.n > 1 else ""
        open_ = " (still in force)" if incident.ended is None else ""
        yield f"- {incident.what}, {at:%d %b %H:%M}{times}{open_}: {for_chat(incident.because, _LONG)}"


def _comment(comment: str) -> str:
    return f": {for_chat(comment, _LONG)}" if comment else ""


def _kpi(line: Line) -> str:
    moved = f" ({line.change})" if line.change else ""
    return f"{line.label} {line.value}{moved}"
