"""Every row of the contract's table of errors, provoked in the sandbox and seen by the official client."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from google.ads.googleads.errors import GoogleAdsException
from google.api_core import exceptions
from google_ads_account import opened
from google_ads_wire import CUSTOMER, TIMEOUT_S, Wire

from simulations.sandbox.google_ads.conduct import Conduct
from simulations.sandbox.google_ads.quota import Allowance
from simulations.sandbox.google_ads.serve import Sandbox
from simulations.sandbox.shared.faults import Calls, Fault, FaultKind

_KEY = "google.ads.googleads.v26.errors.googleadsfailure-bin"
CAMPAIGNS = "SELECT campaign.id FROM campaign"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    running = opened(tmp_path_factory.mktemp("served"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def channel(served: Sandbox) -> Wire:
    return Wire(served)


@pytest.fixture
def wire(channel: Wire, served: Sandbox) -> Iterator[Wire]:
    yield channel
    served.faults.clear()


def budget_to(wire: Wire, sandbox: Sandbox, micros: int, row: int = 1) -> Any:
    built = wire.message("CampaignBudgetOperation")
    built.update.resource_name = f"customers/{CUSTOMER}/campaignBudgets/{sandbox.platform.budgets[row].id}"
    built.update.amount_micros = micros
    built.update_mask.paths.append("amount_micros")
    return built


def failure_of(wire: Wire, error: exceptions.GoogleAPICallError) -> Any:
    """The failure that the client leaves in the trailing metadata."""
    trailing = dict(error.errors[0].trailing_metadata())
    failure = wire.message("GoogleAdsFailure")
    failure.ParseFromString(trailing[_KEY])
    return failure


CODES = [
    ("internal_error.TRANSIENT_ERROR", exceptions.InternalServerError),
    ("internal_error.INTERNAL_ERROR", exceptions.InternalServerError),
    ("internal_error.DEADLINE_EXCEEDED", exceptions.InternalServerError),
    ("quota_error.RESOURCE_TEMPORARILY_EXHAUSTED", exceptions.ResourceExhausted),
    ("quota_error.EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION", exceptions.ResourceExhausted),
    ("quota_error.RESOURCE_EXHAUSTED", exceptions.ResourceExhausted),
    ("quota_error.EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION", exceptions.ResourceExhausted),
    ("quota_error.ACCESS_PROHIBITED", exceptions.ResourceExhausted),
    ("database_error.CONCURRENT_MODIFICATION", GoogleAdsException),
    ("authentication_error.OAUTH_TOKEN_EXPIRED", GoogleAdsException),
    ("authentication_error.OAUTH_TOKEN_REVOKED", GoogleAdsException),
    ("authentication_error.OAUTH_TOKEN_DISABLED", GoogleAdsException),
    ("authorization_error.CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION", GoogleAdsException),
    ("authorization_error.USER_PERMISSION_DENIED", GoogleAdsException),
    ("authorization_error.CUSTOMER_NOT_ENABLED", GoogleAdsException),
    ("query_error.UNRECOGNIZED_FIELD", GoogleAdsException),
    ("field_mask_error.FIELD_NOT_FOUND", GoogleAdsException),
    ("range_error.TOO_LOW", GoogleAdsException),
    ("campaign_budget_error.CAMPAIGN_BUDGET_REMOVED", GoogleAdsException),
    ("bidding_error.BID_TOO_BIG", GoogleAdsException),
    ("currency_error.VALUE_NOT_MULTIPLE_OF_BILLABLE_UNIT", GoogleAdsException),
    ("mutate_error.RESOURCE_NOT_FOUND", GoogleAdsException),
]
PATIENT = ("TEMPORARILY", "SHORT_TERM")


@pytest.mark.parametrize("on", [Calls.SEARCH, Calls.MUTATE])
@pytest.mark.parametrize(("code", "kind"), CODES)
def test_every_error_reaches_the_client_in_its_own_way(
    wire: Wire, served: Sandbox, code: str, kind: type[Exception], on: Calls
) -> None:
    """As a GoogleAdsException, or as a bare error with the failure in the trailers."""
    served.faults.arm(Fault(kind=FaultKind.BEFORE_COMMIT, on=on, code=code, seconds=12))

    with pytest.raises(kind) as raised:
        if on is Calls.SEARCH:
            wire.rows(CAMPAIGNS)
        else:
            wire.mutate("CampaignBudgetService", [budget_to(wire, served, 20_000_000)])

    error: Any = raised.value
    known = isinstance(error, GoogleAdsException)
    failure = type(error.failure).pb(error.failure) if known else failure_of(wire, error)
    group, _, name = code.partition(".")
    assert failure.errors[0].error_code.WhichOneof("error_code") == group
    assert name in str(failure)
    delay = failure.errors[0].details.quota_error_details.retry_delay.seconds
    assert delay == (12 if any(word in code for word in PATIENT) else 0)


@dataclass(frozen=True, slots=True)
class Lost:
    """A call whose reply does not come, and whether it was carried out all the same."""

    fault: Fault
    error: type[Exception]
    stored: bool
    timeout_s: float = TIMEOUT_S


LOST = {
    "connection breaks before": Lost(
        Fault(kind=FaultKind.BEFORE_COMMIT), exceptions.ServiceUnavailable, stored=False
    ),
    "connection breaks after": Lost(
        Fault(kind=FaultKind.AFTER_COMMIT), exceptions.ServiceUnavailable, stored=True
    ),
    "internal error after": Lost(
        Fault(kind=FaultKind.AFTER_COMMIT, code="internal_error.TRANSIENT_ERROR"),
        exceptions.InternalServerError,
        stored=True,
    ),
    "too slow": Lost(
        Fault(kind=FaultKind.LATENCY, seconds=0.6), exceptions.DeadlineExceeded, stored=True, timeout_s=0.2
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_a_lost_reply_says_nothing_of_what_was_stored(wire: Wire, served: Sandbox, name: str) -> None:
    """Only reading it back does."""
    lost = LOST[name]
    budget = served.platform.budgets[2].id
    amount = served.platform.budget_micros(budget) + 10_000
    service = wire.service("CampaignBudgetService")
    request = wire.message("MutateCampaignBudgetsRequest")
    request.customer_id = CUSTOMER
    request.operations.append(budget_to(wire, served, amount, row=2))
    service.mutate_campaign_budgets(request=request, timeout=TIMEOUT_S)  # opens the connection
    request.operations[0].update.amount_micros = amount + 10_000
    served.faults.arm(lost.fault)

    with pytest.raises(lost.error):
        service.mutate_campaign_budgets(request=request, timeout=lost.timeout_s)

    for _ in range(100):
        if not lost.stored or served.platform.budget_micros(budget) != amount:
            break
        time.sleep(0.05)  # the server goes on after the client has given up
    assert (served.platform.budget_micros(budget) == amount + 10_000) == lost.stored


def test_a_stream_can_break_in_the_middle(wire: Wire, served: Sandbox) -> None:
    """Rows came, and then the connection is gone: they must not be taken for all."""
    served.faults.arm(Fault(kind=FaultKind.AFTER_COMMIT, on=Calls.SEARCH))
    stream = wire.service("GoogleAdsService").search_stream(
        customer_id=CUSTOMER, query=CAMPAIGNS, timeout=TIMEOUT_S
    )
    rows = []

    with pytest.raises(exceptions.ServiceUnavailable):
        for batch in stream:
            rows += batch.results

    assert len(rows) == 8


def test_a_quota_error_can_sit_inside_a_partial_failure(wire: Wire, served: Sandbox) -> None:
    """On every operation, while the call itself went well."""
    for index in range(2):
        served.faults.arm(
            Fault(
                kind=FaultKind.OPERATION,
                code="quota_error.RESOURCE_TEMPORARILY_EXHAUSTED",
                operation=index,
                seconds=30,
            )
        )
    operations = [budget_to(wire, served, 21_000_000, row=row) for row in (1, 2)]

    answer = wire.mutate("CampaignBudgetService", operations, partial_failure=True)

    failure = wire.message("GoogleAdsFailure")
    failure.ParseFromString(answer.partial_failure_error.details[0].value)
    delays = [error.details.quota_error_details.retry_delay.seconds for error in failure.errors]
    assert delays == [30, 30]
    assert [result.resource_name for result in answer.results] == ["", ""]


@pytest.fixture
def rationed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    allowance = Allowance(per_day=20, per_minute=6)
    running = opened(tmp_path_factory.mktemp("rationed"), Conduct(allowance=allowance))
    yield running
    running.stop()


def test_quotas_of_the_minute_and_of_the_day_run_out(rationed: Sandbox) -> None:
    """The first asks for patience, the second is for tomorrow; both are counted as broken limits."""
    wire = Wire(rationed)

    def spend(n_calls: int) -> str:
        for _ in range(n_calls):
            try:
                wire.rows("SELECT customer.id FROM customer")
            except exceptions.ResourceExhausted as error:
                failure = failure_of(wire, error)
                waits = failure.errors[0].details.quota_error_details.HasField("retry_delay")
                return "wait" if waits else "stop"
        return "fine"

    of_minute = [spend(6), spend(1)]
    rationed.clock.advance(timedelta(seconds=11))
    after_a_while = [spend(1), spend(1)]
    words = []
    for _ in range(3):
        rationed.clock.advance(timedelta(minutes=2))
        words.append(spend(6))
    rationed.clock.advance(timedelta(days=1))

    assert of_minute == ["fine", "wait"]
    assert after_a_while == ["fine", "wait"]
    assert words == ["fine", "fine", "stop"]  # 7 + 6 + 6 + 1 of 20
    assert spend(6) == "fine"
    assert {each.what for each in rationed.front.served.violations.found()} == {"quota"}
