"""Usage: how near the limits an account is, by the headers of every answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from math import isfinite
from typing import Any

SLOW_AT = 75.0  # per cent of a limit: calls are spread from here on
STOP_AT = 95.0  # and held back from here on, so that no limit is ever hit
_STOP_S = 300.0  # what is held back waits so long where Meta does not say; its scores fade in 300 s
_LONGEST_PAUSE_S = 2.0
_LONGEST_WAIT_S = 86_400.0  # whatever Meta asks for, it is asked again once a day


class Scope(Enum):
    """Reports have limits of their own."""

    INSIGHTS = "insights"
    MANAGEMENT = "management"


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of one header.

    Attributes:
        scope: None: both.
        wait_s: What Meta asks to wait; 0 when it does not.
    """

    scope: Scope | None
    percent: float
    wait_s: float = 0.0


@dataclass(slots=True)
class Usage:
    """What the last answers said. Not shared between processes."""

    _percent: dict[Scope, float] = field(default_factory=dict)
    _seen: dict[Scope, datetime] = field(default_factory=dict)
    _held_until: dict[Scope, datetime] = field(default_factory=dict)
    _refused_until: dict[Scope, datetime] = field(default_factory=dict)

    def note(self, headers: Mapping[str, str], now: datetime) -> float:
        """Read the headers of an answer; the longest wait that they ask for, seconds."""
        readings = readings_of(headers)
        for scope in Scope:
            mine = [reading for reading in readings if reading.scope in (None, scope)]
            if not mine:
                continue
            self._percent[scope] = max(reading.percent for reading in mine)
            self._seen[scope] = now
            wait_s = max(reading.wait_s for reading in mine)
            if wait_s == 0 and self._percent[scope] >= STOP_AT:
                wait_s = _STOP_S
            self._held_until[scope] = now + timedelta(seconds=min(wait_s, _LONGEST_WAIT_S))
        return max((reading.wait_s for reading in readings), default=0.0)

    def hold(self, scope: Scope, wait_s: float, now: datetime) -> None:
        """Remember a refusal that named a wait: calls that come before it ends are counted against us."""
        until = now + timedelta(seconds=min(wait_s, _LONGEST_WAIT_S))
        # Apart from what headers say: those of a call with another limit must not end it.
        self._refused_until[scope] = max(until, self._refused_until.get(scope, until))

    def wait_s(self, scope: Scope, now: datetime) -> float:
        """Seconds until a call may go; 0 when it may go now."""
        until = max(self._held_until.get(scope, now), self._refused_until.get(scope, now))
        return max(0.0, (until - now).total_seconds())

    def pause_s(self, scope: Scope, now: datetime) -> float:
        """Seconds to spread calls by, growing from `SLOW_AT` to `STOP_AT`."""
        if scope not in self._seen or now - self._seen[scope] > timedelta(seconds=_STOP_S):
            return 0.0  # it has faded since
        if self._held_until.get(scope, self._seen[scope]) > self._seen[scope]:
            return 0.0  # it was waited for
        above = (self._percent[scope] - SLOW_AT) / (STOP_AT - SLOW_AT)
        return _LONGEST_PAUSE_S * min(1.0, max(0.0, above))


def readings_of(headers: Mapping[str, str]) -> list[Reading]:
    """The figures of all usage headers; a header that cannot be read tells nothing. Pure."""
    lower = {name.lower(): value for name, value in headers.items()}
    app = _json(lower.get("x-app-usage"))
    account = _json(lower.get("x-ad-account-usage"))
    reports = _json(lower.get("x-fb-ads-insights-throttle"))
    readings = []
    if app:
        readings.append(Reading(None, _highest(app, "call_count", "total_time", "total_cputime")))
    if account:
        percent = _highest(account, "acc_id_util_pct")
        readings.append(
            Reading(
                Scope.MANAGEMENT,
                percent,
                _highest(account, "reset_time_duration") if percent >= STOP_AT else 0.0,
            )
        )
    if reports:
        readings.append(Reading(Scope.INSIGHTS, _highest(reports, "app_id_util_pct", "acc_id_util_pct")))
    for entries in _json(lower.get("x-business-use-case-usage")).values():
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                readings.append(
                    Reading(
                        Scope.INSIGHTS if entry.get("type") == "ads_insights" else Scope.MANAGEMENT,
                        _highest(entry, "call_count", "total_time", "total_cputime"),
                        60.0 * _highest(entry, "estimated_time_to_regain_access"),  # minutes
                    )
                )
    return readings


def _json(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _highest(figures: Mapping[str, Any], *names: str) -> float:
    return max((_number(figures.get(name)) for name in names), default=0.0)


def _number(value: object) -> float:
    """A figure, also one that is written as text; 0 for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0.0
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return 0.0
    return number if isfinite(number) else 0.0
