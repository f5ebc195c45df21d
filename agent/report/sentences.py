"""Sentences: what a report says in words, for Markdown and HTML alike; no markup in them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from agent.domain.lever import Lever, number_of
from agent.domain.money import MICROS
from agent.domain.outcome import State
from agent.domain.proposal import Interval
from agent.report.account_report import AccountReport
from agent.report.amounts import money, share, signed
from agent.report.kpis import RIPE
from agent.report.made import Held
from agent.report.pacing import Pacing
from agent.report.verdicts import Judged, Verdict, pooled

_LATE = {
    State.CAPPED: "held back right before the send",
    State.CONFLICT: "not sent, somebody else had changed the lever",
    State.NOT_APPLIED: "refused by the platform",
    State.NEEDS_REVIEW: "came out otherwise than asked",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many changes got which verdict, and of those that are not known why."""

    n: int
    improved: int
    worse: int
    unknown: int
    why: tuple[tuple[str, int], ...]


def tally(judged: Sequence[Judged]) -> Tally:
    verdicts = Counter(one.verdict for one in judged)
    why = Counter(one.reason.why.value for one in judged if one.reason is not None)
    return Tally(
        len(judged),
        verdicts[Verdict.IMPROVED],
        verdicts[Verdict.WORSE],
        verdicts[Verdict.UNKNOWN],
        tuple(sorted(why.items(), key=lambda one: (-one[1], one[0]))),
    )


def maturity_line(report: AccountReport) -> str:
    """How much of the conversions has been reported; "" where there is nothing to say of it."""
    if report.board is None:
        return ""
    reported = float(report.board.total.reported[0])
    if np.isnan(reported):
        return "Nothing is known of these days."
    if reported >= RIPE:
        return f"{share(reported, 0)} of the conversions of these days have been reported."
    return (
        f"So far {share(reported, 0)} of the conversions of these days have been reported; figures that hang "
        "on them will still grow, and what they are held against takes that into account."
    )


def missing_line(report: AccountReport) -> str:
    """Which days are not known; "" when all are."""
    missing = () if report.board is None else report.board.missing
    if not missing:
        return ""
    named = ", ".join(f"{day:%d %b}" for day in missing[:7])
    more = f" and {len(missing) - 7} more" if len(missing) > 7 else ""
    are = "1 day is missing" if len(missing) == 1 else f"{len(missing)} days are missing"
    return f"{are} ({named}{more}): not zero, and in no sum."


def before_line(report: AccountReport) -> str:
    """What is not known of the days that these are held against; "" when all are."""
    if report.board is None:
        return ""
    before, known = report.board.total_before, int(report.board.total_before.known_days[0])
    if known == before.n_days:
        return ""
    if not known:
        return f"Of {report.period.before.name} nothing is known to hold these days against."
    return f"Of {report.period.before.name} {known} of {report.period.before.n_days} days are known."


def pacing_line(one: Pacing) -> str:
    """Where a portfolio's month stands."""
    end = one.month_end
    spent = (
        f"{money(one.spent, one.currency)} spent on {one.month_days - one.left_days} of {one.month_days} days"
    )
    if one.unknown_days:
        spent += f" ({one.unknown_days} of them estimated)"
    forecast = (
        f"with budgets as they are the month will cost {money(end.mean, one.currency)} "
        f"({money(end.low, one.currency)} to {money(end.high, one.currency)}, 80 %)"
    )
    if one.budget is None or one.planned is None:
        return f"{spent}; {forecast}"
    return (
        f"{spent}, the plan had {money(one.planned, one.currency)}; {forecast}, "
        f"of {money(one.budget, one.currency)}: {one.verdict}"
    )


def gain_lines(report: AccountReport) -> Iterator[str]:
    """What came of all measured changes together, by goal."""
    for by_value in (True, False):
        gain = pooled(report.judged, by_value=by_value)
        if gain is None:
            continue
        n = sum(one.gain is not None and one.by_value is by_value for one in report.judged)
        yield f"{n} measured changes together: {gain_text(gain, report.currency, by_value=by_value)} a day"


def gain_text(gain: Interval, currency: str, *, by_value: bool) -> str:
    """A gain with its range."""
    unit = currency if by_value else "conversions"
    return f"{signed(gain.mean, unit)} ({gain.low:+,.2f} to {gain.high:+,.2f}, 90 %)"


def foretold_line(judged: Sequence[Judged]) -> str:
    """How often models were right; "" where nothing could be held against what they had said."""
    told = [one for one in judged if one.held is not None]
    if not told:
        return ""
    held = sum(bool(one.held) for one in told)
    return f"What models had said held {held} of {len(told)} times (80 in 100 are promised)"


def held_line(one: Held, names: dict[str, str]) -> str:
    """What a guardrail kept from happening."""
    did = [f"denied {one.denied}"] if one.denied else []
    did += [f"clamped {one.clamped}"] if one.clamped else []
    line = f"{one.guardrail}: {' and '.join(did)}"
    if one.largest is None:
        return line
    proposal = one.largest.proposal
    name = names.get(str(proposal.ref), proposal.ref.id)
    wish = f"{name}, {lever_text(proposal.lever)} {one.largest.before} to {proposal.target}"
    return f"{line}; the largest: {wish} ({one.because})"


def late_line(state: State, n: int, because: str) -> str:
    return f"{n} {_LATE.get(state, state.value)}: {because}"


def earlier_line(report: AccountReport) -> str:
    """What can be said by now of changes before a day; "" of a month, or where nothing can be."""
    if not report.earlier:
        return ""
    count = tally(report.earlier)
    return f"Earlier changes that can be judged by now: {count.improved} improved, {count.worse} worse"


def change_text(one: Judged) -> str:
    """From where to where, and by how much."""
    change = one.made.change
    before, after = number_of(change.before), number_of(change.after)
    moved = f" ({100 * (after / before - 1):+.0f} %)" if before and not change.lever.is_switch else ""
    return f"{change.before} to {change.after}{moved}"


def lever_text(lever: Lever) -> str:
    return lever.value.replace("_", " ")


def weight(one: Judged) -> float:
    """By how much money a change moved its lever; what is not about money comes last."""
    change = one.made.change
    if not change.lever.is_money:
        return 0.0
    return abs(number_of(change.after) - number_of(change.before)) / MICROS
