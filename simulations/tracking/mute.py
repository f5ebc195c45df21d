"""Mute: an account whose conversions are not counted for a while; clicks and costs go on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np

from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Edit, Receipt
from agent.domain.plan import Change
from agent.domain.ref import Ref
from agent.ports.platform import Adapter

_Cell = tuple[str, str, date]


class Mute:
    """Passes every call on; what is counted while `muted` is lost for ever.

    Attributes:
        muted: To be set from outside.
        share: Of what is new while it is muted, so much is counted all the same.
    """

    def __init__(self, adapter: Adapter, *, share: float = 0.0) -> None:
        self.muted = False
        self.share = share
        self._adapter = adapter
        self._true: dict[_Cell, float] = {}
        self._lost: dict[_Cell, float] = {}

    def account(self) -> Account:
        return self._adapter.account()

    def entities(self) -> EntityTable:
        return self._adapter.entities()

    def metrics(self, since: date, until: date) -> MetricsTable:
        table = self._adapter.metrics(since, until)
        told = np.empty(len(table))
        for row in range(len(table)):
            cell = (str(table.kinds[row]), str(table.ids[row]), table.days[row].item())
            true = float(table.conversions[row])
            if self.muted:
                new = true - self._true.get(cell, 0.0)
                self._lost[cell] = self._lost.get(cell, 0.0) + (1.0 - self.share) * new
            self._true[cell] = true
            told[row] = true - self._lost.get(cell, 0.0)
        left = np.divide(told, table.conversions, out=np.ones(len(table)), where=table.conversions > 0)
        return replace(
            table,
            conversions=told,
            conversion_value_micros=np.rint(left * table.conversion_value_micros).astype(np.int64),
            conversions_by_conversion_date=None,
            conversion_value_by_conversion_date_micros=None,
        )

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return self._adapter.hours(since, until)

    def advice(self) -> Advice:
        return self._adapter.advice()

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        return self._adapter.read(levers)

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._adapter.rehearse(changes)

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._adapter.apply(changes)

    def history(self, since: datetime) -> Sequence[Edit]:
        return self._adapter.history(since)
