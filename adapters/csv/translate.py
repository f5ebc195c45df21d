"""Translate: typed rows of an export as entities and metrics. Pure."""

from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from adapters.csv.columns import METRICS, SHARES, Column
from adapters.csv.words import labels_of
from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind

_BUDGET_DAYS = 7
_STATUS_NUMBERS = {"enabled": 1, "paused": 0}


def entities(rows: pl.DataFrame, account: Account, today: date, *, assume_budgets: bool) -> EntityTable:
    """Campaigns as the rows before `today` show them; what was removed by then is left out.

    Args:
        rows: As of `load`.
        assume_budgets: Take the mean daily cost of the last 7 days of the file (of the
            campaign's own days where it is younger), rounded up, for the daily budget. What
            cost nothing has none.
    """
    past = rows.filter(pl.col(Column.DATE) < today)
    first_day, last_day = _span(past)
    known = (
        past.group_by(Column.CAMPAIGN_ID, maintain_order=True)
        .agg(
            pl.col(Column.CAMPAIGN).last(),
            pl.col(Column.DATE).min().alias("started"),
            *(
                pl.col(column).drop_nulls().last()
                for column in (Column.DAILY_BUDGET, Column.STATUS, Column.LABELS, Column.CHANNEL)
            ),
            _mean_cost(last_day).alias("mean_cost"),
        )
        .filter(pl.col(Column.STATUS).ne_missing("removed"))
    )
    unit = account.unit_micros
    if assume_budgets:
        budgets = (known["mean_cost"] + unit - 1) // unit * unit
    else:
        budgets = known[Column.DAILY_BUDGET] // unit * unit
    levers = {Lever.DAILY_BUDGET: [micros or None for micros in budgets]}
    if known[Column.STATUS].is_not_null().any():
        levers[Lever.STATUS] = [_STATUS_NUMBERS.get(status) for status in known[Column.STATUS]]
    started = known["started"].to_numpy().astype("datetime64[D]")
    return entity_table(
        account,
        known[Column.CAMPAIGN_ID].to_list(),
        names=known[Column.CAMPAIGN].to_list(),
        channels=known[Column.CHANNEL].fill_null("").str.to_lowercase().to_list(),
        labels=[labels_of(text) for text in known[Column.LABELS]],
        # Who was there on the file's first day may be older than the file.
        started=np.where(started == np.datetime64(first_day, "D"), np.datetime64("NaT"), started),
        levers=levers,
    )


def metrics(rows: pl.DataFrame, since: date, until: date, today: date) -> MetricsTable:
    """Figures of the days that were asked for and that lie within the file's own.

    A file that holds none of them gives a table that speaks for no day (`until` before `since`).
    """
    first, last = _span(rows)
    assert first is not None  # a file without rows is not loaded
    assert last is not None
    since, until = max(since, first), min(until, last)
    inside = rows.filter(pl.col(Column.DATE).is_between(since, until))
    numbers = {column: inside[column].to_numpy() for column in METRICS}
    shares: dict[Column, NDArray[np.float64]] = {
        column: inside[column].fill_null(np.nan).to_numpy() for column in SHARES
    }
    return MetricsTable(
        since=np.datetime64(since, "D"),
        until=np.datetime64(until, "D"),
        partial_since=np.datetime64(today, "D") if until >= today else None,
        kinds=np.full(len(inside), Kind.CAMPAIGN.value),
        ids=np.array(inside[Column.CAMPAIGN_ID].to_list(), dtype=np.str_),
        days=inside[Column.DATE].to_numpy().astype("datetime64[D]"),
        cost_micros=numbers[Column.COST],
        impressions=numbers[Column.IMPRESSIONS],
        clicks=numbers[Column.CLICKS],
        conversions=numbers[Column.CONVERSIONS],
        conversion_value_micros=numbers[Column.CONVERSION_VALUE],
        search_impression_share=shares[Column.SEARCH_IMPRESSION_SHARE],
        search_budget_lost_impression_share=shares[Column.SEARCH_BUDGET_LOST_IMPRESSION_SHARE],
        search_rank_lost_impression_share=shares[Column.SEARCH_RANK_LOST_IMPRESSION_SHARE],
    )


def _span(rows: pl.DataFrame) -> tuple[date | None, date | None]:
    """First and last day."""
    return rows.select(first=pl.col(Column.DATE).min(), last=pl.col(Column.DATE).max()).row(0)


def _mean_cost(last_day: date | None) -> pl.Expr:
    """Micros a day over the last 7 days up to `last_day`; days without a row cost nothing."""
    if last_day is None:
        return pl.lit(None, pl.Int64)
    since = last_day - timedelta(days=_BUDGET_DAYS - 1)
    cost = pl.col(Column.COST).filter(pl.col(Column.DATE) >= since).sum()
    n_days = (
        pl.lit(last_day) - pl.max_horizontal(pl.lit(since), pl.col(Column.DATE).min())
    ).dt.total_days() + 1
    return (cost + n_days - 1) // n_days
