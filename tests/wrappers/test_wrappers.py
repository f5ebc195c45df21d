"""Wrappers keep the port: reads are tried again, writes go once, and nobody sees too much."""

import inspect

import pytest
import sample
from platform_fake import CHANGE, TABLE, FakePlatform
from structlog.testing import capture_logs

from adapters.wrappers.read_only import ReadOnly
from adapters.wrappers.recorded import recorded
from adapters.wrappers.retrying import Patience, retrying
from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable
from agent.domain.outcome import Accepted
from agent.ports.platform import Reader

ACCOUNT = sample.ACCOUNT.id


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds

    def monotonic(self) -> float:
        return self.now_s

    def patience(self, total_s: float = 180.0) -> Patience:
        return Patience(total_s=total_s, sleep=self.sleep, monotonic=self.monotonic)


def unreachable() -> Unreachable:
    return Unreachable("simulated:demo", "timed out")


def test_a_read_is_tried_again_until_it_is_answered() -> None:
    """Twice nothing, then an answer; the waits grow and stay within their bounds."""
    platform, time = FakePlatform(unreachable(), unreachable()), Time()

    table = retrying(platform, time.patience()).entities()

    assert table is TABLE
    assert platform.calls == ["entities"] * 3
    assert len(time.slept) == 2
    assert all(0 <= slept <= bound for slept, bound in zip(time.slept, (1.0, 2.0), strict=True))


def test_a_rate_limit_waits_what_it_asks_for() -> None:
    """The platform knows best."""
    platform, time = FakePlatform(RateLimited("simulated:demo", "quota", 37.0)), Time()

    retrying(platform, time.patience()).entities()

    assert time.slept == [37.0]


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    """An hour's block is reported at once, not after an hour."""
    platform, time = FakePlatform(RateLimited("simulated:demo", "quota", 3600.0)), Time()

    with pytest.raises(RateLimited):
        retrying(platform, time.patience()).entities()

    assert (platform.calls, time.slept) == (["entities"], [])


def test_a_read_is_given_up_at_its_deadline() -> None:
    """The last error is raised as it was."""
    platform, time = FakePlatform(*(unreachable() for _ in range(1000))), Time()

    with pytest.raises(Unreachable):
        retrying(platform, time.patience(total_s=60)).entities()

    assert time.now_s <= 60
    assert len(platform.calls) >= 3


@pytest.mark.parametrize("error", [AccessDenied, Misunderstood])
def test_what_time_does_not_mend_is_not_tried_again(error: type[PlatformError]) -> None:
    """A person must act."""
    platform, time = FakePlatform(error("simulated:demo", "no")), Time()

    with pytest.raises(error):
        retrying(platform, time.patience()).entities()

    assert platform.calls == ["entities"]


@pytest.mark.parametrize("error", [unreachable(), RateLimited("simulated:demo", "quota", 1.0)])
def test_a_write_goes_to_the_wire_once(error: PlatformError) -> None:
    """Whatever becomes of it: never send again, plan again."""
    platform, time = FakePlatform(error), Time()

    with pytest.raises(type(error)):
        retrying(platform, time.patience()).apply([CHANGE])

    assert (platform.calls, time.slept) == (["apply"], [])


def test_a_read_only_adapter_has_no_way_to_write() -> None:
    """No apply, no public way to what is inside, and all of the reader's port."""
    reader = ReadOnly(FakePlatform())

    public = {name for name in dir(reader) if not name.startswith("_")}

    assert not hasattr(reader, "apply")
    assert public == {name for name, _ in inspect.getmembers(Reader, inspect.isfunction) if name[0] != "_"}
    assert reader.account() is TABLE.account
    assert reader.rehearse([CHANGE]) == [Accepted()]


def test_wrapping_a_reader_does_not_give_it_a_write() -> None:
    """Each wrapper passes on what is there and no more."""
    reader = ReadOnly(FakePlatform())

    wrapped = [retrying(reader), recorded(reader, ACCOUNT)]

    assert [hasattr(one, "apply") for one in wrapped] == [False] * 2


def test_each_call_leaves_a_line_with_what_came_back() -> None:
    """Rows for a read, receipts for a write."""
    adapter = recorded(FakePlatform(), ACCOUNT)

    with capture_logs() as entries:
        adapter.entities()
        adapter.apply([CHANGE, CHANGE])

    for entry in entries:
        assert entry.pop("took_s") >= 0
    assert entries == [
        {
            "event": "platform.called",
            "log_level": "debug",
            "account": "simulated:demo",
            "method": "entities",
            "rows": 2,
        },
        {
            "event": "platform.called",
            "log_level": "debug",
            "account": "simulated:demo",
            "method": "apply",
            "operations": 2,
            "accepted": 2,
            "refused": 0,
            "ambiguous": 0,
        },
    ]


def test_a_call_that_failed_leaves_a_warning_and_raises() -> None:
    """Its kind and our own message."""
    adapter = recorded(FakePlatform(unreachable()), ACCOUNT)

    with capture_logs() as entries, pytest.raises(Unreachable):
        adapter.entities()

    (entry,) = entries
    assert (entry["event"], entry["log_level"], entry["error"]) == (
        "platform.failed",
        "warning",
        "Unreachable",
    )
    assert entry["message"] == "simulated:demo: timed out"
