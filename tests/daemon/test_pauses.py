"""Pauses: what befalls an account decides when it is asked again, and holds up no other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from live import Live, live
from polars.exceptions import PanicException
from structlog.testing import capture_logs

from agent.config.accounts import Schedule
from agent.daemon.daemon import Daemon
from agent.daemon.pauses import Cause, Pause, Pauses, pause_after, read_pauses, sentence, told
from agent.daemon.rounds import Post
from agent.domain.entity import Account
from agent.domain.errors import AccessDenied, Misunderstood, RateLimited, Unreachable
from agent.domain.outcome import Receipt, State
from agent.domain.ref import AccountId
from simulations.faults import Faulty
from simulations.simulated.adapter import SimulatedAdapter
from simulations.simulated.connect import Options, open_platform

NOW = datetime(2026, 11, 21, 10, 2, tzinfo=UTC)
DENIED = AccessDenied("simulated:demo", "the user has no access")
BUSY = RateLimited("simulated:demo", "too many calls", 300)


class Failing(Faulty):
    """Every call raises while `error` is set; counts the rounds that reached the platform."""

    def __init__(self, account: Live, error: BaseException | None) -> None:
        super().__init__(account.adapter)
        self.error = error
        self.asked = 0

    def account(self) -> Account:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return super().account()


class House:
    """Two accounts in one daemon: the first fails, the second is well."""

    def __init__(self, state: Path, error: BaseException) -> None:
        self.ill, self.well = live(), live()
        other = SimulatedAdapter(
            open_platform("well", Options(seed=5, campaigns=3), {}, self.well.clock, Path())
        )
        memory = self.ill.parts.ledger
        self.well.give(account=AccountId("simulated", "well"), reader=other, writer=other, ledger=memory)
        self.platform = Failing(self.ill, error)
        self.ill.give(reader=self.platform)
        self.state = state
        self.told: list[str] = []
        self.daemon = self.start()

    def start(self) -> Daemon:
        posts = [
            Post(one.parts, Schedule(), True, lambda what, _, name=name: self.told.append(f"{name}: {what}"))
            for name, one in (("ill", self.ill), ("well", self.well))
        ]
        return Daemon(posts, self.ill.parts.ledger, self.ill.clock, self.state)

    def restart(self) -> None:
        self.daemon._leases.release()
        self.daemon = self.start()

    def tick(self, times: int = 1, **span: float) -> None:
        for _ in range(times):
            self.ill.step(**span)
            self.well.step(**span)
            self.daemon.tick()

    @property
    def pause(self) -> Pause | None:
        return read_pauses(self.state).get("simulated:demo")


def test_a_rate_limit_is_kept_across_ticks_and_restarts(tmp_path: Path) -> None:
    """Not one call before the time that the platform named, and one soon after."""
    house = House(tmp_path, BUSY)
    house.tick()

    house.tick(times=2, minutes=1)
    house.restart()
    house.tick(times=2, minutes=1)
    assert house.platform.asked == 1
    house.platform.error = None
    house.tick(minutes=1)

    assert house.told.count("ill: drawn up") == 1 and house.pause is None


def test_a_denied_account_is_tried_once_an_hour_and_told_once(tmp_path: Path) -> None:
    """A person must act; an error line each minute would help nobody, and the others go on."""
    house = House(tmp_path, DENIED)

    with capture_logs() as lines:
        house.tick(times=130, minutes=1)

    assert house.platform.asked == 3
    assert [one["event"] for one in lines if one["log_level"] == "error"] == ["account.stopped"]
    assert house.pause is not None and house.pause.times == 3
    assert "well: carried out" in house.told


def test_a_denied_account_goes_on_by_itself_once_access_is_given(tmp_path: Path) -> None:
    """Within the hour, or at once after a restart."""
    house = House(tmp_path, DENIED)
    house.tick()
    house.platform.error = None

    house.restart()
    house.tick(minutes=1)

    assert "ill: drawn up" in house.told and house.pause is None


@pytest.mark.parametrize("bug", [KeyError("row"), PanicException("index out of bounds")])
def test_a_bug_in_one_account_sets_it_aside_with_growing_waits(tmp_path: Path, bug: BaseException) -> None:
    """5, 10, 20, … minutes; not even a panic ends the daemon for the others."""
    house = House(tmp_path, bug)

    with capture_logs() as lines:
        house.tick(times=76, minutes=1)

    assert house.platform.asked == 5  # after 0, 5, 15, 35 and 75 minutes
    assert [one["event"] for one in lines if one["log_level"] == "error"] == ["account.failed"] * 5
    assert "well: carried out" in house.told


def test_what_a_bug_broke_off_is_found_out_without_a_restart(tmp_path: Path) -> None:
    """Sent or not, nobody knows; the next round reads it."""
    house = House(tmp_path, KeyError("unused"))
    house.platform.error = None

    class Breaks(Faulty):
        def apply(self, changes: Any) -> Any:
            super().apply(changes)
            raise TypeError("the reply was no list")

    house.ill.give(writer=Breaks(house.ill.adapter))
    house.restart()
    house.tick()
    parts = house.ill.parts
    (record,) = parts.ledger.plans(parts.account, only_open=True)
    assert State.UNKNOWN in {item.state for item in record.changes.values()}

    house.tick(times=2, minutes=11)

    after = parts.ledger.plan(record.plan.fingerprint)
    assert after is not None
    assert not {State.SENDING, State.UNKNOWN} & {item.state for item in after.changes.values()}


@pytest.mark.parametrize(("error", "calls"), [(BUSY, 1), (DENIED, 1)])
def test_a_send_that_was_refused_so_ends_the_round_with_its_outcome_written(
    tmp_path: Path, error: RateLimited | AccessDenied, calls: int
) -> None:
    """Raises are not tried when the cuts were not let in, and wait for a better moment."""
    house = House(tmp_path, error)
    house.platform.error = None

    class Barred(Faulty):
        sent = 0

        def apply(self, changes: Any) -> list[Receipt]:
            self.sent += 1
            raise error

    writer = Barred(house.ill.adapter)
    house.ill.give(writer=writer)
    house.restart()

    house.tick(times=4, minutes=1)

    (record,) = house.ill.parts.ledger.plans(house.ill.parts.account)
    states = sorted(item.state for item in record.changes.values())
    assert states == [State.APPROVED, State.NOT_APPLIED]
    assert writer.sent == calls and house.pause is not None


def test_an_interrupt_ends_the_daemon(tmp_path: Path) -> None:
    """Ctrl-C is no fault of an account."""
    house = House(tmp_path, KeyboardInterrupt())

    with pytest.raises(KeyboardInterrupt):
        house.tick()

    assert house.pause is None


@pytest.mark.parametrize(
    ("error", "cause", "minutes"),
    [
        (RateLimited("a", "slow down", 90), Cause.WAITS, [1.5, 1.5, 1.5]),
        (RateLimited("a", "slow down", 10**9), Cause.WAITS, [24 * 60] * 3),
        (RateLimited("a", "slow down", 1e15), Cause.WAITS, [24 * 60] * 3),
        (AccessDenied("a", "no"), Cause.STOPPED, [60, 60, 60]),
        (Misunderstood("a", "what?"), Cause.REFUSED, [2, 4, 8, 16, 32, 60, 60]),
        (ValueError("bug"), Cause.FAILED, [5, 10, 20, 40, 80, 160, 240, 240]),
    ],
)
def test_how_long_an_account_is_left_alone(error: Exception, cause: Cause, minutes: list[float]) -> None:
    """Each class of error has its own patience; the first moment is kept."""
    last, found, now = None, [], NOW

    for _ in minutes:
        last = pause_after(error, now, last)
        assert last is not None and last.cause is cause and last.since == NOW
        found.append((last.until - now) / timedelta(minutes=1))
        now = last.until

    assert found == minutes


def test_what_mends_itself_is_asked_again_at_the_next_tick() -> None:
    """The read has been tried for minutes by then."""
    assert pause_after(Unreachable("a", "no answer"), NOW, None) is None


def test_a_clock_that_was_set_back_ends_a_pause() -> None:
    """Else a wrong clock could silence an account for years."""
    pause = Pause(Cause.STOPPED, "no", NOW, NOW + timedelta(hours=1))

    assert pause.over(NOW - timedelta(seconds=1)) and pause.over(pause.until)
    assert not pause.over(NOW)


def test_words_of_other_peoples_code_are_not_repeated() -> None:
    """An exception of requests holds the URL, and the URL holds the token."""
    theirs = "raise ConnectionError('https://graph/?access_token=EAAB')"

    with pytest.raises(ConnectionError) as caught:
        exec(theirs, {"__name__": "requests.sessions"})

    assert told(caught.value) == "ConnectionError at requests.sessions:1"


def test_a_full_disk_ends_no_round(tmp_path: Path) -> None:
    """What is known in memory is still kept to."""
    pauses = Pauses(tmp_path / "file" / "below", NOW)
    (tmp_path / "file").write_text("")
    pause = Pause(Cause.STOPPED, "no", NOW, NOW + timedelta(hours=1))

    pauses.begin("a", replace(pause, because="still no"))

    assert pauses.of("a") is not None


def test_a_platform_that_does_not_answer_is_told_of_and_asked_at_each_tick(tmp_path: Path) -> None:
    """Nothing is sent meanwhile, so people must know since when; one good round ends it."""
    house = House(tmp_path, Unreachable("simulated:demo", "no answer"))
    house.tick(times=3, minutes=1)

    during, asked = house.pause, house.platform.asked
    house.platform.error = None
    house.tick(minutes=1)

    assert asked == 3 and during is not None
    assert during.cause is Cause.SILENT and during.times == 3
    assert during.over(house.ill.clock.now()), "it is not left alone"
    assert f"since {during.since:%Y-%m-%d %H:%M} UTC" in sentence(during)
    assert "no answer" in sentence(during) and "nothing is sent" in sentence(during)
    assert house.pause is None
