"""Bars: members of a joint account that said to be left alone, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.domain.errors import AccessDenied, PlatformError, RateLimited
from agent.domain.ref import AccountId
from agent.ports.clock import Clock

_LONGEST = timedelta(days=1)
_DENIED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Bar:
    error: PlatformError
    until: datetime


class Bars:
    """What a member answered while another one did its part, so that nobody could be told by an error."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._bars: dict[AccountId, _Bar] = {}

    def note(self, member: AccountId, error: PlatformError) -> None:
        """Leave it alone as long as it asked for, or for an hour where it denied access.

        Where it is left alone already that stays as it is: the error was then raised by `check`.
        """
        if member in self._bars and self._clock.now() < self._bars[member].until:
            return
        match error:
            case RateLimited():
                wait = min(timedelta(seconds=error.retry_after_s), _LONGEST)
            case AccessDenied():
                wait = _DENIED
            case _:
                return
        self._bars[member] = _Bar(error, self._clock.now() + wait)

    def check(self, member: AccountId) -> None:
        """Pass where it may be asked.

        Raises:
            RateLimited: It asked to wait; with what is left of that. It was not asked again.
            AccessDenied: As it said itself. It was not asked again.
        """
        bar, now = self._bars.get(member), self._clock.now()
        if bar is None or now >= bar.until:
            self._bars.pop(member, None)
            return
        if isinstance(bar.error, RateLimited):
            left_s = (bar.until - now).total_seconds()
            raise RateLimited(bar.error.account, "asked to wait when changes were sent", left_s)
        raise bar.error
