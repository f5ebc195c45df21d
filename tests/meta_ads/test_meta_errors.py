"""Errors: codes alone say who acts next; headers say how long to wait; no word holds a secret."""

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.meta_ads.errors import RULES, Answer, fault_of, platform_error
from adapters.meta_ads.redaction import Redaction, hide_in_logs
from adapters.meta_ads.usage import Scope, Usage, readings_of
from agent.domain.errors import AccessDenied, Misunderstood, RateLimited, Unreachable

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


def given(code: object, subcode: int | None = None, **more: Any) -> dict[str, Any]:
    return {"message": "words", "code": code, "error_subcode": subcode, **more}


@pytest.mark.parametrize(
    ("code", "subcode", "error", "wait_s"),
    [
        (1, None, Unreachable, None),
        (2, None, Unreachable, None),
        (2, 1504043, Unreachable, None),
        (4, None, RateLimited, 600.0),
        (4, 1504022, RateLimited, 600.0),
        (4, 1504039, RateLimited, 600.0),
        (17, 2446079, RateLimited, 300.0),
        (17, 1885172, RateLimited, 86_400.0),
        (613, 1487742, RateLimited, 300.0),
        (613, 1487632, RateLimited, 3600.0),
        (613, 5044001, RateLimited, 10.0),
        (613, None, RateLimited, 3600.0),
        (80000, None, RateLimited, 600.0),
        (80003, None, RateLimited, 600.0),
        (80004, 2446079, RateLimited, 600.0),
        (80014, None, RateLimited, 600.0),
        (190, 463, AccessDenied, None),
        (190, None, AccessDenied, None),
        (102, None, AccessDenied, None),
        (10, None, AccessDenied, None),
        (200, 1870034, AccessDenied, None),
        (294, None, AccessDenied, None),
        (368, None, AccessDenied, None),
        (1404078, None, AccessDenied, None),
        (2859015, None, AccessDenied, None),
        (100, 33, Misunderstood, None),
        (100, 1885272, Misunderstood, None),
        (100, 1885621, Misunderstood, None),
        (2635, None, Misunderstood, None),
    ],
)
def test_each_code_says_who_acts_next(
    code: int, subcode: int | None, error: type[Exception], wait_s: float | None
) -> None:
    """By the code and its subcode, and by nothing else."""
    found = platform_error("meta_ads:123", fault_of(given(code, subcode)))

    assert type(found) is error
    if wait_s is not None:
        assert isinstance(found, RateLimited)
        assert found.retry_after_s == wait_s


@pytest.mark.parametrize(("code", "subcode"), [(100, 1487534), (100, 1504018), (2, 1504038), (-3, 1504045)])
def test_a_report_that_is_too_large_is_no_fault_of_the_account(code: int, subcode: int) -> None:
    """A smaller one may do."""
    assert fault_of(given(code, subcode)).answer is Answer.TOO_MUCH


def test_only_a_passing_fault_leaves_a_write_open() -> None:
    """Whatever has a code of its own was refused before it was done."""
    open_ = {rule.answer for rule in RULES if not fault_of(given(rule.code, rule.subcode)).surely_not_applied}

    assert open_ == {Answer.PASSING}
    assert not fault_of({}).surely_not_applied
    assert not fault_of(given(100, 99, is_transient=True)).surely_not_applied


def test_what_is_said_to_pass_passes_unless_the_table_knows_better() -> None:
    """`is_transient` stands beside codes that nobody has listed."""
    assert fault_of(given(960, None, is_transient=True)).answer is Answer.PASSING
    assert fault_of(given(613, 1487632, is_transient=True)).answer is Answer.BUDGET_EDITS
    assert fault_of(given(80004, None, is_transient=True), 120.0).wait_s == 120.0
    assert fault_of(given(17, 99, is_transient=True)).answer is Answer.WAIT


def test_the_wait_that_meta_names_counts() -> None:
    """Not for budget changes, which have an hour of their own."""
    assert fault_of(given(80004), 420.0).wait_s == 420.0
    assert fault_of(given(613, 1487632), 420.0).wait_s == 3600.0


def test_the_words_are_metas_own_with_its_code() -> None:
    """What was meant for people is read first, and the field that is to blame."""
    fault = fault_of(
        given(
            100,
            1885272,
            error_user_title="Budget is too low",
            error_user_msg="Raise it to  €1.00.",
            error_data={"blame_field_specs": [["daily_budget"]]},
        )
    )

    assert fault.words == "Budget is too low: Raise it to €1.00 (100/1885272, about [['daily_budget']])"


@pytest.mark.parametrize("given_", [{}, {"code": "4"}, {"code": None}, {"code": True}])
def test_an_error_without_a_code_is_no_answer(given_: dict[str, Any]) -> None:
    """It says nothing about what was done."""
    assert fault_of(given_).answer is Answer.PASSING


def business(kind: str, percent: int, minutes: int = 0) -> str:
    entry = {"type": kind, "call_count": percent, "total_cputime": 3, "total_time": 4}
    return json.dumps({"99": [{**entry, "estimated_time_to_regain_access": minutes}]})


def test_every_header_is_read_and_reports_count_by_themselves() -> None:
    """Names in any case; percentages are the highest of their figures."""
    found = readings_of(
        {
            "x-business-use-case-usage": business("ads_insights", 50, 2),
            "X-Ad-Account-Usage": json.dumps({"acc_id_util_pct": 9.67, "reset_time_duration": 100}),
            "X-App-Usage": json.dumps({"call_count": 28, "total_time": 25, "total_cputime": 30}),
            "X-FB-Ads-Insights-Throttle": json.dumps({"app_id_util_pct": 1, "acc_id_util_pct": 40}),
        }
    )

    assert {(reading.scope, reading.percent, reading.wait_s) for reading in found} == {
        (None, 30.0, 0.0),
        (Scope.MANAGEMENT, 9.67, 0.0),
        (Scope.INSIGHTS, 40.0, 0.0),
        (Scope.INSIGHTS, 50.0, 120.0),
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "[]",
        "{}",
        '{"1": {}}',
        '{"1": [3]}',
        '{"1": [{"call_count": "x"}]}',
        '{"1": [{"call_count": "nan"}]}',
    ],
)
def test_a_header_that_cannot_be_read_stops_nothing(text: str) -> None:
    """Headers are advice, not the answer."""
    usage = Usage()
    usage.note({"X-Business-Use-Case-Usage": text, "X-App-Usage": text}, NOW)

    assert usage.wait_s(Scope.MANAGEMENT, NOW) == 0.0


def test_calls_wait_as_many_minutes_as_meta_says() -> None:
    """And go again afterwards, without being told."""
    usage = Usage()

    told = usage.note({"X-Business-Use-Case-Usage": business("ads_management", 100, 7)}, NOW)

    assert told == 420.0
    assert usage.wait_s(Scope.MANAGEMENT, NOW) == 420.0
    assert usage.wait_s(Scope.INSIGHTS, NOW) == 0.0
    assert usage.wait_s(Scope.MANAGEMENT, NOW + timedelta(minutes=7)) == 0.0
    assert usage.pause_s(Scope.MANAGEMENT, NOW + timedelta(minutes=7)) == 0.0


def test_figures_that_are_written_as_text_count_as_well() -> None:
    """Meta writes numbers either way; a wait that is not read is a limit that is hit."""
    entry = {"type": "ads_management", "call_count": "100", "estimated_time_to_regain_access": "7"}
    usage = Usage()

    told = usage.note({"X-Business-Use-Case-Usage": json.dumps({"99": [entry]})}, NOW)

    assert told == 420.0
    assert usage.wait_s(Scope.MANAGEMENT, NOW) == 420.0


def test_calls_slow_down_from_three_quarters_on_and_stop_before_the_limit() -> None:
    """A limit that is hit blocks everybody who uses the account."""
    pauses = []
    for percent in (74, 76, 85, 94):
        usage = Usage()
        usage.note({"X-Ad-Account-Usage": json.dumps({"acc_id_util_pct": percent})}, NOW)
        pauses.append(usage.pause_s(Scope.MANAGEMENT, NOW))
        assert usage.wait_s(Scope.MANAGEMENT, NOW) == 0.0
    usage.note({"X-Ad-Account-Usage": json.dumps({"acc_id_util_pct": 96})}, NOW)

    assert pauses[0] == 0.0
    assert pauses == sorted(pauses) and pauses[1] > 0.0
    assert usage.wait_s(Scope.MANAGEMENT, NOW) == 300.0
    assert usage.pause_s(Scope.MANAGEMENT, NOW + timedelta(minutes=6)) == 0.0


SECRET = "EAAB/c+nary=7f3a"


@pytest.mark.parametrize(
    "text",
    [
        f"Malformed access token {SECRET}",
        "HTTPSConnectionPool: /v26.0/act_1?access_token=EAAB%2Fc%2Bnary%3D7f3a&x=1",
        "/v26.0/act_1?fields=id&access_token=somebody-elses",
        "https%3A%2F%2Fx%3Faccess_token%3Dsomebody-elses",
        "appsecret_proof=somebody-elses&b",
    ],
)
def test_a_secret_is_hidden_in_every_form(text: str) -> None:
    """Plain, as part of an address, and whatever stands as one in an address."""
    hidden = Redaction((SECRET, ""))(text)

    assert SECRET not in hidden
    assert "EAAB" not in hidden
    assert "somebody" not in hidden
    assert "***" in hidden


def test_the_http_librarys_own_log_holds_no_token(caplog: pytest.LogCaptureFixture) -> None:
    """At its lowest level it writes down every address."""
    hide_in_logs()

    with caplog.at_level(logging.DEBUG):
        logging.getLogger("urllib3.connectionpool").debug(
            '%s "GET /v26.0/me?access_token=%s HTTP/1.1" 200', "x", "canary"
        )

    assert "canary" not in caplog.text
    assert "***" in caplog.text


def test_a_wait_that_a_refusal_named_outlives_the_headers_of_other_calls() -> None:
    """A report that went well says nothing about the limit that a change ran into."""
    usage, now = Usage(), datetime(2026, 11, 20, 12, tzinfo=UTC)
    usage.hold(Scope.MANAGEMENT, 3600.0, now)

    usage.note({"x-app-usage": json.dumps({"call_count": 5})}, now + timedelta(minutes=1))

    assert usage.wait_s(Scope.MANAGEMENT, now + timedelta(minutes=2)) == 58 * 60


def test_a_wait_of_ages_is_a_day() -> None:
    """A figure that no calendar holds must not end the call."""
    usage, now = Usage(), datetime(2026, 11, 20, 12, tzinfo=UTC)
    entry = {"type": "ads_management", "estimated_time_to_regain_access": 1e300}

    usage.note({"x-business-use-case-usage": json.dumps({"1": [entry]})}, now)

    assert usage.wait_s(Scope.MANAGEMENT, now) == 86_400.0
