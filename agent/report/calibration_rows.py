"""Calibration rows: how intervals have held, as plain records; what --json prints and tables show."""

import math
from typing import TypedDict

from agent.domain.calibration import Calibration


class CalibrationRow(TypedDict):
    """One strategy; shares within 0 and 1.

    `share_low` and `share_high` are the range of the true share with a confidence of 95 %. `bias`
    is what came true over what was expected, minus 1; `stretch` the factor by which the intervals
    would have had to be wider for 80 of 100 to hold. Both are None where there is no such number.
    """

    account: str
    strategy: str
    measured: int
    held: int
    share: float
    share_low: float
    share_high: float
    bias: float | None
    stretch: float | None
    verdict: str
    demoted: bool


def calibration_row(account: str, one: Calibration) -> CalibrationRow:
    """The record of one strategy."""
    return CalibrationRow(
        account=account,
        strategy=one.source,
        measured=one.n,
        held=one.held,
        share=one.held / one.n,
        share_low=one.low,
        share_high=one.high,
        bias=one.bias,
        stretch=one.stretch if math.isfinite(one.stretch) else None,
        verdict=one.reliability.value,
        demoted=one.demoted,
    )


def calibration_line(one: Calibration) -> str:
    """The same in a sentence, with what follows from it."""
    return f"{one}; {one.reliability}: its changes wait for a person" if one.demoted else str(one)
