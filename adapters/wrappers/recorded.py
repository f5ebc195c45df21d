"""Recorded: a line in the log for each call of a platform."""

import time
from collections import Counter
from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import TypeVar, overload

import structlog

from adapters.wrappers.passing import Call, passing
from agent.domain.errors import PlatformError
from agent.domain.outcome import Accepted, Ambiguous, Refused
from agent.domain.ref import AccountId
from agent.ports.platform import Adapter, Reader

T = TypeVar("T")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Record:
    """Logs what was asked, how long it took and how much came back; never what was in it."""

    account: AccountId
    seconds: Callable[[], float] = time.perf_counter

    def __call__(self, call: Call[T]) -> T:
        log = _log.bind(account=str(self.account), method=call.method)
        began = self.seconds()
        try:
            answer = call.run()
        except PlatformError as error:
            took_s = round(self.seconds() - began, 3)
            log.warning("platform.failed", took_s=took_s, error=type(error).__name__, message=str(error))
            raise
        took_s = round(self.seconds() - began, 3)
        if call.method in ("apply", "rehearse"):
            log.debug("platform.called", took_s=took_s, operations=call.operations, **_receipts(answer))
        elif isinstance(answer, Sized):
            log.debug("platform.called", took_s=took_s, rows=len(answer))
        else:
            log.debug("platform.called", took_s=took_s)
        return answer


@overload
def recorded(inner: Adapter, account: AccountId) -> Adapter: ...
@overload
def recorded(inner: Reader, account: AccountId) -> Reader: ...
def recorded(inner: Reader, account: AccountId) -> Reader:
    """The adapter with ``platform.called`` or ``platform.failed`` in the log for each call.

    Messages of other errors than ours are not logged: some print access tokens.
    """
    return passing(inner, Record(account))


def _receipts(answer: object) -> dict[str, int]:
    """Receipts by kind."""
    kinds = Counter(type(receipt) for receipt in answer) if isinstance(answer, list | tuple) else Counter()
    return {"accepted": kinds[Accepted], "refused": kinds[Refused], "ambiguous": kinds[Ambiguous]}
