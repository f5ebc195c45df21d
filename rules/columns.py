"""Columns: the names that a rule's expressions may use, and what each of them means."""

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

from agent.domain.lever import Lever

LONGEST_WINDOW_DAYS = 90


class Unit(StrEnum):
    """How the figures of a column are written for people; also whether it holds numbers at all."""

    MONEY = "money"  # currency units
    COUNT = "count"
    PERCENT = "percent"  # a share, 0.34 is 34 %
    RATIO = "ratio"
    DAYS = "days"
    RANK = "rank"
    TEXT = "text"
    FLAG = "flag"  # true or false

    @property
    def is_number(self) -> bool:
        return self not in (Unit.TEXT, Unit.FLAG)


class Standing(StrEnum):
    """How an entity stands among the entities of its kind in the portfolio."""

    RANK = "rank"  # 1 is the highest
    SHARE = "share"  # of the sum


@dataclass(frozen=True, slots=True)
class Window:
    """`days` days up to yesterday, or (`previous`) the same number of days before those."""

    days: int
    previous: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        base: The metric, lever or fact that it is made of ("cpa" for "rank_cpa_14d").
        window: None for levers and facts, which have none.
        standing: None for the entity's own figure.
    """

    name: str
    base: str
    unit: Unit
    window: Window | None = None
    standing: Standing | None = None


SUMS = {
    "cost": Unit.MONEY,
    "impressions": Unit.COUNT,
    "clicks": Unit.COUNT,
    "conversions": Unit.COUNT,
    "conversion_value": Unit.MONEY,
}
RATIOS = {
    "ctr": Unit.PERCENT,
    "cpc": Unit.MONEY,
    "cvr": Unit.PERCENT,
    "cpa": Unit.MONEY,
    "roas": Unit.RATIO,
}
DIVIDES = {
    "ctr": ("clicks", "impressions"),
    "cpc": ("cost", "clicks"),
    "cvr": ("conversions", "clicks"),
    "cpa": ("cost", "conversions"),
    "roas": ("conversion_value", "cost"),
}
"""What each ratio divides by what."""
SHARES = {
    "search_impression_share": Unit.PERCENT,
    "search_budget_lost_impression_share": Unit.PERCENT,
    "search_rank_lost_impression_share": Unit.PERCENT,
}
METRICS = {**SUMS, **RATIOS, **SHARES, "maturity": Unit.PERCENT}
"""What has a window."""

LEVERS = {
    **{lever.value: Unit.MONEY for lever in Lever if lever.is_money},
    Lever.TARGET_ROAS.value: Unit.RATIO,
    Lever.STATUS.value: Unit.TEXT,
}
FACTS = {
    **LEVERS,
    "goal_cpa": Unit.MONEY,
    "goal_roas": Unit.RATIO,
    "age": Unit.DAYS,
    "learning": Unit.FLAG,
    "name": Unit.TEXT,
    "id": Unit.TEXT,
    "kind": Unit.TEXT,
    "platform": Unit.TEXT,
    "account": Unit.TEXT,
    "channel": Unit.TEXT,
    "bidding": Unit.TEXT,
    "labels": Unit.TEXT,
    "weekday": Unit.TEXT,
}
"""What has no window."""

CONVERSION_BASED = frozenset({"conversions", "conversion_value", "cvr", "cpa", "roas"})
"""Figures that keep growing for weeks, because platforms restate conversions."""

_NAME = re.compile(r"(?:(rank|share)_)?([a-z_]+?)(?:_(\d{1,3})d(_prev)?)?")


def column_named(name: str) -> Column | None:
    """Read a column's name; None when there is no such column."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    standing = Standing(match[1]) if match[1] else None
    base, days = match[2], match[3]
    if days is None:
        window = None
        unit = FACTS.get(base)
    else:
        window = Window(int(days), previous=match[4] is not None)
        unit = METRICS.get(base) if 1 <= window.days <= LONGEST_WINDOW_DAYS else None
    if unit is None:
        return None
    match standing:
        case Standing.RANK:
            return Column(name, base, Unit.RANK, window, standing) if unit.is_number else None
        case Standing.SHARE:
            sums_up = base in SUMS or base == Lever.DAILY_BUDGET
            return Column(name, base, Unit.PERCENT, window, standing) if sums_up else None
        case None:
            return Column(name, base, unit, window)


def column_of(base: str, window: Window | None) -> Column:
    """The column of an entity's own figure: a metric over a window, or a lever or fact without."""
    if window is None:
        return Column(base, base, FACTS[base])
    return Column(f"{base}_{window.days}d{'_prev' if window.previous else ''}", base, METRICS[base], window)


def suggestion(name: str) -> str:
    """What the writer of an unknown column most likely meant, as the end of a message."""
    match = _NAME.fullmatch(name)
    if match is not None and match[3] is not None and match[2] in METRICS:
        if not 1 <= int(match[3]) <= LONGEST_WINDOW_DAYS:
            return f"windows are 1 to {LONGEST_WINDOW_DAYS} days"
        return f"only sums have a share, such as share_cost_{match[3]}d"
    if name in METRICS:
        return f"did you mean {name}_14d?"
    days = next((found for found in re.findall(r"\d{1,2}", name) if int(found) > 0), "14")
    prefix = next((f"{standing}_" for standing in Standing if name.startswith(f"{standing}_")), "")
    windowed = [f"{prefix}{metric}_{int(days)}d{end}" for metric in METRICS for end in ("", "_prev")]
    facts = [f"{prefix}{fact}" for fact in FACTS]
    known = [candidate for candidate in windowed + facts if column_named(candidate) is not None]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else "docs/rules.md lists the columns"
