"""How a month's money is meant to fall on its days."""

import numpy as np
import pytest

from agent.domain.month.curve import Curve

NOVEMBER = np.arange(np.datetime64("2026-11-01"), np.datetime64("2026-12-01"))  # the 1st is a Sunday
USUAL = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.9, 0.8])


def weights(text: str) -> list[float]:
    """Of the first 10 days of November 2026."""
    return Curve.parse(text).weights(NOVEMBER, USUAL)[:10].tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("even", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
        ("weekdays", [0.8, 1.2, 1.1, 1, 1, 1, 0.9, 0.8, 1.2, 1.1]),
        ("sun 0.5", [0.5, 1, 1, 1, 1, 1, 1, 0.5, 1, 1]),
        ("sat-mon 2", [2, 2, 1, 1, 1, 1, 2, 2, 2, 1]),
        ("1-3 2, 9 0", [2, 2, 2, 1, 1, 1, 1, 1, 0, 1]),
        ("sun 0.5, 1-3 2", [1, 2, 2, 1, 1, 1, 1, 0.5, 1, 1]),
        ("1-9 2,3 5", [2, 2, 5, 2, 2, 2, 2, 2, 2, 1]),
    ],
)
def test_days_have_the_weights_that_were_written(text: str, expected: list[float]) -> None:
    assert weights(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "odd",
        "mon",
        "mon -1",
        "mon 1e9",
        "32 1",
        "9-3 1",
        "mon-5 1",
        "1-28 0",
        "mon-sun 0",
        "mon 1;",
        "tue-sun 0, 2-31 0",
    ],
)
def test_whatever_else_is_written_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match=r"(is|are) right"):
        Curve.parse(text)


@pytest.mark.parametrize("text", ["mon-fri 0, 1-21 0", "tue-sun 0, 1-21 0", "2-31 0", "tue-sun 0"])
def test_a_plan_that_is_accepted_has_money_for_every_month(text: str) -> None:
    """2026 to 2053 hold every first weekday with every length."""
    curve = Curve.parse(text)

    for month in np.arange(np.datetime64("2026-01"), np.datetime64("2054-01")):
        days = np.arange(month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]"))
        assert curve.weights(days, USUAL).sum() > 0
