"""Tables: figures of several kinds of entities as one table."""

from dataclasses import fields, replace
from typing import Any

import numpy as np

from agent.domain.entity import Strings
from agent.domain.metrics import MetricsTable


def below(table: MetricsTable, more: MetricsTable, ids: Strings) -> MetricsTable:
    """Both, of the same days; of `more`, which does not date conversions by their own day, only these ids."""
    rows = np.flatnonzero(np.isin(more.ids, ids))
    if not len(rows):
        return table
    n = len(rows)
    columns: dict[str, Any] = {
        field.name: np.concatenate([getattr(table, field.name), getattr(more, field.name)[rows]])
        for field in fields(MetricsTable)
        if field.name not in ("since", "until", "partial_since") and getattr(more, field.name) is not None
    }
    own, value = table.conversions_by_conversion_date, table.conversion_value_by_conversion_date_micros
    if own is not None and value is not None:
        columns["conversions_by_conversion_date"] = np.concatenate([own, np.full(n, np.nan)])
        columns["conversion_value_by_conversion_date_micros"] = np.concatenate(
            [value, np.zeros(n, dtype=np.int64)]
        )
    return replace(table, **columns)
