"""Joining: tables of several accounts as tables of one. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.domain.advice import Advice, ResponseCurve, Window
from agent.domain.entity import Account, EntityTable, Flags, LeverColumn, Numbers, Strings
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable
from agent.domain.ref import AccountId

_WORDS = ("kinds", "names", "channels", "bidding", "locked")
_TOLD = ("conversions_by_conversion_date", "conversion_value_by_conversion_date_micros")


def joined_entities(account: Account, tables: Sequence[EntityTable]) -> EntityTable:
    """All entities, sorted; ids and parents begin with their home."""
    used = [lever for lever in Lever if any(lever in table.levers for table in tables)]
    whole = EntityTable(
        account=account,
        ids=_joined([at_home(table.account.id, table.ids) for table in tables]),
        parents=_joined([at_home(table.account.id, table.parents) for table in tables]),
        labels=tuple(labels for table in tables for labels in table.labels),
        started=_joined([table.started for table in tables]),
        learning=_joined([table.learning for table in tables]),
        levers={
            lever: LeverColumn(
                _joined([_numbers(table, lever) for table in tables]),
                _joined([_present(table, lever) for table in tables]),
            )
            for lever in used
        },
        **{name: _joined([getattr(table, name) for table in tables]) for name in _WORDS},
    )
    return whole.take(np.lexsort((whole.ids, whole.kinds)))


def joined_metrics(
    tables: Mapping[AccountId, MetricsTable], since: np.datetime64, until: np.datetime64
) -> MetricsTable:
    """All rows; a day is over when it is over in every account."""
    first, *_ = tables.values()
    partial = [table.partial_since for table in tables.values() if table.partial_since is not None]
    columns = {
        name: _joined([getattr(table, name) for table in tables.values()])
        for name in MetricsTable.__dataclass_fields__
        if name not in ("since", "until", "partial_since", "ids", *_TOLD)
    }
    return replace(
        first,
        since=since,
        until=until,
        partial_since=min(partial, default=None),
        ids=_joined([at_home(id_, table.ids) for id_, table in tables.items()]),
        **columns,
        **_by_conversion_date(list(tables.values())),
    )


def joined_hours(tables: Mapping[AccountId, HourlyMetrics]) -> HourlyMetrics:
    first, *_ = tables.values()
    columns = {
        name: _joined([getattr(table, name) for table in tables.values()])
        for name in HourlyMetrics.__dataclass_fields__
        if name != "ids"
    }
    return replace(first, ids=_joined([at_home(id_, table.ids) for id_, table in tables.items()]), **columns)


def joined_advice(all_advice: Mapping[AccountId, Advice]) -> Advice:
    """All of it under the ids of the joint account; the lag as one curve, weighted by conversions."""
    told = [advice for advice in all_advice.values() if advice.reported and advice.reported_n > 0]
    n = sum(advice.reported_n for advice in told)
    longest = max((len(advice.reported) for advice in told), default=0)
    curves = [
        np.pad(np.array(one.reported), (0, longest - len(one.reported)), constant_values=1.0) for one in told
    ]
    pooled = sum(
        (curve * (one.reported_n / n) for curve, one in zip(curves, told, strict=True)), np.zeros(longest)
    )
    return Advice(
        windows=tuple(_window(id_, one) for id_, advice in all_advice.items() for one in advice.windows),
        responses=tuple(_curve(id_, one) for id_, advice in all_advice.items() for one in advice.responses),
        reported=tuple(pooled.tolist()),
        reported_n=n,
    )


def at_home(home: AccountId, ids: Strings) -> Strings:
    """These ids with their home before them; what is empty stays so."""
    prefix = f"{home}/"
    return np.array([f"{prefix}{id_}" if id_ else "" for id_ in ids.tolist()], dtype=np.str_)


def _window(home: AccountId, window: Window) -> Window:
    return replace(
        window,
        id=f"{home}/{window.id}",
        campaigns=tuple(f"{home}/{campaign}" for campaign in window.campaigns),
    )


def _curve(home: AccountId, curve: ResponseCurve) -> ResponseCurve:
    return replace(curve, id=f"{home}/{curve.id}")


def _by_conversion_date(tables: Sequence[MetricsTable]) -> dict[str, Any]:
    """Both columns, empty (NaN and 0) for accounts that do not tell; None when none does."""
    if all(table.conversions_by_conversion_date is None for table in tables):
        return dict.fromkeys(_TOLD)
    empty = (np.nan, 0)
    return {
        name: _joined(
            [
                np.full(len(table), nothing) if getattr(table, name) is None else getattr(table, name)
                for table in tables
            ]
        )
        for name, nothing in zip(_TOLD, empty, strict=True)
    }


def _numbers(table: EntityTable, lever: Lever) -> Numbers:
    column = table.levers.get(lever)
    return np.zeros(len(table), dtype=np.int64) if column is None else column.numbers


def _present(table: EntityTable, lever: Lever) -> Flags:
    column = table.levers.get(lever)
    return np.zeros(len(table), dtype=bool) if column is None else column.present


def _joined(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(columns)
