"""Fit report: is the twin like the account? Figure by figure, in words that say what follows."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from simulations.twin.elasticity import SPREAD, USUAL, Elasticities
from simulations.twin.history import History
from simulations.twin.reproduction import (
    LAG_AGES,
    Band,
    HeldOut,
    Reproduction,
    held_out,
    lag_band,
    reproduce,
)

GOOD, POOR, GIVEN = "good", "poor", "given"
_MOSTLY = 0.6
_LAG_DRAWS = 10
_TOLD_LITTLE, _TOLD_MUCH = 0.2, 0.6
_LOWEST_HELD = 0.65
_Z80 = 1.2816


class FitRecord(TypedDict):
    """One figure: what was real against what the twin makes of the real budgets.

    Costs and values in micros; `lag` in shares of the conversions; `clicks of unseen days` are
    days that the fit was not shown. `low` to `high` holds 80 % of the twin's draws. `weeks_inside`
    and `rows_inside`: share of weeks and of campaigns whose real figure lies within their own
    interval, or within 5 % of the twin's; None where it does not apply. `verdict` is "good", "poor"
    or "given": taken over and not tested.
    """

    record: str
    figure: str
    real: float | None
    mean: float | None
    low: float | None
    high: float | None
    weeks: int
    weeks_inside: float | None
    rows_inside: float | None
    verdict: str
    meaning: str


class ElasticityRecord(TypedDict):
    """What is believed of one campaign's elasticity, with its 80 % interval.

    `told`: share of the prior's variance that the history took away. `spend_varied`: standard
    deviation of the log of the daily spend. `verdict`: "from the data", "partly" or "prior only".
    """

    record: str
    entity: str
    name: str
    mean: float
    low: float
    high: float
    told: float
    spend_varied: float
    verdict: str


_MEANS = {
    "cost": "the twin spends budgets as the account did",
    "clicks": "clicks follow spend in the twin as they did",
    "conversions": "conversion rates are right on average and over time",
    "value": "order values are right on average and over time",
}
_OTHERWISE = {
    "cost": "budgets are used differently here: do not trust results that hang on unspent money",
    "clicks": "response to money is not captured: do not trust which strategy wins",
    "conversions": "conversion rates moved in ways the twin does not have: small differences are doubtful",
    "value": "order values moved in ways the twin does not have: compare strategies by conversions",
}


def report(history: History, believed: Elasticities, *, seed: int, draws: int = 40) -> list[FitRecord]:
    """Live through the history again, `draws` times from `seed` on, and judge what comes out."""
    seeds = range(seed, seed + draws)
    return fit_records(
        history,
        reproduce(history, believed, seeds),
        lag_band(history, believed, seeds[:_LAG_DRAWS]),
        held_out(history, believed, seed=seed),
    )


def fit_records(
    history: History, reproduced: dict[str, Reproduction], lag: Band | None, held: HeldOut
) -> list[FitRecord]:
    """Spend, clicks, conversions, value, lag, and clicks of days that the fit was not shown."""
    found = [_figure(name, history, bands) for name, bands in reproduced.items()]
    return [*found, _lag(lag), _held_out(held)]


def elasticity_records(history: History, believed: Elasticities) -> list[ElasticityRecord]:
    """One row for each campaign, in the order of the history."""
    return [
        ElasticityRecord(
            record="elasticity",
            entity=str(history.entities.ref(row)),
            name=str(history.entities.names[row]),
            mean=float(believed.mean[row]),
            low=float(believed.mean[row] - _Z80 * believed.sd[row]),
            high=float(believed.mean[row] + _Z80 * believed.sd[row]),
            told=float(believed.told[row]),
            spend_varied=float(believed.varied[row]),
            verdict=_told(float(believed.told[row])),
        )
        for row in range(len(history))
    ]


def in_words(history: History, fits: Sequence[FitRecord], believed: Elasticities) -> list[str]:
    """What a reader should take away, one sentence a line."""
    said = list(history.assumptions)
    poor = [one["figure"] for one in fits if one["verdict"] == POOR]
    if poor:
        said.append(
            f"POOR: {', '.join(poor)}. " + " ".join(one["meaning"] for one in fits if one["verdict"] == POOR)
        )
    else:
        said.append("Every figure that could be tested is reproduced.")
    told = [_told(float(one)) for one in believed.told]
    said.append(
        f"Elasticity (percent more clicks for one percent more spend): from the data for "
        f"{told.count('from the data')} of {len(told)}, partly for {told.count('partly')}, prior only for "
        f"{told.count('prior only')} (the usual {USUAL} ± {SPREAD})."
    )
    if told.count("prior only") > len(told) / 2:
        said.append(
            "Budgets hardly varied: how these campaigns answer to more or less money is not in the history. "
            "Every draw of the twin supposes other elasticities, and the intervals below hold for that prior."
        )
    if not history.budgets_known:
        said.append(
            "Spend may have followed demand and not budgets: elasticities learned from it are then too high."
        )
    said.append(
        "Level and rates were fitted to the very days that are reproduced; unseen days are the harder test."
    )
    return said


def _figure(name: str, history: History, bands: Reproduction) -> FitRecord:
    total = bands.total
    weeks, rows = float(np.mean(bands.weeks.inside)), float(np.mean(bands.rows.inside))
    real, mean = float(total.real), float(total.mean)
    if name == "cost" and not history.budgets_known:
        verdict, meaning = GIVEN, "the file has no budgets: the cost of each day was taken for its budget"
    elif name == "value" and not history.by_value:
        verdict, meaning = GIVEN, "no conversion has a value: conversions are counted"
    elif real == 0:
        verdict, meaning = POOR, f"there were no {name}"
    else:
        verdict = GOOD if bool(total.inside) and weeks >= _MOSTLY and rows >= _MOSTLY else POOR
        meaning = _MEANS[name] if verdict == GOOD else _OTHERWISE[name]
    return FitRecord(
        record="fit",
        figure=name,
        real=real,
        mean=mean,
        low=float(total.low),
        high=float(total.high),
        weeks=len(bands.weeks.real),
        weeks_inside=weeks,
        rows_inside=rows,
        verdict=verdict,
        meaning=meaning,
    )


def _lag(band: Band | None) -> FitRecord:
    """The share of conversions that is reported after three days stands for the curve."""
    if band is None:
        return _row("lag", GIVEN, "when conversions were reported is not known: the assumed curve was taken")
    inside = float(np.mean(band.inside))
    verdict = GOOD if inside >= _MOSTLY else POOR
    age = min(LAG_AGES.index(3), len(band.real) - 1)
    earlier = "the twin reports conversions earlier or later: strategies that correct for lag are misjudged"
    meaning = "the twin reports conversions as late as the account does" if verdict == GOOD else earlier
    row = _row(f"lag: reported after {LAG_AGES[age]} days", verdict, meaning)
    row["real"], row["mean"] = float(band.real[age]), float(band.mean[age])
    row["low"], row["high"] = float(band.low[age]), float(band.high[age])
    return row


def _held_out(held: HeldOut) -> FitRecord:
    verdict = GOOD if held.inside >= _LOWEST_HELD else POOR
    kept = f"{held.inside:.0%} of {held.cells} days of campaigns lie in their 80 % interval"
    row = _row("clicks of unseen days", verdict, f"{kept}; off by {held.error:.0%} on average")
    row["rows_inside"] = held.inside
    return row


def _row(figure: str, verdict: str, meaning: str) -> FitRecord:
    return FitRecord(
        record="fit",
        figure=figure,
        real=None,
        mean=None,
        low=None,
        high=None,
        weeks=0,
        weeks_inside=None,
        rows_inside=None,
        verdict=verdict,
        meaning=meaning,
    )


def _told(share: float) -> str:
    if share < _TOLD_LITTLE:
        return "prior only"
    return "from the data" if share >= _TOLD_MUCH else "partly"
