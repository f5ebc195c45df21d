"""Meta's replies: JSON that no document allows, through the SDK and the whole adapter."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from adapters.meta_ads.adapter import MetaAdsAdapter
from adapters.meta_ads.budget_edits import BudgetEdits
from adapters.meta_ads.client import Client
from adapters.meta_ads.parsing import Once
from adapters.meta_ads.reports import Reports
from adapters.meta_ads.sending import Sending
from agent.clock import SteppedClock
from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.plan import Change
from agent.domain.ref import Kind, Ref
from simulations.chaos.malformed.hostile import DIGITS, WORDS, chance
from simulations.chaos.malformed.mutations import bytes_of, tree_of
from simulations.chaos.malformed.questions import ask
from simulations.chaos.malformed.target import Target

_NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
_ACCOUNT = {"id": "act_123", "name": "Shop", "currency": "EUR", "timezone_name": "America/New_York",
            "account_status": 1}  # fmt: skip
_CAMPAIGNS: list[dict[str, Any]] = [
    {"id": "11", "name": "Sales", "objective": "OUTCOME_SALES", "status": "ACTIVE",
     "effective_status": "ACTIVE", "buying_type": "AUCTION", "bid_strategy": "COST_CAP",
     "daily_budget": "5000",
     "start_time": "2026-01-31T22:00:00-0500", "adlabels": [{"id": "1", "name": "keep"}]},
    {"id": "12", "name": "Shoes", "objective": "OUTCOME_SALES", "status": "PAUSED",
     "effective_status": "PAUSED",
     "stop_time": "2026-11-28T00:00:00-0500"},
]  # fmt: skip
_AD_SETS: list[dict[str, Any]] = [
    {"id": "111", "campaign_id": "11", "name": "Broad", "status": "ACTIVE", "effective_status": "ACTIVE",
     "optimization_goal": "OFFSITE_CONVERSIONS", "bid_amount": 1250,
     "learning_stage_info": {"status": "LEARNING", "conversions": 12}},
    {"id": "121", "campaign_id": "12", "name": "Women", "status": "ACTIVE", "effective_status": "ACTIVE",
     "bid_strategy": "LOWEST_COST_WITH_MIN_ROAS", "bid_constraints": {"roas_average_floor": 20000},
     "daily_budget": "2000", "end_time": "1969-12-31T15:59:59-0800"},
]  # fmt: skip
_INSIGHTS = [
    {"campaign_id": "11", "adset_id": "121", "date_start": "2026-11-20", "date_stop": "2026-11-20",
     "spend": "12.5", "impressions": "1000", "inline_link_clicks": "30",
     "actions": [{"action_type": "omni_purchase", "value": "3"}],
     "action_values": [{"action_type": "omni_purchase", "value": "99.5"}],
     "hourly_stats_aggregated_by_advertiser_time_zone": "05:00:00 - 05:59:59"},
]  # fmt: skip
_ACTIVITIES = [
    {"event_type": "update_campaign_budget", "object_id": "11", "event_time": "2026-11-20T10:00:00+0000",
     "actor_name": "Ann", "application_id": "5",
     "extra_data": '{"old_value": {"old_value": 5000, "type": "Per day"}, "new_value": "7500"}'},
]  # fmt: skip
_ERROR = {
    "error": {"message": "no", "type": "OAuthException", "code": 17, "error_subcode": 2446079,
              "fbtrace_id": "A",
              "error_data": {"blame_field_specs": [["x"]]}, "is_transient": False}
}  # fmt: skip
_HEADERS = {
    "x-app-usage": '{"call_count": 10, "total_time": 5, "total_cputime": 3}',
    "x-ad-account-usage": '{"acc_id_util_pct": 9.67, "reset_time_duration": 60}',
    "x-business-use-case-usage": '{"1": [{"type": "ads_insights", "call_count": 1,'
    ' "estimated_time_to_regain_access": 0}]}',
}
_CHANGES: tuple[tuple[Lever, Value, Kind, str], ...] = (
    (Lever.DAILY_BUDGET, Money(60_000_000, "EUR"), Kind.CAMPAIGN, "11"),
    (Lever.STATUS, Status.PAUSED, Kind.AD_SET, "111"),
    (Lever.TARGET_CPA, Money(20_000_000, "EUR"), Kind.AD_SET, "111"),
    (Lever.TARGET_ROAS, Ratio(4_000_000), Kind.AD_SET, "121"),
)


def meta_replies() -> Target:
    """One call of the adapter on an account whose answers are malformed."""
    return Target("Meta replies", 1.0, lambda rng: chance(rng.getrandbits(64)), _call)


@dataclass(frozen=True, slots=True)
class _Response:
    """What the SDK asks of an answer of its HTTP library."""

    content: bytes
    headers: Mapping[str, str]
    status_code: int

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class _Library:
    """Answers every request; one in five is malformed."""

    rng: Random

    def request(self, method: str, url: str, **_rest: Any) -> _Response:
        rng = self.rng
        good = _good(method, url)
        if rng.random() < 0.1:
            good = _ERROR
        status = rng.choice((200, 400, 500, 503)) if good is _ERROR or rng.random() < 0.05 else 200
        headers = dict(_HEADERS)
        if rng.random() > 0.2:
            return _Response(json.dumps(good).encode(), {}, status)
        if rng.random() < 0.3:
            name = rng.choice(list(headers))
            tree = tree_of(rng, json.loads(headers[name]))
            headers[name] = rng.choice((json.dumps(tree), rng.choice(WORDS), rng.choice(DIGITS)))
        choice = rng.random()
        if choice < 0.15:
            return _Response(bytes_of(rng, json.dumps(good).encode()), headers, status)
        if choice < 0.2:
            strange = (
                b"",
                b"<html>Service Unavailable</html>",
                b"[" * 100_000,
                b"null",
                b"\xff",
                b"9" * 5_000,
            )
            return _Response(rng.choice(strange), headers, status)
        body = json.dumps(tree_of(rng, good, surrogates=True))
        return _Response(body.encode("utf-8", "replace"), headers, status)


class _OnLibrary(Client):
    """The client as it is, on an HTTP library that needs no network."""

    def __init__(self, library: _Library, clock: SteppedClock) -> None:
        super().__init__("123", "token", clock, endpoint="http://127.0.0.1:1", sleep=lambda _: None)
        self._once = Once(library)
        self._api._session.requests = self._once


def _good(method: str, url: str) -> Any:
    path = url.partition("?")[0].rpartition("/v26.0")[2].strip("/")
    if method == "POST" and not path:
        return [
            {"code": 200, "headers": [{"name": "x-fb-trace-id", "value": "t"}], "body": '{"success": true}'}
        ]
    by_path = {
        "act_123": _ACCOUNT,
        "act_123/minimum_budgets": {"data": [{"currency": "EUR", "min_daily_budget_imp": 100}]},
        "act_123/campaigns": {"data": _CAMPAIGNS},
        "act_123/adsets": {"data": _AD_SETS, "paging": {"cursors": {"after": "x"}}},
        "act_123/activities": {"data": _ACTIVITIES},
        "act_123/insights": {"data": _INSIGHTS, "report_run_id": "77"},
        "77": {"async_status": "Job Completed", "async_percent_completion": 100},
        "77/insights": {"data": _INSIGHTS},
        "": {str(row["id"]): row for row in (*_CAMPAIGNS, *_AD_SETS)},
    }
    return by_path.get(path, {"data": []})


def _call(rng: Random) -> None:
    clock = SteppedClock(_NOW)
    client = _OnLibrary(_Library(rng), clock)
    ticks = iter(range(0, 10**6, 100))
    reports = Reports(client, patience_s=1_000.0, monotonic=lambda: float(next(ticks)))
    sending = Sending(client, "meta_ads:123", clock, BudgetEdits(None))
    adapter = MetaAdsAdapter(client, clock, reports, sending, all_ad_sets=rng.random() < 0.5)
    lever, after, kind, id_ = rng.choice(_CHANGES)
    ref = Ref("meta_ads", "123", kind, id_)
    ask(adapter, Change(ref, lever, after, after), _NOW, rng)
