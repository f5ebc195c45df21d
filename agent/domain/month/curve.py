"""Curve: how the money of a month is meant to fall on its days."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Days, Floats

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(
    r"(?P<first>[a-z]{3}|\d{1,2})(?:-(?P<last>[a-z]{3}|\d{1,2}))? (?P<weight>\d{1,3}(?:\.\d{1,3})?)"
)
_SHORTEST_MONTH = 28
_RIGHT = "'even', 'weekdays', or weights of days such as 'sat-sun 0.5, 24-26 0' is right"


@dataclass(frozen=True, slots=True)
class Curve:
    """Weights of days; a day gets its weight's share of the month's money.

    Attributes:
        text: As it is written in config.toml.
        by_weekday: Monday first; None: as much as is usually spent on each weekday.
        by_day: Of the days of a month, 31 of them.
    """

    text: str
    by_weekday: tuple[float, ...] | None
    by_day: tuple[float, ...]

    @classmethod
    def parse(cls, text: str) -> "Curve":
        """Read ``"even"``, ``"weekdays"`` or weights such as ``"sat-sun 0.5, 1-7 2, 24-26 0"``.

        A day that is not named has weight 1; weights of a weekday and of a day of the month
        multiply, and of two for one day the later counts.

        Raises:
            ValueError: The text has another form, or leaves a month without any money.
        """
        by_weekday, by_day = [1.0] * 7, [1.0] * 31
        if text == "weekdays":
            return cls(text, None, tuple(by_day))
        for part in text.split(",") if text != "even" else ():
            match = _PART.fullmatch(part.strip())
            if match is None:
                raise ValueError(f"plan was {text!r}, {_RIGHT}")
            weights = by_day if match["first"].isdigit() else by_weekday
            for index in _indices(match["first"], match["last"] or match["first"], text):
                weights[index] = float(Decimal(match["weight"]))
        if _leaves_a_month_empty(by_weekday, by_day):
            raise ValueError(
                f"plan was {text!r}, at least one day above 0 in every month is right, "
                "on whichever weekday it begins"
            )
        return cls(text, tuple(by_weekday), tuple(by_day))

    def weights(self, days: Days, usual: Floats) -> Floats:
        """Weight of each day, shape as `days`, all at least 0.

        Args:
            usual: Shape (7,), what is usually spent on each weekday, 1 on average.
        """
        weekday = usual if self.by_weekday is None else np.array(self.by_weekday)
        weights: Floats = weekday[weekday_of(days)] * np.array(self.by_day)[_day_of_month(days)]
        return weights

    def __str__(self) -> str:
        return self.text


def _leaves_a_month_empty(by_weekday: Sequence[float], by_day: Sequence[float]) -> bool:
    """Whether no day of some month has any weight; of all months the shortest have the fewest days."""
    return any(
        not any(by_weekday[(first + day) % 7] * by_day[day] for day in range(_SHORTEST_MONTH))
        for first in range(7)
    )


EVEN = Curve.parse("even")


def weekday_of(days: Days) -> NDArray[np.intp]:
    """0 for Monday; shape as `days`."""
    weekday: NDArray[np.intp] = (days.astype("datetime64[D]").astype(np.intp) + 3) % 7
    return weekday


def _day_of_month(days: Days) -> NDArray[np.intp]:
    """0 for the first."""
    position: NDArray[np.intp] = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.intp)
    return position


def _indices(first: str, last: str, text: str) -> Iterator[int]:
    """Positions from one day to the other; a week goes round, a month does not."""
    if first in _WEEKDAYS and last in _WEEKDAYS:
        start = _WEEKDAYS.index(first)
        for step in range((_WEEKDAYS.index(last) - start) % 7 + 1):
            yield (start + step) % 7
    elif first.isdigit() and last.isdigit() and 1 <= int(first) <= int(last) <= 31:
        yield from range(int(first) - 1, int(last))
    else:
        raise ValueError(f"plan was {text!r}, days such as 'mon', 'sat-sun', '5' or '24-26' are right")
