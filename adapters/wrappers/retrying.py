"""Retrying: ask again where a read got no answer; a write is sent exactly once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, overload

import tenacity

from adapters.wrappers.passing import Call, passing
from agent.domain.errors import RateLimited, Unreachable
from agent.ports import Adapter, Reader

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on asking.

    Attributes:
        total_s: A read is given up rather than waited for beyond this, counted from its start.
        first_s, longest_s: Waits grow from one to the other, doubled each time and drawn
            evenly from nothing to that (full jitter). A rate limit waits what it asks for.
        sleep, monotonic: Of this process; others in tests.
    """

    total_s: float = 180.0
    first_s: float = 1.0
    longest_s: float = 30.0
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
            return self.monotonic() - began + state.upcoming_sleep > self.total_s

        again = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type((Unreachable, RateLimited)),
            wait=wait,
            stop=too_long,
            sleep=self.sleep,
            reraise=True,
        )
        return again(call.run)


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
