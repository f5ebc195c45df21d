"""Figures: the columns of one snapshot, each computed when it is first asked for."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from agent.domain.entity import Floats
from agent.domain.lever import Lever, Status
from agent.domain.money import MICROS
from agent.domain.snapshot import Snapshot
from rules.columns import CONVERSION_BASED, DIVIDES, Column, Standing, Unit, column_of
from rules.windows import counted_ratio, figures, ratio

Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

Texts = Sequence[str | None]


class Figures:
    """Columns of shape (n_entities,) over one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._numbers: dict[str, Floats] = {}
        self._series: dict[str, pl.Series] = {}
        self._values: dict[str, list[Any]] = {}

    def table(self, columns: Iterable[Column]) -> pl.DataFrame:
        """The columns as Polars sees them: what is not known is NULL, never NaN."""
        return pl.DataFrame([self.series(column) for column in columns])

    def series(self, column: Column) -> pl.Series:
        """One column; NULL where not known."""
        if column.name not in self._series:
            self._series[column.name] = self._read(column)
        return self._series[column.name]

    def values(self, column: Column) -> list[Any]:
        """The same as plain values, for reading many rows one by one; None where not known."""
        if column.name not in self._values:
            self._values[column.name] = self.series(column).to_list()
        return self._values[column.name]

    def numbers(self, column: Column) -> Floats:
        """Figures of a column of numbers; NaN where not known."""
        if column.name not in self._numbers:
            self._numbers[column.name] = self._compute(column)
        return self._numbers[column.name]

    def _read(self, column: Column) -> pl.Series:
        match column.unit:
            case Unit.TEXT:
                return pl.Series(column.name, _texts(self.snapshot, column.base), dtype=pl.String)
            case Unit.FLAG:
                return pl.Series(column.name, self.snapshot.entities.learning, dtype=pl.Boolean)
            case _:
                return pl.Series(column.name, self.numbers(column), dtype=pl.Float64, nan_to_null=True)

    def _compute(self, column: Column) -> Floats:
        if column.standing is not None:
            own = self.numbers(column_of(column.base, column.window))
            return _among_its_kind(own, self.snapshot.entities.kinds, column.standing)
        if column.base in DIVIDES:
            return self._divided(column)
        if column.window is not None:
            return figures(self.snapshot, column.base, column.window)
        return _fact(self.snapshot, column.base)

    def _divided(self, column: Column) -> Floats:
        above, below = DIVIDES[column.base]
        if column.base in CONVERSION_BASED and column.window is not None and self.snapshot.advice.windows:
            return counted_ratio(self.snapshot, above, below, column.window)
        return ratio(
            self.numbers(column_of(above, column.window)), self.numbers(column_of(below, column.window))
        )


def _fact(snapshot: Snapshot, name: str) -> Floats:
    portfolio = snapshot.portfolio
    match name:
        case "age":
            return snapshot.age_days()
        case "goal_cpa":
            goal = None if portfolio is None or portfolio.target_cpa is None else portfolio.target_cpa.micros
        case "goal_roas":
            goal = (
                None
                if portfolio is None or portfolio.target_roas is None
                else portfolio.target_roas.millionths
            )
        case Lever.TARGET_CPA:
            return _own_or(snapshot, Lever.TARGET_CPA, _fact(snapshot, "goal_cpa"))
        case Lever.TARGET_ROAS:
            return _own_or(snapshot, Lever.TARGET_ROAS, _fact(snapshot, "goal_roas"))
        case _:
            return _own_or(snapshot, Lever(name), np.full(len(snapshot), np.nan))
    return np.full(len(snapshot), np.nan if goal is None else goal / MICROS)


def _own_or(snapshot: Snapshot, lever: Lever, otherwise: Floats) -> Floats:
    """Where the entity's own lever stands, in units; `otherwise` where it has none."""
    stands = snapshot.entities.levers.get(lever)
    return otherwise if stands is None else np.where(stands.present, stands.numbers / MICROS, otherwise)


def _texts(snapshot: Snapshot, name: str) -> Texts:  # noqa: PLR0911 - a return for each column
    entities = snapshot.entities
    match name:
        case "platform":
            return [home.platform for home in entities.homes]
        case "account":
            return [home.account for home in entities.homes]
        case "labels":
            return ["," + "".join(f"{label}," for label in sorted(labels)) for labels in entities.labels]
        case "weekday":
            return [WEEKDAYS[snapshot.today.weekday()]] * len(entities)
        case "status":
            status = entities.levers.get(Lever.STATUS)
            if status is None:
                return [None] * len(entities)
            pairs = zip(status.numbers.tolist(), status.present.tolist(), strict=True)
            return [str(Status(number)) if present else None for number, present in pairs]
        case _:
            columns = {
                "name": entities.names,
                "id": entities.ids,
                "kind": entities.kinds,
                "channel": entities.channels,
                "bidding": entities.bidding,
            }
            values: list[str] = columns[name].tolist()
            return values


def _among_its_kind(values: Floats, kinds: NDArray[np.str_], standing: Standing) -> Floats:
    """Rank or share among the entities of the same kind that have a figure; NaN for the others."""
    found = np.full(len(values), np.nan)
    for kind in np.unique(kinds):
        rows = np.flatnonzero((kinds == kind) & ~np.isnan(values))
        those = values[rows]
        if standing is Standing.RANK:
            found[rows] = len(those) - np.searchsorted(np.sort(those), those, side="right") + 1
        elif those.sum() > 0:
            found[rows] = those / those.sum()
    return found
