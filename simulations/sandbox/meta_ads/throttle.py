"""Throttle: counts calls against Meta's limits, and says in headers how near they are."""

import json
import math
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.refusal import (
    APP_LIMIT,
    BUDGET_EDITS,
    INSIGHTS_LIMIT,
    MANAGEMENT_LIMIT,
    MUTATIONS_PER_SECOND,
    Code,
    Refusal,
)

_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


class Use(StrEnum):
    """What a call is for; limits differ."""

    READ = "read"
    WRITE = "write"
    INSIGHTS = "insights"


class Window:
    """What happened within the last `span`, weighed."""

    def __init__(self, span: timedelta) -> None:
        self._span = span
        self._events: deque[tuple[datetime, int]] = deque()
        self._sum = 0

    def add(self, now: datetime, weight: int = 1) -> None:
        self._events.append((now, weight))
        self._sum += weight

    def total(self, now: datetime) -> int:
        while self._events and self._events[0][0] <= now - self._span:
            self._sum -= self._events.popleft()[1]
        return self._sum

    def frees_at(self, now: datetime) -> datetime:
        """When the oldest of it will be forgotten."""
        return self._events[0][0] + self._span if self.total(now) else now


@dataclass(slots=True)
class _Budget:
    """Edits of one object's budget."""

    edits: Window
    blocked_until: datetime | None = None


class Throttle:
    """The counters of one account. Safe between threads; they begin anew when a sandbox does."""

    def __init__(self, limits: Limits, account: str, n_ads: int) -> None:
        """Begin with nothing counted.

        Args:
            account: Digits.
            n_ads: Active ads, for limits that grow with them.
        """
        self._limits = limits
        self._account = account
        self._lock = threading.Lock()
        self._score = Window(timedelta(seconds=limits.score_decay_s))
        self._blocked_until: datetime | None = None
        self._mutations = Window(_SECOND)
        self._app = Window(_HOUR)
        self._calls = {Use.READ: Window(_HOUR), Use.INSIGHTS: Window(_HOUR)}
        self._most = {
            Use.READ: limits.management_calls + limits.management_calls_per_ad * n_ads,
            Use.INSIGHTS: limits.insights_calls + limits.insights_calls_per_ad * n_ads,
        }
        self._budgets: dict[str, _Budget] = {}

    def admit(self, use: Use, now: datetime) -> None:
        """Count a call.

        Raises:
            Refusal: It is one too many, or comes while calls are blocked.
        """
        with self._lock:
            self._app.add(now)
            if self._app.total(now) > self._limits.app_calls:
                raise Refusal(APP_LIMIT, violation="app_limit")
            if use is not Use.INSIGHTS:
                self._admit_by_score(use, now)
            self._admit_by_calls(use, now)
            if use is Use.WRITE:
                self._mutations.add(now)
                if self._mutations.total(now) > self._limits.mutations_per_second:
                    raise Refusal(
                        MUTATIONS_PER_SECOND,
                        "Too many mutations on this ad account in this second",
                        violation="mutations_per_second",
                    )

    def count_budget_edit(self, id_: str, now: datetime, *, most: int | None) -> None:
        """Count an attempt to change a budget.

        Args:
            most: Within an hour; None: any number.

        Raises:
            Refusal: It is one too many, or comes while this budget is blocked.
        """
        if most is None:
            return
        with self._lock:
            budget = self._budgets.setdefault(id_, _Budget(Window(_HOUR)))
            if budget.blocked_until is not None and now < budget.blocked_until:
                wait = math.ceil((budget.blocked_until - now).total_seconds() / 60)
                raise Refusal(
                    BUDGET_EDITS,
                    f"The budget of this object cannot be changed for {wait} more minutes",
                    violation="budget_edit_while_blocked",
                )
            budget.edits.add(now)
            if budget.edits.total(now) > most:
                budget.blocked_until = now + timedelta(seconds=self._limits.budget_block_s)
                raise Refusal(
                    BUDGET_EDITS,
                    f"The budget of this object was changed {most} times within an hour",
                    violation="too_many_budget_edits",
                )

    def headers(self, use: Use, now: datetime) -> dict[str, str]:
        """How near the limits are, as Meta says it."""
        with self._lock:
            limits = self._limits
            score = 100.0 * self._score.total(now) / limits.score_maximum
            app = round(100 * self._app.total(now) / limits.app_calls)
            kind = Use.INSIGHTS if use is Use.INSIGHTS else Use.READ
            calls = round(100 * self._calls[kind].total(now) / self._most[kind])
            answers: dict[str, object] = {
                "X-App-Usage": {"call_count": app, "total_time": 0, "total_cputime": 0},
                "X-Business-Use-Case-Usage": {
                    self._account: [
                        {
                            "type": "ads_insights" if kind is Use.INSIGHTS else "ads_management",
                            "call_count": calls,
                            "total_cputime": 0,
                            "total_time": 0,
                            "estimated_time_to_regain_access": self._wait_minutes(kind, now),
                            "ads_api_access_tier": limits.tier,
                        }
                    ]
                },
            }
            if kind is Use.INSIGHTS:
                answers["X-FB-Ads-Insights-Throttle"] = {
                    "app_id_util_pct": app,
                    "acc_id_util_pct": calls,
                    "ads_api_access_tier": limits.tier,
                }
            else:
                answers["X-Ad-Account-Usage"] = {
                    "acc_id_util_pct": round(min(score, 100.0), 2),
                    "reset_time_duration": self._reset_s(now),
                    "ads_api_access_tier": limits.tier,
                }
            return {name: json.dumps(value) for name, value in answers.items()}

    def _admit_by_score(self, use: Use, now: datetime) -> None:
        limits = self._limits
        if self._blocked_until is not None and now < self._blocked_until:
            raise Refusal(Code.parse(limits.score_code), violation="call_while_blocked")
        self._score.add(now, limits.score_write if use is Use.WRITE else limits.score_read)
        if self._score.total(now) > limits.score_maximum:
            self._blocked_until = now + timedelta(seconds=limits.score_block_s)
            raise Refusal(Code.parse(limits.score_code), violation="account_score")

    def _admit_by_calls(self, use: Use, now: datetime) -> None:
        kind = Use.INSIGHTS if use is Use.INSIGHTS else Use.READ
        calls = self._calls[kind]
        if calls.total(now) >= self._most[kind]:
            code = INSIGHTS_LIMIT if kind is Use.INSIGHTS else MANAGEMENT_LIMIT
            raise Refusal(
                code, "There have been too many calls to this ad-account", violation="business_use_case"
            )
        calls.add(now)

    def _wait_minutes(self, kind: Use, now: datetime) -> int:
        calls = self._calls[kind]
        if calls.total(now) < self._most[kind]:
            return 0
        return math.ceil((calls.frees_at(now) - now).total_seconds() / 60)

    def _reset_s(self, now: datetime) -> int:
        """Seconds until the account's score begins to fall, or until it is let in again."""
        if self._blocked_until is not None and now < self._blocked_until:
            return math.ceil((self._blocked_until - now).total_seconds())
        return math.ceil((self._score.frees_at(now) - now).total_seconds())


def regain_header(account: str, seconds: float, tier: str) -> Mapping[str, str]:
    """A header that asks to wait so long, in whole minutes as Meta has them."""
    entry = {
        "type": "ads_management",
        "call_count": 100,
        "total_cputime": 0,
        "total_time": 0,
        "estimated_time_to_regain_access": math.ceil(seconds / 60),
        "ads_api_access_tier": tier,
    }
    return {"X-Business-Use-Case-Usage": json.dumps({account: [entry]})}
