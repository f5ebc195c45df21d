"""Pauses: accounts that are left alone for a while, why and until when; `gebot status` reads them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import structlog

from agent.domain.errors import AccessDenied, GebotError, Misunderstood, RateLimited

_log = structlog.get_logger()

PAUSES_FILE = "pauses.json"

_LONGEST_WAIT = timedelta(days=1)  # whatever a platform asks for, it is asked again once a day
_DENIED = timedelta(hours=1)
_REFUSED = (timedelta(minutes=2), timedelta(hours=1))
_FAILED = (timedelta(minutes=5), timedelta(hours=4))
_OURS = ("agent", "adapters", "rules", "simulations", "strategies")


class Cause(StrEnum):
    """Who acts next."""

    WAITS = "waits"  # nobody: the platform said how long
    STOPPED = "stopped"  # a person: access was denied
    REFUSED = "refused"  # a person, if it lasts: the platform refused what was asked
    FAILED = "failed"  # whoever looks after gebot: a fault of its own
    SILENT = "silent"  # nobody, if it passes: the platform did not answer, and is asked at the next tick


@dataclass(frozen=True, slots=True)
class Pause:
    """One account is left alone.

    Attributes:
        since: When it began, UTC; stays while the same befalls it again and again.
        until: When it is tried again, UTC.
        times: How often it was tried since, the first time included.
    """

    cause: Cause
    because: str
    since: datetime
    until: datetime
    times: int = 1

    def over(self, now: datetime) -> bool:
        """Whether the account may be asked again; a clock that was set back ends a pause, too."""
        return not self.since <= now < self.until


def pause_after(error: BaseException, now: datetime, last: Pause | None) -> Pause | None:
    """How long to leave an account alone after this; None: it may be asked at the next tick.

    Args:
        last: The pause that the account comes from, if it has not been well since.
    """
    because = str(error)
    match error:
        case RateLimited():
            asked_s = min(max(error.retry_after_s, 1.0), _LONGEST_WAIT.total_seconds())
            cause, wait = Cause.WAITS, timedelta(seconds=asked_s)
        case AccessDenied():
            cause, wait = Cause.STOPPED, _DENIED
        case Misunderstood():
            cause, wait = Cause.REFUSED, _grown(_REFUSED, _times(last, Cause.REFUSED))
        case GebotError():
            return None
        case _:
            cause, wait = Cause.FAILED, _grown(_FAILED, _times(last, Cause.FAILED))
            because = told(error)
    since = last.since if last is not None and last.cause is cause else now
    return Pause(cause, because, since, now + wait, _times(last, cause))


def broken_off(error: GebotError, now: datetime, last: Pause | None) -> Pause:
    """No pause at all, for the account is asked at the next tick; since when its rounds end early is kept."""
    since = last.since if last is not None and last.cause is Cause.SILENT else now
    return Pause(Cause.SILENT, str(error), since, now, _times(last, Cause.SILENT))


def told(error: BaseException) -> str:
    """A bug in a line: what and where. Words of other people's code may hold a token: left out."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    name = type(error).__name__
    if trace is None:
        return name
    module = str(trace.tb_frame.f_globals.get("__name__", ""))
    where = f"{name} at {module}:{trace.tb_lineno}"
    return f"{where}: {error}" if module.partition(".")[0] in _OURS else where


def sentence(pause: Pause) -> str:
    """What people are told of a pause, with what they can do about it."""
    since, until = (f"{moment:%Y-%m-%d %H:%M}" for moment in (pause.since, pause.until))
    match pause.cause:
        case Cause.WAITS:
            return f"waits until {until} UTC, as the platform asked: {pause.because}"
        case Cause.STOPPED:
            return (
                f"stopped since {since} UTC: {pause.because}; give it access, prove that with `gebot check` "
                f"and start `gebot run` again (without that it tries once an hour, next at {until} UTC)"
            )
        case Cause.REFUSED:
            return (
                f"left alone since {since} UTC: {pause.because}; `gebot check` may tell more; "
                f"tried again at {until} UTC"
            )
        case Cause.SILENT:
            return (
                f"rounds end early since {since} UTC: {pause.because}; nothing is sent until that is over; "
                "it is tried at every tick; where it lasts, `gebot check` tells what the platform answers"
            )
        case Cause.FAILED:
            return (
                f"set aside since {since} UTC by a fault of gebot's own ({pause.because}); tried again at "
                f"{until} UTC; the log tells where it was: please report that"
            )


class Pauses:
    """The pauses of all accounts, in memory and in a file of the state folder.

    A restart is what a person does who has mended something: only waits that a platform
    asked for outlive it.
    """

    def __init__(self, state: Path, now: datetime) -> None:
        self._path = state / PAUSES_FILE
        waits = {
            account: pause
            for account, pause in read_pauses(state).items()
            if pause.cause is Cause.WAITS and not pause.over(now)
        }
        self._pauses = waits
        if self._path.exists():
            self._write()

    def of(self, account: str) -> Pause | None:
        return self._pauses.get(account)

    def begin(self, account: str, pause: Pause) -> None:
        self._pauses[account] = pause
        self._write()

    def end(self, account: str) -> None:
        del self._pauses[account]
        self._write()

    def _write(self) -> None:
        """Whole or not at all; a full disk must not end a round."""
        part = self._path.with_suffix(".part")
        records = {account: asdict(pause) for account, pause in sorted(self._pauses.items())}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(records, default=str, ensure_ascii=False, indent=1), encoding="utf-8")
            part.replace(self._path)
        except OSError as error:
            _log.warning("pauses.not_written", path=str(self._path), error=error.strerror)


def read_pauses(state: Path) -> Mapping[str, Pause]:
    """The pauses as another process can know them, by the account's full name; none if unreadable."""
    try:
        found = json.loads((state / PAUSES_FILE).read_text(encoding="utf-8"))
        return {account: _pause(record) for account, record in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return {}


def _pause(record: Mapping[str, str]) -> Pause:
    since, until = (datetime.fromisoformat(record[name]).astimezone(UTC) for name in ("since", "until"))
    return Pause(Cause(record["cause"]), str(record["because"]), since, until, max(1, int(record["times"])))


def _times(last: Pause | None, cause: Cause) -> int:
    return last.times + 1 if last is not None and last.cause is cause else 1


def _grown(span: tuple[timedelta, timedelta], times: int) -> timedelta:
    """From the first to the longest, doubled each time."""
    first, longest = span
    return min(first * (1 << min(times - 1, 30)), longest)
