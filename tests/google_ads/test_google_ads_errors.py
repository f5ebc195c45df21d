"""Errors sorted by who must act: each row of the contract's table, provoked over the wire."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from google_ads_account import adapter_on
from google_ads_changes import campaign, stands, to_budget

from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable
from agent.domain.outcome import Ambiguous, Refused
from agent.ports.platform import Adapter
from simulations.sandbox.google_ads.serve import Sandbox
from simulations.sandbox.shared.faults import Fault

Outcome = type[PlatformError] | type[Refused] | type[Ambiguous]


@dataclass(frozen=True)
class Row:
    """One signal of Google's, and what a read and a write make of it.

    Attributes:
        signal: An error code; "" for a connection that breaks.
        write: An error that is raised (nothing was applied), or the receipt of the change.
        per_operation: The signal names one operation, as partial failures do.
    """

    signal: str
    read: type[PlatformError]
    write: Outcome
    per_operation: bool = False


# Nobody acts, reads are tried again; of a write only reading can tell what became of it.
PASSING = [
    Row("", Unreachable, Ambiguous),
    Row("internal_error.TRANSIENT_ERROR", Unreachable, Ambiguous),
    Row("internal_error.INTERNAL_ERROR", Unreachable, Ambiguous),
    Row("internal_error.DEADLINE_EXCEEDED", Unreachable, Ambiguous),
    Row("database_error.CONCURRENT_MODIFICATION", Unreachable, Unreachable),
    Row("authentication_error.OAUTH_TOKEN_EXPIRED", Unreachable, Unreachable),
]
# Nobody acts, it passes after the wait that Google names.
LIMITS = [
    Row("quota_error.RESOURCE_TEMPORARILY_EXHAUSTED", RateLimited, RateLimited),
    Row("quota_error.EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION", RateLimited, RateLimited),
    Row("quota_error.RESOURCE_EXHAUSTED", RateLimited, RateLimited),
    Row("quota_error.EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION", RateLimited, RateLimited),
    Row("quota_error.RESOURCE_TEMPORARILY_EXHAUSTED", RateLimited, RateLimited, per_operation=True),
]
WAITS_S = (42.0, 42.0, 3600.0, 3600.0)
# The owner of the account or of the project acts; the account stops.
ACCESS = [
    Row("quota_error.ACCESS_PROHIBITED", AccessDenied, AccessDenied),
    Row("authentication_error.OAUTH_TOKEN_REVOKED", AccessDenied, AccessDenied),
    Row("authentication_error.OAUTH_TOKEN_DISABLED", AccessDenied, AccessDenied),
    Row("authentication_error.CUSTOMER_NOT_FOUND", AccessDenied, AccessDenied),
    Row("authorization_error.CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION", AccessDenied, AccessDenied),
    Row("authorization_error.USER_PERMISSION_DENIED", AccessDenied, AccessDenied),
    Row("authorization_error.CUSTOMER_NOT_ENABLED", AccessDenied, AccessDenied),
]
# We act where a whole request is refused; the next plan does where one change is.
REFUSALS = [
    Row("query_error.UNRECOGNIZED_FIELD", Misunderstood, Misunderstood),
    Row("field_mask_error.FIELD_NOT_FOUND", Misunderstood, Misunderstood),
    *(
        Row(signal, Misunderstood, Refused, per_operation=True)
        for signal in (
            "field_mask_error.FIELD_HAS_SUBFIELDS",
            "range_error.TOO_LOW",
            "campaign_budget_error.NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT",
            "campaign_error.CANNOT_CHANGE_BUDGET_ON_CAMPAIGN_WITH_TRIALS",
            "bidding_error.BID_TOO_BIG",
            "bidding_strategy_error.CANNOT_CHANGE_BIDDING_STRATEGY_TYPE",
            "ad_group_error.BID_TYPE_AND_BIDDING_STRATEGY_MISMATCH",
            "ad_group_criterion_error.CANT_UPDATE_NEGATIVE",
            "currency_error.VALUE_NOT_MULTIPLE_OF_BILLABLE_UNIT",
            "mutate_error.RESOURCE_NOT_FOUND",
            "campaign_budget_error.CAMPAIGN_BUDGET_REMOVED",
        )
    ),
    Row("database_error.CONCURRENT_MODIFICATION", Unreachable, Refused, per_operation=True),
]
TABLE = [*PASSING, *LIMITS, *ACCESS, *REFUSALS]


def name_of(row: Row) -> str:
    return f"{row.signal or 'broken'}{' of one operation' if row.per_operation else ''}"


def armed(sandbox: Sandbox, row: Row, on: str) -> None:
    kind = "operation" if row.per_operation and on == "mutate" else "before_commit"
    code = f",code={row.signal}" if row.signal else ""
    sandbox.faults.arm(Fault.parse(f"{kind}:on={on}{code}"))


@pytest.mark.parametrize("row", TABLE, ids=name_of)
def test_a_read_raises_what_says_who_acts(sandbox: Sandbox, adapter: Adapter, row: Row) -> None:
    """One class for each answer, with the account's name and Google's own word."""
    adapter.account()
    armed(sandbox, row, "search")

    with pytest.raises(row.read, match="google_ads:1234567890") as raised:
        adapter.entities()

    assert type(raised.value) is row.read
    assert row.signal.rpartition(".")[2] in str(raised.value)


@pytest.mark.parametrize("row", TABLE, ids=name_of)
def test_a_write_is_raised_refused_or_in_doubt(sandbox: Sandbox, adapter: Adapter, row: Row) -> None:
    """Raised: nothing was applied. Refused: this change was not. In doubt: read it back."""
    before = stands(sandbox, 2)
    change = to_budget(campaign(sandbox, 2), "20.00")
    adapter.account()
    armed(sandbox, row, "mutate")

    if issubclass(row.write, PlatformError):
        with pytest.raises(row.write) as raised:
            adapter.apply([change])
        said = str(raised.value)
    else:
        (receipt,) = adapter.apply([change])
        assert type(receipt) is row.write
        said = getattr(receipt, "because")  # noqa: B009  # both receipts have it

    assert row.signal.rpartition(".")[2] in said
    assert stands(sandbox, 2) == before


@pytest.mark.parametrize("on", ["search", "mutate"])
@pytest.mark.parametrize(("row", "wait_s"), list(zip(LIMITS[:4], WAITS_S, strict=True)))
def test_a_limit_waits_as_long_as_google_says_and_an_hour_for_a_quota_of_the_day(
    sandbox: Sandbox, adapter: Adapter, row: Row, wait_s: float, on: str
) -> None:
    """Reads are tried again after just that; the sandbox names no delay for quotas of the day."""
    adapter.account()
    sandbox.faults.arm(Fault.parse(f"quota:on={on},seconds=42,code={row.signal}"))

    with pytest.raises(RateLimited) as raised:
        adapter.apply([to_budget(campaign(sandbox, 2), "20.00")])

    assert raised.value.retry_after_s == wait_s


def test_a_quota_of_the_day_stops_all_calls_until_it_is_over(sandbox: Sandbox, adapter: Adapter) -> None:
    """Each further call would be refused as well, so none goes out."""
    adapter.account()
    sandbox.faults.arm(Fault.parse("quota:on=search,seconds=3600,code=quota_error.RESOURCE_EXHAUSTED"))
    with pytest.raises(RateLimited):
        adapter.entities()
    asked = len(sandbox.journal.requests())

    with pytest.raises(RateLimited) as raised:
        adapter.account()

    assert (len(sandbox.journal.requests()), raised.value.retry_after_s) == (asked, 3600.0)
    sandbox.clock.advance(timedelta(hours=1))
    assert adapter.account().currency == "EUR"


def test_the_least_budget_that_google_names_is_told_from_then_on(sandbox: Sandbox, adapter: Adapter) -> None:
    """The next plan keeps above it, also after a restart."""
    state = sandbox.ca_file.parent / "state"
    adapter = adapter_on(sandbox, state=state)
    before = adapter.account().min_daily_budget_micros

    (receipt,) = adapter.apply([to_budget(campaign(sandbox, 3), "0.99")])

    assert receipt == Refused("the least daily budget that Google accepts here is 1.00 EUR")
    assert before == 0
    assert adapter.account().min_daily_budget_micros == 1_000_000
    assert adapter_on(sandbox, state=state).account().min_daily_budget_micros == 1_000_000
