"""Retrying: ask again where a read got no answer; a write is sent exactly once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, overload

import tenacity

from adapters.wrappers.passing import Call, passing
from agent.domain.errors import RateLimited, Unreachable
from agent.ports.platform import Adapter, Reader

T = TypeVar("T")

_SLICE_S = 0.25  # a stop waits no longer for a read that waits


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on asking.

    Attributes:
        total_s: A read is given up rather than waited for beyond this, counted from its start.
        first_s, longest_s: Waits grow from one to the other, doubled each time and drawn
            evenly from nothing to that (full jitter). A rate limit waits what it asks for.
        hurry: Asked while it waits: as soon as it says so, waiting has no sense any more.
        sleep, monotonic: Of this process; others in tests.
    """

    total_s: float = 180.0
    first_s: float = 1.0
    longest_s: float = 30.0
    hurry: Callable[[], bool] = lambda: False
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic

    def __call__(self, call: Call[T]) -> T:
        if call.writes:
            return call.run()
        began = self.monotonic()
        grown = tenacity.wait_random_exponential(multiplier=self.first_s, max=self.longest_s)

        def wait(state: tenacity.RetryCallState) -> float:
            error = None if state.outcome is None else state.outcome.exception()
            return error.retry_after_s if isinstance(error, RateLimited) else grown(state)

        def too_long(state: tenacity.RetryCallState) -> bool:
            gone_s = self.monotonic() - began
            return gone_s + state.upcoming_sleep > self.total_s or not self._wait(state.upcoming_sleep)

        again = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type((Unreachable, RateLimited)),
            wait=wait,
            stop=too_long,
            sleep=lambda _seconds: None,  # that it has waited already is how it knows to go on
            reraise=True,
        )
        return again(call.run)

    def _wait(self, seconds: float) -> bool:
        """Wait so long; False when there is a hurry."""
        if not self.hurry():
            self.sleep(seconds)
        return not self.hurry()


def sleep_unless(hurry: Callable[[], bool]) -> Callable[[float], None]:
    """A sleep that ends as soon as there is a hurry."""

    def sleep(seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left_s := end - time.monotonic()) > 0 and not hurry():
            time.sleep(min(left_s, _SLICE_S))

    return sleep


@overload
def retrying(inner: Adapter, patience: Patience = ...) -> Adapter: ...
@overload
def retrying(inner: Reader, patience: Patience = ...) -> Reader: ...
def retrying(inner: Reader, patience: Patience = Patience()) -> Reader:
    """The adapter with patience in its reads.

    Unreachable and RateLimited are tried again until `patience.total_s`; then the last of
    them is raised. `apply` passes through once, whatever becomes of it.
    """
    return passing(inner, patience)
