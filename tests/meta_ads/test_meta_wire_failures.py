"""Failures over the wire: what befell a write is never guessed, what befell a read has one name."""

from pathlib import Path

import pytest
from meta_sandbox import SECRET, broken, opened
from meta_wire import adapter_on, arm, eur, of_campaign
from meta_writing import because, change

from agent.domain.errors import AccessDenied, Misunderstood, RateLimited, Unreachable
from agent.domain.lever import Lever
from agent.domain.outcome import Ambiguous
from simulations.sandbox.meta_ads.door import Credentials
from simulations.sandbox.meta_ads.serve import Sandbox


@pytest.mark.parametrize(
    ("fault", "changed"),
    [
        ("after_commit", True),
        ("before_commit", False),
        ("after_commit:code=2/1504043", True),
        ("null_entry", False),
        ("lost_entry", True),
    ],
)
def test_whatever_is_not_confirmed_is_ambiguous(sandbox: Sandbox, fault: str, changed: bool) -> None:
    """From here it looks the same whether it was done; reading settles it."""
    adapter = adapter_on(sandbox)
    asked_for = change(of_campaign(sandbox, "cost_cap"), Lever.DAILY_BUDGET, eur("33.00"))
    arm(sandbox, fault)

    receipts = adapter.apply([asked_for])

    assert isinstance(receipts[0], Ambiguous)
    key = (asked_for.ref, asked_for.lever)
    assert (adapter.read([key])[key] == asked_for.after) is changed


def test_a_call_that_takes_too_long_is_ambiguous_and_may_still_land(sandbox: Sandbox) -> None:
    """Every call has a deadline."""
    adapter = adapter_on(sandbox, timeout_s=0.5)
    adapter.account()
    arm(sandbox, "latency:seconds=0.8")

    receipts = adapter.apply([change(of_campaign(sandbox, "cost_cap"), Lever.DAILY_BUDGET, eur("33.00"))])

    assert "within the time allowed" in because(receipts[0])


def test_quota_on_a_write_raises_with_the_wait_and_changes_nothing(sandbox: Sandbox) -> None:
    """In whole minutes, as Meta tells it."""
    adapter = adapter_on(sandbox)
    asked_for = change(of_campaign(sandbox, "cost_cap"), Lever.DAILY_BUDGET, eur("33.00"))
    adapter.account()
    arm(sandbox, "quota:seconds=120")

    with pytest.raises(RateLimited) as raised:
        adapter.apply([asked_for])

    assert raised.value.retry_after_s == 120.0


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("quota:on=search,seconds=60", RateLimited),
        ("before_commit:on=search", Unreachable),
        ("after_commit:on=search", Unreachable),
        ("before_commit:on=search,code=2/1504043", Unreachable),
        ("before_commit:on=search,code=4/1504022", RateLimited),
        ("before_commit:on=search,code=17/2446079", RateLimited),
        ("before_commit:on=search,code=613/1487742", RateLimited),
        ("before_commit:on=search,code=190/463", AccessDenied),
        ("before_commit:on=search,code=200", AccessDenied),
        ("before_commit:on=search,code=100", Misunderstood),
    ],
)
def test_each_failure_of_a_read_says_who_acts_next(
    sandbox: Sandbox, fault: str, error: type[Exception]
) -> None:
    """Almost all of them come with HTTP status 400."""
    adapter = adapter_on(sandbox)
    adapter.account()
    arm(sandbox, fault)

    with pytest.raises(error, match="meta_ads:100000000000001"):
        adapter.entities()


def test_a_stranger_is_not_let_in(tmp_path: Path) -> None:
    """A wrong token is the owner's to mend."""
    sandbox = opened(
        tmp_path, credentials=Credentials(access_token="right", app_secret=SECRET, requires_proof=True)
    )
    try:
        with pytest.raises(AccessDenied):
            adapter_on(sandbox, token="wrong-token").account()
        assert adapter_on(sandbox, token="right").account().currency == "EUR"
    finally:
        sandbox.stop()


def test_points_run_out_for_others_but_gebot_stops_before(tmp_path: Path) -> None:
    """The development tier has sixty points; no call is refused, and none is made while it waits."""
    sandbox = opened(tmp_path, limit=("score_maximum=60",))
    waits: list[float] = []
    try:
        adapter = adapter_on(sandbox)
        adapter._client.sleep = waits.append  # type: ignore[attr-defined]  # a test need not wait
        with pytest.raises(RateLimited) as raised:
            for _ in range(100):
                adapter.account()

        assert 0 < raised.value.retry_after_s <= 300.0
        assert waits == sorted(waits) and waits
        assert broken(sandbox) == []
    finally:
        sandbox.stop()
