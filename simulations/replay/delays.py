"""Delays: which of a file's conversions would have been reported by a morning, had they been late."""

from dataclasses import replace

import numpy as np

from agent.domain.entity import Floats
from agent.domain.maturity import LagCurve
from agent.domain.metrics import MetricsTable


class Delays:
    """Each conversion of a table with a delay drawn from a lag curve.

    A whole conversion is drawn alone, a fraction as one. Conversions thus only ever grow with
    the morning that is asked, to the figure of the table.
    """

    def __init__(self, told: MetricsTable, curve: LagCurve, seed: int) -> None:
        self._told = told
        self._oldest = len(curve.reported) - 1
        chances = np.diff(curve.reported, prepend=0.0)
        rng = np.random.default_rng((seed, _order_free(told)))
        order = np.lexsort((told.days, told.ids))
        whole = np.floor(told.conversions[order]).astype(np.int64)
        drawn = np.asarray(rng.multinomial(whole, chances), dtype=np.float64)
        last = rng.choice(len(chances), size=len(told), p=chances)
        rest = told.conversions[order] - whole
        drawn[np.arange(len(told)), last] += rest
        self._reported: Floats = np.empty_like(drawn)
        self._reported[order] = drawn.cumsum(axis=1)

    def known_on(self, morning: np.datetime64) -> MetricsTable:
        """The table as of that local date; days from it on are not to be asked for."""
        told = self._told
        ages = np.clip((morning - told.days).astype(np.int64), 0, self._oldest)
        conversions = self._reported[np.arange(len(told)), ages]
        conversions = np.where(ages == self._oldest, told.conversions, conversions)
        share = np.divide(
            conversions, told.conversions, out=np.ones_like(conversions), where=told.conversions > 0
        )
        value = np.rint(told.conversion_value_micros * share).astype(np.int64)
        return replace(told, conversions=conversions, conversion_value_micros=value)


def _order_free(told: MetricsTable) -> int:
    """A number of the table's days alone, so that two files do not share their luck."""
    return int(told.since.astype(np.int64)) & 0xFFFFFFFF
