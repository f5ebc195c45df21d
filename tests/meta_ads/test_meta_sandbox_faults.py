"""Faults of the Meta sandbox, as the official client feels them."""

import time

import pytest
import requests
from facebook_business.exceptions import FacebookRequestError
from meta_sandbox import ACCOUNT, api_on, campaign, control, error, raw

from agent.domain.errors import Mistake
from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.sandbox.meta_ads.ids import own
from simulations.sandbox.meta_ads.serve import Sandbox
from simulations.sandbox.shared.faults import Fault


def arm(sandbox: Sandbox, text: str) -> None:
    sandbox.front.served.faults.arm(Fault.parse(text))


def write(sandbox: Sandbox) -> None:
    api_on(sandbox).call("POST", (campaign(sandbox, 1),), {"daily_budget": 6000})


def stands(sandbox: Sandbox) -> int | None:
    return sandbox.platform.standing(Kind.CAMPAIGN, own(campaign(sandbox, 1)), Field.AMOUNT)


def test_the_connection_breaks_before_anything_is_done(sandbox: Sandbox) -> None:
    """The client knows nothing, and nothing was stored."""
    before = stands(sandbox)
    arm(sandbox, "before_commit")

    with pytest.raises(requests.ConnectionError):
        write(sandbox)

    assert stands(sandbox) == before
    assert control(sandbox, "GET", "/requests")[-1]["status"] == "broken"


def test_the_reply_is_lost_after_all_was_done(sandbox: Sandbox) -> None:
    """The client knows nothing, and it was stored."""
    arm(sandbox, "after_commit")

    with pytest.raises(requests.ConnectionError):
        write(sandbox)

    assert stands(sandbox) == 60_000_000
    assert [entry["reply_lost"] for entry in control(sandbox, "GET", "/journal")] == [True]


@pytest.mark.parametrize("kind", ["before_commit", "after_commit"])
@pytest.mark.parametrize("code", ["2", "190/463", "100/1487194", "-3/1504045"])
def test_any_code_can_be_the_answer(sandbox: Sandbox, kind: str, code: str) -> None:
    """Before it was stored or after."""
    arm(sandbox, f"{kind}:code={code}")

    with pytest.raises(FacebookRequestError) as raised:
        write(sandbox)

    number, _, subcode = code.partition("/")
    assert raised.value.api_error_code() == int(number)
    assert raised.value.api_error_subcode() == (int(subcode) if subcode else None)
    assert (stands(sandbox) == 60_000_000) == (kind == "after_commit")


def test_quota_says_for_how_many_minutes_to_wait(sandbox: Sandbox) -> None:
    """In the header, as Meta does; the code can be chosen."""
    arm(sandbox, "quota:seconds=90,on=search")
    arm(sandbox, "quota:seconds=90,on=search,code=4,spare=1")

    first, second = raw(sandbox, "GET", ACCOUNT), raw(sandbox, "GET", ACCOUNT)

    assert [error(first), error(second)] == ["80004", "4"]
    assert '"estimated_time_to_regain_access": 2' in first.headers["X-Business-Use-Case-Usage"]


def test_a_slow_answer_still_lands(sandbox: Sandbox) -> None:
    """The client has gone when the value is stored."""
    arm(sandbox, "latency:seconds=0.4")
    api = api_on(sandbox)
    api._session.timeout = 0.1

    with pytest.raises(requests.ReadTimeout):
        api.call("POST", (campaign(sandbox, 1),), {"daily_budget": 6000})

    deadline = time.monotonic() + 10
    while stands(sandbox) != 60_000_000 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert stands(sandbox) == 60_000_000


def test_a_single_call_is_operation_number_0(sandbox: Sandbox) -> None:
    """Refused whatever it asks."""
    arm(sandbox, "operation:code=368")

    assert error(raw(sandbox, "POST", campaign(sandbox, 1), form={"daily_budget": "6000"})) == "368"
    assert error(raw(sandbox, "POST", campaign(sandbox, 1), form={"daily_budget": "6000"})) == ""


def test_reads_and_insights_fail_apart(sandbox: Sandbox) -> None:
    """A fault on insights leaves the rest alone."""
    arm(sandbox, "before_commit:on=insights,code=1")

    assert error(raw(sandbox, "GET", ACCOUNT)) == ""
    assert error(raw(sandbox, "GET", f"{ACCOUNT}/insights")) == "1"


def test_a_code_has_a_form(sandbox: Sandbox) -> None:
    """Numbers, with or without a second one."""
    with pytest.raises(Mistake, match="613/1487632"):
        arm(sandbox, "before_commit:code=internal_error.TRANSIENT_ERROR")
