"""Metrics export: daily figures as a table, one row for each entity and known day. Pure."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from agent.report.account_report import Figures
from agent.report.export_tables import REAL, TEXT, WHOLE, Schema

METRICS: Schema = {
    "account": TEXT,
    "day": pl.Date(),
    "kind": TEXT,
    "entity_id": TEXT,
    "name": TEXT,
    "channel": TEXT,
    "currency": TEXT,
    "cost": TEXT,
    "cost_micros": WHOLE,
    "impressions": WHOLE,
    "clicks": WHOLE,
    "conversions": REAL,
    "conversion_value": TEXT,
    "conversion_value_micros": WHOLE,
    "search_impression_share": REAL,
    "reported": REAL,
}


def metrics_table(found: Iterable[Figures]) -> pl.DataFrame:
    """Known days alone, by account, day, kind and id: a day that is not known has no row."""
    return pl.concat([pl.DataFrame(schema=METRICS), *(_metrics(one) for one in found)])


def _metrics(one: Figures) -> pl.DataFrame:
    metrics = one.metrics
    order = np.lexsort((one.ids, one.kinds))
    days, rows = np.nonzero(metrics.known[order].T)
    rows = order[rows]
    cost, value = metrics.cost_micros[rows, days], metrics.conversion_value_micros[rows, days]
    share = pl.Series(metrics.search_impression_share[rows, days]).fill_nan(None)
    account = one.account
    return pl.DataFrame(
        {
            "account": pl.repeat(str(account.id), len(rows), dtype=pl.String, eager=True),
            "day": pl.Series(one.days[days].astype("datetime64[D]")).cast(pl.Date),
            "kind": pl.Series(one.kinds[rows].tolist(), dtype=pl.String),
            "entity_id": pl.Series(one.ids[rows].tolist(), dtype=pl.String),
            "name": pl.Series(one.names[rows].tolist(), dtype=pl.String),
            "channel": pl.Series(one.channels[rows].tolist(), dtype=pl.String),
            "currency": pl.repeat(account.currency, len(rows), dtype=pl.String, eager=True),
            "cost": _amounts(cost),
            "cost_micros": cost,
            "impressions": metrics.impressions[rows, days],
            "clicks": metrics.clicks[rows, days],
            "conversions": metrics.conversions[rows, days],
            "conversion_value": _amounts(value),
            "conversion_value_micros": value,
            "search_impression_share": share,
            "reported": one.reported[rows, days],
        },
        schema=METRICS,
    )


def _amounts(micros: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pl.Series:
    """Exact decimal text with six decimals, without a float on the way."""
    number = pl.Series(micros)
    whole, rest = number.abs() // 1_000_000, number.abs() % 1_000_000
    sign = pl.select(pl.when(number < 0).then(pl.lit("-")).otherwise(pl.lit(""))).to_series()
    return sign + whole.cast(pl.String) + "." + rest.cast(pl.String).str.zfill(6)
