"""Columns: which header of an export holds which of our figures."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from agent.domain.errors import Mistake


class Column(StrEnum):
    """What a file may hold; the values are the keys of ``options.columns``."""

    DATE = "date"
    CAMPAIGN = "campaign"
    CAMPAIGN_ID = "campaign_id"
    COST = "cost"
    IMPRESSIONS = "impressions"
    CLICKS = "clicks"
    CONVERSIONS = "conversions"
    CONVERSION_VALUE = "conversion_value"
    DAILY_BUDGET = "daily_budget"
    STATUS = "status"
    LABELS = "labels"
    CHANNEL = "channel"
    SEARCH_IMPRESSION_SHARE = "search_impression_share"
    SEARCH_BUDGET_LOST_IMPRESSION_SHARE = "search_budget_lost_impression_share"
    SEARCH_RANK_LOST_IMPRESSION_SHARE = "search_rank_lost_impression_share"


COUNTS = (Column.IMPRESSIONS, Column.CLICKS)
MONEY = (Column.COST, Column.CONVERSION_VALUE, Column.DAILY_BUDGET)
SHARES = (
    Column.SEARCH_IMPRESSION_SHARE,
    Column.SEARCH_BUDGET_LOST_IMPRESSION_SHARE,
    Column.SEARCH_RANK_LOST_IMPRESSION_SHARE,
)
METRICS = (Column.COST, *COUNTS, Column.CONVERSIONS, Column.CONVERSION_VALUE)
"""Missing is not zero: a file must hold all of these, or say that it holds none."""

ALIASES: Mapping[Column, Sequence[str]] = {
    Column.DATE: ("date", "day", "segments.date", "c date", "reporting starts", "report date"),
    Column.CAMPAIGN: ("campaign", "campaign name", "campaign.name"),
    Column.CAMPAIGN_ID: ("campaign id", "campaign.id"),
    Column.COST: ("cost", "spend", "amount spent", "spent", "total spent", "mark spent", "ad spend"),
    Column.IMPRESSIONS: ("impressions", "impr", "metrics.impressions"),
    Column.CLICKS: ("clicks", "link clicks", "clicks (all)", "metrics.clicks"),
    Column.CONVERSIONS: ("conversions", "conv", "purchases", "orders", "results", "leads"),
    Column.CONVERSION_VALUE: (
        "conversion value",
        "conversions value",
        "conv value",
        "total conv value",
        "purchases conversion value",
        "purchase value",
        "revenue",
    ),
    Column.DAILY_BUDGET: ("daily budget", "budget", "campaign budget", "ad set budget"),
    Column.STATUS: ("status", "campaign status", "campaign state", "delivery", "campaign delivery"),
    Column.LABELS: ("labels", "label", "campaign labels"),
    Column.CHANNEL: ("channel", "campaign type", "advertising channel type"),
    Column.SEARCH_IMPRESSION_SHARE: ("search impression share", "search impr share"),
    Column.SEARCH_BUDGET_LOST_IMPRESSION_SHARE: (
        "search budget lost impression share",
        "search lost is (budget)",
    ),
    Column.SEARCH_RANK_LOST_IMPRESSION_SHARE: ("search rank lost impression share", "search lost is (rank)"),
}
"""Header names of common exports, the best first; case, spaces and punctuation do not count."""


def locate(
    headers: Sequence[str], named: Mapping[Column, str], currency: str, where: str, faults: list[Mistake]
) -> dict[Column, str]:
    """Find each column's header.

    Args:
        named: From ``options.columns``; "" says that the file holds no such column.
        where: The file, for faults.
        faults: Gets one for each column that is missing, ambiguous or in another currency.
    """
    plain: dict[str, list[str]] = {}
    for header in headers:
        plain.setdefault(_plain(header), []).append(header)

    located: dict[Column, str] = {}
    missing: list[Column] = []
    for column in Column:
        if named.get(column) == "":
            continue
        wanted = [named[column]] if column in named else ALIASES[column]
        candidates = next((plain[_plain(name)] for name in wanted if _plain(name) in plain), [])
        exact = [header for header in candidates if column in named and header == named[column]]
        if len(exact or candidates) > 1:
            found = f"{' and '.join(repr(header) for header in candidates)} could both be {column}"
            faults.append(Mistake(where, found, f"options.columns.{column} says which"))
        elif candidates:
            located[column] = (exact or candidates)[0]
        elif column in named:
            faults.append(
                Mistake(f"options.columns.{column}", f"no column {named[column]!r}", _choice(headers))
            )
        elif column in (Column.DATE, *METRICS):
            missing.append(column)
    if not {Column.CAMPAIGN, Column.CAMPAIGN_ID} & located.keys():
        missing.append(Column.CAMPAIGN)
    faults += [_missing(column, headers if column is missing[0] else (), where) for column in missing]
    for column in MONEY:
        code = re.search(r"\(([A-Z]{3})\)\s*$", located.get(column, ""))
        if code is not None and code[1] != currency:
            found = f"column {located[column]!r} is in {code[1]}"
            faults.append(Mistake(where, found, f"options.currency is {currency}"))
    return located


def _missing(column: Column, headers: Sequence[str], where: str) -> Mistake:
    """The fault of a column that is not there; lists the file's headers unless they are left out."""
    none = f', or to "" where the file has no {column}' if column in METRICS else ""
    choice = f"; {_choice(headers)}" if headers else ""
    expected = f"set options.columns.{column} to one of its columns{none}{choice}"
    return Mistake(where, f"no column for {column} was found", expected)


def _choice(headers: Sequence[str]) -> str:
    return f"it has {', '.join(header for header in headers if header.strip()) or 'none'}"


def _plain(header: str) -> str:
    """A header without case, punctuation, spaces and a currency such as ``(EUR)``."""
    return re.sub(r"[\W_]", "", re.sub(r"\([A-Z]{3}\)\s*$", "", header)).casefold()
