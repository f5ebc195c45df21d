"""Every row of both platforms' error tables, provoked over the wire, ends as the table says.

A read goes through the same patience as a live one: it is asked again, waited for or given up. A
write goes out once, and what its receipt or error says is held against the platform itself. Tables:
https://developers.google.com/google-ads/api/docs/best-practices/error-types and
https://developers.facebook.com/docs/marketing-api/overview/rate-limiting
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from google_stage import GoogleScene, GoogleStage
from meta_stage import MetaScene, MetaStage

from adapters.conformance.changes import check_true, kinds_of, steps
from adapters.conformance.stage import Opening
from adapters.wrappers.retrying import Patience, retrying
from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable
from agent.domain.lever import Lever, number_of
from agent.domain.outcome import Ambiguous, Refused
from agent.domain.plan import Change
from simulations.sandbox.shared.faults import Fault

AGAIN, LEFT_OUT = "is asked again at once and then answers", "is answered without what is gone"
Scene = GoogleScene | MetaScene


@dataclass(frozen=True)
class Row:
    """A signal, and how a read and a write end.

    Attributes:
        signal: An error's code; "" for a connection that breaks.
        read: `AGAIN`, seconds that are waited before it answers, or the error that it ends with.
        write: The receipt, or the error that is raised: nothing was applied then.
        told_s: What the platform asks to wait; 0: nothing.
        of_operation: The signal is about one operation, and the request itself went well.
    """

    signal: str
    read: str | float | type[PlatformError]
    write: type[PlatformError] | type[Refused] | type[Ambiguous]
    told_s: float = 0.0
    of_operation: bool = False

    def __str__(self) -> str:
        return f"{self.signal or 'broken'}{' of one operation' if self.of_operation else ''}"


# Passing by itself: a read is asked again, a write is read back.
GOOGLE_PASSING = [
    Row("", AGAIN, Ambiguous),
    *(
        Row(f"internal_error.{name}", AGAIN, Ambiguous)
        for name in ("TRANSIENT_ERROR", "INTERNAL_ERROR", "DEADLINE_EXCEEDED")
    ),
    Row("database_error.CONCURRENT_MODIFICATION", AGAIN, Unreachable),
    Row("authentication_error.OAUTH_TOKEN_EXPIRED", AGAIN, Unreachable),
]
GOOGLE_QUOTAS = [
    Row("quota_error.RESOURCE_TEMPORARILY_EXHAUSTED", 42.0, RateLimited, 42.0),
    Row("quota_error.EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION", 42.0, RateLimited, 42.0),
    Row("quota_error.RESOURCE_TEMPORARILY_EXHAUSTED", 30.0, RateLimited, of_operation=True),
    Row("quota_error.RESOURCE_EXHAUSTED", RateLimited, RateLimited),
    Row("quota_error.EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION", RateLimited, RateLimited),
    Row("quota_error.ACCESS_PROHIBITED", AccessDenied, AccessDenied),
]
GOOGLE_REFUSALS = [
    *(
        Row(signal, AccessDenied, AccessDenied)
        for signal in (
            "authentication_error.OAUTH_TOKEN_REVOKED",
            "authorization_error.CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION",
            "authorization_error.USER_PERMISSION_DENIED",
            "authorization_error.CUSTOMER_NOT_ENABLED",
        )
    ),
    *(
        Row(signal, Misunderstood, Refused, of_operation=True)
        for signal in (
            "field_mask_error.FIELD_NOT_FOUND",
            "range_error.TOO_LOW",
            "campaign_budget_error.MONEY_AMOUNT_TOO_LARGE",
            "bidding_error.BID_TOO_SMALL",
            "currency_error.VALUE_NOT_MULTIPLE_OF_BILLABLE_UNIT",
            "mutate_error.RESOURCE_NOT_FOUND",
            "campaign_budget_error.CAMPAIGN_BUDGET_REMOVED",
        )
    ),
    Row("query_error.UNRECOGNIZED_FIELD", Misunderstood, Misunderstood),
]
META_PASSING = [Row("", AGAIN, Ambiguous), Row("1", AGAIN, Ambiguous), Row("2", AGAIN, Ambiguous)]
META_LIMITS = [
    *(Row(code, 120.0, RateLimited, 120.0) for code in ("80000", "80003", "80004", "80014")),
    Row("613/5044001", 10.0, RateLimited),
    *(
        Row(code, RateLimited, RateLimited)
        for code in ("4/1504022", "4/1504039", "17/2446079", "613/1487742", "613", "32")
    ),
    Row("613/1487632", RateLimited, Refused, of_operation=True),
]
META_REFUSALS = [
    *(
        Row(code, AccessDenied, AccessDenied)
        for code in ("190/463", "102", "10", "200", "294", "1404078", "2859015", "368")
    ),
    Row("100/33", LEFT_OUT, Refused, of_operation=True),
    *(Row(code, Misunderstood, Refused, of_operation=True) for code in ("100", "100/1885272", "100/1885621")),
]
GOOGLE = [*GOOGLE_PASSING, *GOOGLE_QUOTAS, *GOOGLE_REFUSALS]
META = [*META_PASSING, *META_LIMITS, *META_REFUSALS]


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleScene]:
    scene = GoogleStage(signs_in=True).open(Opening(history_days=2))
    yield scene
    scene.close()


@pytest.fixture(scope="module")
def meta() -> Iterator[MetaScene]:
    scene = MetaStage().open(Opening(history_days=2))
    yield scene
    scene.close()


@pytest.fixture
def scene(request: pytest.FixtureRequest, platform: str) -> Iterator[Scene]:
    """One server for the module; each row begins well, and a day after the one before."""
    opened: Scene = request.getfixturevalue(platform)
    yield opened
    opened.mend()
    opened.advance(timedelta(hours=25))


ROWS = [("google", row) for row in GOOGLE] + [("meta", row) for row in META]
each_row = pytest.mark.parametrize(("platform", "row"), ROWS, ids=str)


@each_row
def test_a_read_ends_as_the_table_says(scene: Scene, row: Row) -> None:
    """Asked again, waited for, or given up at once because a person or a plan must act."""
    change = budget_of(scene)
    key = change.ref, change.lever
    waits: list[float] = []
    patient = retrying(scene.reader, patience(scene, waits))
    calls = len(scene.front.served.journal.requests())
    arm(scene, row, on="search")

    if isinstance(row.read, type):
        with pytest.raises(row.read) as raised:
            patient.read([key])
        assert type(raised.value) is row.read
        assert waits == []
    elif row.read == LEFT_OUT:
        assert patient.read([key]) == {}
    else:
        assert patient.read([key]) == {key: change.before}
        assert len(waits) == 1
        assert waits == [row.read] if isinstance(row.read, float) else waits[0] <= 30.0
    assert len(scene.front.served.journal.requests()) - calls <= 6


@each_row
def test_a_write_ends_as_the_table_says(scene: Scene, row: Row) -> None:
    """Sent once; raised: nothing was applied; refused: this one was not; in doubt: read back."""
    change = budget_of(scene)
    patient = retrying(scene.writer, patience(scene, []))
    writes = scene.writes()
    arm(scene, row, on="mutate")

    if issubclass(row.write, PlatformError):
        with pytest.raises(row.write) as raised:
            patient.apply([change])
        assert type(raised.value) is row.write
        assert scene.standing(change.ref, change.lever) == number_of(change.before)
    else:
        receipts = patient.apply([change])
        assert kinds_of(receipts) == [row.write.__name__]
        check_true(scene, [change], receipts)
    assert scene.writes() - writes <= 1


@pytest.mark.parametrize("platform", ["google", "meta"])
def test_of_a_lost_reply_reading_tells_the_truth(scene: Scene) -> None:
    """The one row on which money hangs: in doubt, applied, and seen to be so."""
    change = budget_of(scene)
    scene.front.served.faults.arm(Fault.parse("after_commit"))

    receipts = scene.writer.apply([change])

    assert kinds_of(receipts) == ["Ambiguous"]
    assert scene.reader.read([(change.ref, change.lever)]) == {(change.ref, change.lever): change.after}


@pytest.mark.parametrize("platform", ["meta"])
@pytest.mark.parametrize("code", ["100/1487534", "100/1504018", "2/1504038"])
def test_a_report_that_is_too_large_is_asked_for_in_parts(scene: MetaScene, code: str) -> None:
    """Too much data for one call: the same figures come of smaller ones."""
    until = (scene.now() - timedelta(days=1)).date()
    whole = scene.reader.metrics(until - timedelta(days=1), until)
    scene.front.served.faults.arm(Fault.parse(f"before_commit:on=insights,code={code}"))

    parts = scene.reader.metrics(until - timedelta(days=1), until)

    assert sorted(parts.cost_micros.tolist()) == sorted(whole.cost_micros.tolist())


def budget_of(scene: Scene) -> Change:
    """A step of a campaign's budget, read while all is well."""
    changes = steps(scene.reader.entities(), levers=[Lever.DAILY_BUDGET])
    return next(change for change in changes if change.ref.kind == "campaign")


def arm(scene: Scene, row: Row, *, on: str) -> None:
    kind = "quota" if row.told_s else "before_commit"
    if row.of_operation and on == "mutate":
        kind = "operation"
    code = f",code={row.signal}" if row.signal else ""
    told = f",seconds={row.told_s}" if row.told_s else ""
    scene.front.served.faults.arm(Fault.parse(f"{kind}:on={on}{code}{told}"))


def patience(scene: Scene, waits: list[float]) -> Patience:
    """Waits by the scene's clock, and writes down how long."""

    def sleep(wait_s: float) -> None:
        waits.append(wait_s)
        scene.advance(timedelta(seconds=wait_s))

    return Patience(sleep=sleep, monotonic=lambda: scene.now().timestamp())
