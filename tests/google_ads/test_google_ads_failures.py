"""Failures over the wire: what befell a write is never guessed, what befell a read has one name."""

import logging
from datetime import datetime, timedelta

import pytest
import trustme
from google_ads_account import START, adapter_on
from google_ads_changes import campaign, stands, to_budget, to_status

from adapters.google_ads.errors import explained
from agent.domain.errors import AccessDenied, Misunderstood, RateLimited, Unreachable
from agent.domain.lever import Lever, Status
from agent.domain.outcome import Accepted, Ambiguous, Refused
from agent.ports.platform import Adapter
from simulations.sandbox.google_ads.serve import Sandbox
from simulations.sandbox.shared.faults import Fault


def arm(sandbox: Sandbox, text: str) -> None:
    sandbox.faults.arm(Fault.parse(text))


def test_a_lost_reply_is_ambiguous_and_the_value_did_change(sandbox: Sandbox, adapter: Adapter) -> None:
    """An error does not mean "not applied": reading settles it."""
    arm(sandbox, "after_commit")
    change = to_budget(campaign(sandbox, 2), "20.00")

    receipts = adapter.apply([change])

    assert isinstance(receipts[0], Ambiguous)
    assert stands(sandbox, 2) == 20_000_000
    assert adapter.read([(change.ref, change.lever)]) == {(change.ref, change.lever): change.after}
    assert [mutation.reply_lost for mutation in sandbox.journal.mutations()] == [True]


def test_a_call_that_broke_before_anything_was_stored_is_ambiguous_too(
    sandbox: Sandbox, adapter: Adapter
) -> None:
    """From here both look the same, so they must be treated the same."""
    before = stands(sandbox, 2)
    arm(sandbox, "before_commit")

    receipts = adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])

    assert isinstance(receipts[0], Ambiguous)
    assert stands(sandbox, 2) == before


@pytest.mark.parametrize("code", ["internal_error.TRANSIENT_ERROR", "internal_error.INTERNAL_ERROR"])
def test_an_internal_error_leaves_it_open_whether_it_was_stored(
    sandbox: Sandbox, adapter: Adapter, code: str
) -> None:
    """The client does not decode INTERNAL; the adapter does."""
    arm(sandbox, f"after_commit:code={code}")

    receipts = adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])

    assert isinstance(receipts[0], Ambiguous)
    assert stands(sandbox, 2) == 20_000_000


def test_a_call_that_takes_too_long_is_ambiguous_and_may_still_land(sandbox: Sandbox) -> None:
    """Every call has a deadline; what was on its way may arrive after it."""
    adapter = adapter_on(sandbox, timeout_s=2.0)
    adapter.account()
    arm(sandbox, "latency:seconds=2.3")

    receipts = adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])

    assert isinstance(receipts[0], Ambiguous)
    assert "DEADLINE_EXCEEDED" in receipts[0].because


def test_after_an_unanswered_call_nothing_more_is_sent_and_no_receipt_is_lost(
    sandbox: Sandbox, adapter: Adapter
) -> None:
    """Budgets go first, statuses in a second call."""
    arm(sandbox, "after_commit")

    receipts = adapter.apply(
        [to_status(campaign(sandbox, 3), Status.PAUSED), to_budget(campaign(sandbox, 2), "20.00")]
    )

    assert isinstance(receipts[0], Refused)
    assert "not sent" in receipts[0].because
    assert isinstance(receipts[1], Ambiguous)
    assert sandbox.platform.status(campaign(sandbox, 3).id) is Status.ENABLED


def test_when_a_later_call_is_refused_the_earlier_receipts_stand(sandbox: Sandbox, adapter: Adapter) -> None:
    """An exception would say "nothing was applied", which would be false."""
    arm(sandbox, "quota:spare=1")

    receipts = adapter.apply(
        [to_status(campaign(sandbox, 3), Status.PAUSED), to_budget(campaign(sandbox, 2), "20.00")]
    )

    assert isinstance(receipts[0], Refused)
    assert isinstance(receipts[1], Accepted)
    assert sandbox.platform.status(campaign(sandbox, 3).id) is Status.ENABLED


def test_one_operation_can_be_refused_for_a_reason_of_googles_own(sandbox: Sandbox, adapter: Adapter) -> None:
    """Google knows rules that nobody else knows; its words and its code reach the reviewer."""
    arm(sandbox, "operation:code=campaign_error.CANNOT_CHANGE_BUDGET_ON_CAMPAIGN_WITH_TRIALS,operation=1")

    receipts = adapter.apply(
        [to_budget(campaign(sandbox, 2), "20.00"), to_budget(campaign(sandbox, 4), "20.00")]
    )

    assert isinstance(receipts[0], Accepted)
    assert isinstance(receipts[1], Refused)
    assert "CANNOT_CHANGE_BUDGET_ON_CAMPAIGN_WITH_TRIALS" in receipts[1].because


def test_quota_on_a_write_raises_because_nothing_was_applied(sandbox: Sandbox, adapter: Adapter) -> None:
    """The request was refused whole; the delay that Google asks for is passed on."""
    before = stands(sandbox, 2)
    arm(sandbox, "quota:seconds=17")

    with pytest.raises(RateLimited) as raised:
        adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])

    assert raised.value.retry_after_s == 17.0
    assert stands(sandbox, 2) == before


def test_quota_inside_a_partial_failure_raises_when_it_hit_every_operation(
    sandbox: Sandbox, adapter: Adapter
) -> None:
    """Google may answer OK and put the quota error on each operation."""
    arm(sandbox, "operation:code=quota_error.RESOURCE_TEMPORARILY_EXHAUSTED")

    with pytest.raises(RateLimited) as raised:
        adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])

    assert raised.value.retry_after_s == 30.0


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("quota:on=search,seconds=42", RateLimited),
        ("before_commit:on=search", Unreachable),
        ("after_commit:on=search", Unreachable),
        ("before_commit:on=search,code=internal_error.TRANSIENT_ERROR", Unreachable),
        ("before_commit:on=search,code=database_error.CONCURRENT_MODIFICATION", Unreachable),
        ("before_commit:on=search,code=quota_error.RESOURCE_EXHAUSTED", RateLimited),
        ("before_commit:on=search,code=quota_error.ACCESS_PROHIBITED", AccessDenied),
        ("before_commit:on=search,code=authentication_error.OAUTH_TOKEN_REVOKED", AccessDenied),
        ("before_commit:on=search,code=authentication_error.OAUTH_TOKEN_EXPIRED", Unreachable),
        (
            "before_commit:on=search,code=authorization_error.CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION",
            AccessDenied,
        ),
        ("before_commit:on=search,code=query_error.UNRECOGNIZED_FIELD", Misunderstood),
    ],
)
def test_each_failure_of_a_read_says_who_acts_next(
    sandbox: Sandbox, adapter: Adapter, fault: str, error: type[Exception]
) -> None:
    """One class for each answer, whatever form Google's error came in."""
    adapter.account()
    arm(sandbox, fault)

    with pytest.raises(error, match="google_ads:1234567890") as raised:
        adapter.entities()

    if fault.startswith("quota"):
        assert raised.value.retry_after_s == 42.0  # type: ignore[attr-defined]  # is RateLimited


def test_a_read_that_breaks_off_gives_nothing_rather_than_a_part(sandbox: Sandbox, adapter: Adapter) -> None:
    """Half the rows would look like campaigns that stopped."""
    adapter.account()
    arm(sandbox, "after_commit:on=search")

    with pytest.raises(Unreachable):
        adapter.metrics((START - timedelta(days=30)).date(), START.date())


def test_nobody_at_the_endpoint_is_unreachable_at_once(sandbox: Sandbox) -> None:
    """Connection refused is not waited for."""
    adapter = adapter_on(sandbox)
    sandbox.front._grpc.stop(0).wait()

    with pytest.raises(Unreachable):
        adapter.account()


def test_a_server_of_another_authority_is_not_trusted(
    sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Only the file that was named is trusted, and for this account only."""
    stranger = tmp_path_factory.mktemp("stranger") / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    adapter = adapter_on(sandbox, ca_file=stranger, timeout_s=2.0)

    with pytest.raises(Unreachable):
        adapter.account()


def test_a_rehearsal_that_broke_raises(sandbox: Sandbox, adapter: Adapter) -> None:
    """Nothing can have been applied, so nothing is ambiguous."""
    arm(sandbox, "before_commit")

    with pytest.raises(Unreachable):
        adapter.rehearse([to_budget(campaign(sandbox, 2), "20.00")])


def test_failures_are_not_logged_with_account_and_request_ids(
    sandbox: Sandbox, adapter: Adapter, caplog: pytest.LogCaptureFixture
) -> None:
    """The client's own warnings are off: gebot reports failures itself."""
    arm(sandbox, "quota:on=search")

    with caplog.at_level(logging.DEBUG), pytest.raises(RateLimited):
        adapter.account()

    assert [record for record in caplog.records if record.name.startswith("google")] == []


def test_a_spent_fault_is_over(sandbox: Sandbox, adapter: Adapter) -> None:
    """Faults strike as often as they were told, then the sandbox is well again."""
    arm(sandbox, "before_commit:on=search,times=2")

    for _ in range(2):
        with pytest.raises(Unreachable):
            adapter.account()
    account = adapter.account()

    assert account.currency == "EUR"
    assert adapter.read([(campaign(sandbox, 2), Lever.DAILY_BUDGET)])


def test_an_answer_that_cannot_be_read_is_google_s_fault_and_no_bug_of_ours() -> None:
    """A marked window without its dates must not set the account aside, nor end a reading as a crash."""
    unreadable = "google_ads:1: Google's answer cannot be read"

    with pytest.raises(Misunderstood, match=unreadable), explained("google_ads:1"):
        datetime.fromisoformat("")
