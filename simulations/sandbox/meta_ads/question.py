"""Question: what a call asks of insights: which objects, days and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from simulations.sandbox.meta_ads.call import MANNERS, Call
from simulations.sandbox.meta_ads.fields import fields_of
from simulations.sandbox.meta_ads.names import INSIGHTS
from simulations.sandbox.meta_ads.refusal import PARAMETER, TOO_LONG_AGO, Refusal

HOUR = "hourly_stats_aggregated_by_advertiser_time_zone"
LEVELS = ("account", "campaign", "adset")
WINDOWS = ("1d_view", "1d_click", "7d_click", "28d_click")
"""Attribution windows that are left; 7d_view and 28d_view were taken away in January 2026."""

_KNOWN = frozenset(
    {"level", "fields", "time_range", "date_preset", "time_increment", "breakdowns", "filtering", "limit",
     "after", "before", "action_attribution_windows", "use_unified_attribution_setting",
     "action_report_time", "use_account_attribution_setting", "summary", "sort", "async", "action_breakdowns"}
)  # fmt: skip
_OLDEST_DAYS = 37 * 31
_ALL = 100_000


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on rows; `values` are text."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, checked.

    Attributes:
        since, until: Both included, in the account's zone.
        step_days: Days in one row; more than there are: one row for all of them.
        is_hourly: One row for each hour of the day.
        windows: Attribution windows that are asked for besides the usual one.
    """

    level: str
    fields: tuple[str, ...]
    since: date
    until: date
    step_days: int
    is_hourly: bool
    windows: tuple[str, ...]
    filters: tuple[Filter, ...]


def read(call: Call, *, level: str, today: date) -> Question:
    """Read the parameters of a call for insights.

    Args:
        level: Of the object that is asked about.

    Raises:
        Refusal: With what Meta would answer, or that the sandbox does not do it.
    """
    unknown = sorted(set(call.params) - _KNOWN - MANNERS)
    if unknown:
        raise Refusal(PARAMETER, f"The sandbox does not know the parameter {unknown[0]}", blame=unknown)
    asked = call.params.get("level", level)
    if asked not in LEVELS or LEVELS.index(asked) < LEVELS.index(level):
        raise Refusal(PARAMETER, f"level was {asked}; the sandbox has {', '.join(LEVELS)}", blame=["level"])
    breakdowns = call.listed("breakdowns")
    if set(breakdowns) - {HOUR}:
        raise Refusal(PARAMETER, f"The sandbox breaks down by {HOUR} only", blame=["breakdowns"])
    if call.params.get("sort", "[]") != "[]" or call.params.get("action_breakdowns", "[]") != "[]":
        raise Refusal(PARAMETER, "The sandbox neither sorts nor breaks actions down", blame=["sort"])
    since, until = _days(call, today)
    return Question(
        level=asked,
        fields=fields_of(call, INSIGHTS, "AdsInsights", ("impressions", "spend")),
        since=since,
        until=until,
        step_days=_step(call),
        is_hourly=bool(breakdowns),
        windows=_windows(call),
        filters=tuple(_filters(call.parsed("filtering") or [])),
    )


def _days(call: Call, today: date) -> tuple[date, date]:
    given = call.parsed("time_range")
    if given is None:
        return _preset(call.params.get("date_preset", "last_30d"), today)
    try:
        since, until = date.fromisoformat(given["since"]), date.fromisoformat(given["until"])
    except (TypeError, KeyError, ValueError):
        raise Refusal(
            PARAMETER, "Must be {'since':YYYY-MM-DD,'until':YYYY-MM-DD}", blame=["time_range"]
        ) from None
    if until < since:
        raise Refusal(PARAMETER, "The since date must be before the until date", blame=["time_range"])
    if since < today - timedelta(days=_OLDEST_DAYS):
        raise Refusal(
            TOO_LONG_AGO, "The start date of the time range cannot be beyond 37 months from the current date"
        )
    return since, until


def _preset(word: str, today: date) -> tuple[date, date]:
    yesterday = today - timedelta(days=1)
    first = today.replace(day=1)
    last_month = first - timedelta(days=1)
    presets: Mapping[str, tuple[date, date]] = {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        **{f"last_{n}d": (today - timedelta(days=n), yesterday) for n in (3, 7, 14, 28, 30, 90)},
        "this_month": (first, today),
        "last_month": (last_month.replace(day=1), last_month),
        "maximum": (today - timedelta(days=_OLDEST_DAYS), today),
    }
    if word not in presets:
        raise Refusal(PARAMETER, f"The sandbox does not know date_preset {word}", blame=["date_preset"])
    return presets[word]


def _step(call: Call) -> int:
    word = call.params.get("time_increment", "all_days").strip('"')
    if word == "all_days":
        return _ALL
    if not word.isdigit() or not 1 <= int(word) <= 90:
        raise Refusal(
            PARAMETER,
            f"time_increment was {word}; 1 to 90 and all_days are right here",
            blame=["time_increment"],
        )
    return int(word)


def _windows(call: Call) -> tuple[str, ...]:
    asked = call.listed("action_attribution_windows")
    wrong = [window for window in asked if window not in (*WINDOWS, "default")]
    if wrong:
        raise Refusal(
            PARAMETER,
            f"(action_attribution_windows) must be one of {', '.join(WINDOWS)}; {wrong[0]} is not",
            blame=["action_attribution_windows"],
        )
    return tuple(window for window in WINDOWS if window in asked)


def _filters(given: Any) -> Sequence[Filter]:
    found = []
    entries: list[Any] = given if isinstance(given, list) else [None]
    for each in entries:
        try:
            values = each["value"] if isinstance(each["value"], list) else [each["value"]]
            found.append(Filter(str(each["field"]), str(each["operator"]), tuple(map(str, values))))
        except (TypeError, KeyError):
            raise Refusal(
                PARAMETER, "Must be a list of {field, operator, value}", blame=["filtering"]
            ) from None
    for each in found:
        if each.field not in ("campaign.id", "adset.id") or each.operator not in ("IN", "EQUAL"):
            raise Refusal(
                PARAMETER,
                f"The sandbox filters by campaign.id and adset.id with IN or EQUAL, not by {each.field}"
                f" with {each.operator}",
                blame=["filtering"],
            )
    return found
