"""Of a twin: `gebot backtest twin` as a page."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulations.pages.figures import Line, lines
from simulations.pages.over_time import by_policy, over_time
from simulations.pages.page import Page, Picture, Piece, Prose, Section, Table
from simulations.twin.fit_report import ElasticityRecord, FitRecord
from simulations.twin.policies import CONFIGURED
from simulations.twin.scores import TwinScore, scores
from simulations.twin.trial import Result

_LEAD = (
    "A market was fitted to the account's own history, and the mornings of that history were lived "
    "through again on many draws of it, through the live cycle. First see whether the twin reproduces "
    "what happened and how much the history tells of the answer to more or less money: what is poor or "
    "prior only there cannot be decided here. Then read the differences to people with their 95 % "
    "intervals."
)


@dataclass(frozen=True, slots=True)
class TwinTold:
    """Everything that a twin run found.

    Attributes:
        said: The fit report in sentences.
        results: Empty where only the fit was asked for.
    """

    account: str
    currency: str
    fits: Sequence[FitRecord]
    elasticities: Sequence[ElasticityRecord]
    said: Sequence[str]
    results: Sequence[Result]


def page_of_twin(told: TwinTold, command: str, facts: Sequence[tuple[str, str]]) -> Page:
    """The fit first, then the comparison."""
    fit: list[Piece] = [_fits(told.fits, told.currency), *map(Prose, told.said)]
    sections = [
        Section("Does the twin reproduce the history?", fit),
        Section("What one percent more spend brings", [_elasticities(told.elasticities)]),
    ]
    if told.results:
        sections.append(Section("Policies", _compared(told)))
    return Page(f"gebot backtest twin: {told.account}", _LEAD, command, list(facts), sections)


def _fits(fits: Sequence[FitRecord], currency: str) -> Table:
    rows = []
    for one in fits:
        money = one["figure"] in ("cost", "value")
        band = (
            ""
            if one["low"] is None
            else f"{_figure(one['low'], money=money)} to {_figure(one['high'], money=money)}"
        )
        rows.append(
            [
                f"{one['figure']} ({currency})" if money else one["figure"],
                _figure(one["real"], money=money),
                _figure(one["mean"], money=money),
                band,
                _share(one["weeks_inside"]),
                _share(one["rows_inside"]),
                one["verdict"],
            ]
        )
    headings = ("figure", "real", "twin", "80 % of draws", "weeks inside", "campaigns inside", "fit")
    poor = frozenset(row for row, one in enumerate(fits) if one["verdict"] == "poor")
    return Table(headings, rows, caption="bold: poor", strong=poor)


def _elasticities(told: Sequence[ElasticityRecord]) -> Table:
    rows = [
        [
            one["name"],
            f"{one['mean']:.2f}",
            f"{one['low']:.2f} to {one['high']:.2f}",
            f"±{one['spend_varied']:.0%}",
            f"{one['verdict']} ({one['told']:.0%})",
        ]
        for one in told
    ]
    headings = ("campaign", "elasticity", "80 % interval", "spend varied", "known")
    return Table(headings, rows, caption="percent more clicks for one percent more spend")


def _compared(told: TwinTold) -> list[Piece]:
    found = scores(told.results)
    names = [one["policy"] for one in found]
    values = {
        name: {one.trial.seed: one.value for one in told.results if one.trial.policy.called == name}
        for name in names
    }
    main = CONFIGURED if CONFIGURED in names else names[0]
    lived = by_policy(values, names, main)
    return [_scores(found, told.currency, main), *over_time(lived, warm_up_days=0), _cost(told, names, main)]


def _scores(found: Sequence[TwinScore], currency: str, main: str) -> Table:
    rows = [
        [
            one["policy"],
            f"{100 * one['mean']:.1f}",
            ""
            if one["low"] is None or one["high"] is None
            else f"{100 * one['low']:.1f} to {100 * one['high']:.1f}",
            _difference(one["over_people"], one["over_people_reach"]),
            _difference(one["over_hold"], one["over_hold_reach"]),
            f"{one['value_per_cost']:.2f}",
            f"{one['cost_micros_per_day'] / 1e6:,.0f}",
            f"{one['changes_per_day']:.1f}",
            f"{one['clamped_per_day']:.1f}",
            f"{one['denied_per_day']:.1f}",
            str(one["over_pot_days"]),
        ]
        for one in found
    ]
    return Table(
        (
            *("policy", "value %", "95 % interval", "over people", "over hold", "value per cost"),
            *(f"{currency} a day", "changes", "clamped", "denied", "over pot"),
        ),
        rows,
        caption="differences paired by draw, in points, with 95 % intervals; changes, clamped, denied: a day",
        strong=frozenset(row for row, one in enumerate(found) if one["policy"] == main),
    )


def _cost(told: TwinTold, names: Sequence[str], main: str) -> Picture:
    drawn = []
    for name in names:
        cost = np.array([one.cost_micros for one in told.results if one.trial.policy.called == name]) / 1e6
        days = np.arange(1.0, cost.shape[1] + 1.0)
        drawn.append(Line(name, days, cost.mean(axis=0), main=name == main))
    figure = lines(drawn, x_title="day", y_title=f"{told.currency} a day", height=340)
    return Picture(figure, "What each policy spends a day, mean over draws; all have the same pots.")


def _difference(over: float | None, reach: float | None) -> str:
    return "" if over is None or reach is None else f"{100 * over:+.1f} ± {100 * reach:.1f}"


def _figure(number: float | None, *, money: bool) -> str:
    if number is None:
        return ""
    if money:
        return f"{number / 1e6:,.0f}"
    return f"{number:,.0f}" if number >= 2 else f"{number:.1%}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
