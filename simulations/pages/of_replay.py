"""Of a replay: `gebot backtest replay` as a page."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.domain.entity import Floats
from simulations.pages.figures import Line, lines
from simulations.pages.page import Page, Picture, Piece, Prose, Section, Table
from simulations.replay.records import DayRecord, EntityRecord, LookAheadRecord, PastRecord

_LEAD = (
    "What would have been proposed on each past morning, from what was known by then, with the deciders "
    "and guardrails of config.toml now. Nothing was carried out: each morning starts from the budgets "
    "that really stood, so the same wish may come back on many days, and nothing is claimed about what "
    "the proposals would have brought."
)


@dataclass(frozen=True, slots=True)
class ReplayTold:
    """Everything that a replay found. `looked_ahead`: None where that was not checked."""

    past: PastRecord
    days: Sequence[DayRecord]
    entities: Sequence[EntityRecord]
    looked_ahead: Sequence[LookAheadRecord] | None


def page_of_replay(told: ReplayTold, command: str, facts: Sequence[tuple[str, str]]) -> Page:
    """What it rests on, then days, then entities."""
    return Page(
        title=f"gebot backtest replay: {told.past['account']}",
        lead=_LEAD,
        command=command,
        facts=[("past", told.past["source"]), ("look-ahead", _in_a_word(told)), *facts],
        sections=[
            Section("What it assumes", [Prose(one) for one in told.past["assumptions"]]),
            Section("Day by day", [*_pictures(told), _days(told)]),
            Section("By entity", [_entities(told)]),
            *([Section("Look-ahead", [_found(told.looked_ahead)])] if told.looked_ahead else []),
        ],
    )


def _in_a_word(told: ReplayTold) -> str:
    if told.looked_ahead is None:
        return "not checked"
    if told.looked_ahead:
        return f"FOUND in {len({one['day'] for one in told.looked_ahead})} plans: this replay is void"
    return f"none: each of the {len(told.days)} plans came out the same with all later days known"


def _pictures(told: ReplayTold) -> list[Piece]:
    def column(name: str) -> Floats:
        return np.array([float(one[name]) for one in told.days])  # type: ignore[literal-required]  # numbers

    days = np.array([np.datetime64(one["day"]) for one in told.days])
    currency = told.past["currency"]
    money = lines(
        [
            Line("raised", days, column("raised_micros") / 1e6, main=True),
            Line("cut", days, column("cut_micros") / 1e6),
        ],
        x_title="",
        y_title=f"{currency} a day",
        height=320,
    )
    wishes = lines(
        [
            Line("changes", days, column("changes"), main=True),
            Line("clamped", days, column("clamped")),
            Line("denied", days, column("denied")),
        ],
        x_title="",
        y_title="wishes",
        height=320,
    )
    return [
        Picture(
            money, "What that morning's changes would have added to daily budgets and taken from others."
        ),
        Picture(wishes, "Wishes that would have changed something, and what the guardrails did to others."),
    ]


def _days(told: ReplayTold) -> Table:
    rows = [
        [
            f"{one['day']:%a %Y-%m-%d}",
            *(_money(one[name]) for name in ("stood_micros", "raised_micros", "cut_micros")),
            *(str(one[name]) for name in ("wishes", "changes", "clamped", "denied", "standing", "not_heard")),
        ]
        for one in told.days
    ]
    headings = (
        "day",
        "stood",
        "raised",
        "cut",
        "wishes",
        "changes",
        "clamped",
        "denied",
        "stand",
        "not heard",
    )
    return Table(headings, rows, caption=f"money: {told.past['currency']} a day")


def _entities(told: ReplayTold) -> Table:
    ordered = sorted(told.entities, key=lambda one: -(one["stood_micros"] or 0))
    rows = [
        [
            one["name"],
            *(_money(one[name]) for name in ("stood_micros", "proposed_micros")),
            *(str(one[name]) for name in ("wishes", "raises", "cuts", "other_changes", "clamped", "denied")),
        ]
        for one in ordered
    ]
    headings = ("entity", "stood", "proposed", "wishes", "raises", "cuts", "other", "clamped", "denied")
    return Table(headings, rows, caption=f"means over the mornings, {told.past['currency']} a day; counts")


def _found(looked_ahead: Sequence[LookAheadRecord]) -> Table:
    rows = [[str(one["day"]), one["decider"], one["what"]] for one in looked_ahead]
    return Table(("day", "decider", "what"), rows)


def _money(micros: int | None) -> str:
    return "" if micros is None else f"{micros / 1e6:,.2f}"
