"""Broken: an adapter that is asked through one twisted method."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

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

Twist = Callable[..., Any]
"""Gets the honest adapter and what the method was asked; gives what the broken one answers."""


class Broken:
    """Passes everything on but what is twisted."""

    def __init__(self, inner: Adapter, twists: Mapping[str, Twist]) -> None:
        self._inner = inner
        self._twists = twists

    def account(self) -> Account:
        return self._ask("account")

    def entities(self) -> EntityTable:
        return self._ask("entities")

    def metrics(self, since: date, until: date) -> MetricsTable:
        return self._ask("metrics", since, until)

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return self._ask("hours", since, until)

    def advice(self) -> Advice:
        return self._ask("advice")

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        return self._ask("read", levers)

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._ask("rehearse", changes)

    def history(self, since: datetime) -> Sequence[Edit]:
        return self._ask("history", since)

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._ask("apply", changes)

    def _ask(self, method: str, *asked: Any) -> Any:
        twist = self._twists.get(method)
        return getattr(self._inner, method)(*asked) if twist is None else twist(self._inner, *asked)


def rows_of(table: MetricsTable, rows: Any) -> MetricsTable:
    """These rows of the table, in this order."""
    columns = {
        name: getattr(table, name)
        for name in table.__slots__
        if isinstance(getattr(table, name), np.ndarray) and getattr(table, name).shape == (len(table),)
    }
    return replace(table, **{name: column[rows] for name, column in columns.items()})


def each_time_another(change: Callable[[Any, int], Any], method: str) -> Twist:
    """A method whose answer is changed by how often it was asked before."""
    asked: list[None] = []

    def twisted(inner: Adapter, *args: Any) -> Any:
        asked.append(None)
        return change(getattr(inner, method)(*args), len(asked))

    return twisted


def remembered(method: str) -> Twist:
    """A method that answers from memory what it was asked before."""
    known: dict[Any, Any] = {}

    def twisted(inner: Adapter, *args: Any) -> Any:
        key = repr(args)
        if key not in known:
            known[key] = getattr(inner, method)(*args)
        return known[key]

    return twisted


def or_else(method: str, otherwise: Callable[..., Any]) -> Twist:
    """A method that swallows errors: `otherwise` gets the error and what was asked."""

    def twisted(inner: Adapter, *args: Any) -> Any:
        try:
            return getattr(inner, method)(*args)
        except Exception as error:  # noqa: BLE001  # that is what is wrong with it
            return otherwise(error, *args)

    return twisted


def each_receipt(change: Callable[[Receipt, Change], Receipt], method: str = "apply") -> Twist:
    """A write whose receipts are not those that it was given."""

    def twisted(inner: Adapter, changes: Sequence[Change]) -> list[Receipt]:
        receipts = getattr(inner, method)(changes)
        return [change(receipt, asked) for receipt, asked in zip(receipts, changes, strict=True)]

    return twisted


def each_change(change: Callable[[Change], Change]) -> Twist:
    """A write that asks for something else."""
    return lambda inner, changes: inner.apply([change(each) for each in changes])
