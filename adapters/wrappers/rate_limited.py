"""Rate-limited: an account's calls stay below a number of operations a minute and a day."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TypeVar, overload

from adapters.wrappers.passing import Call, passing
from agent.domain.errors import RateLimited
from agent.domain.ref import AccountId
from agent.ports import Adapter, Clock, Reader

T = TypeVar("T")


@dataclass(slots=True)
class Bucket:
    """Holds up to `capacity` operations and fills evenly within `fills_in_s`.

    Not shared between processes: only one leads.
    """

    capacity: int
    fills_in_s: float
    _held: float = field(init=False)
    _at: datetime | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.capacity <= 0:
            raise ValueError(f"a limit was {self.capacity} operations, a number above zero is right")
        self._held = self.capacity

    def wait_s(self, operations: int, now: datetime) -> float:
        """Seconds until so many may go; 0 when they may go now.

        More than the bucket ever holds may go when it is full, and are paid for afterwards.
        """
        if self._at is not None:
            elapsed_s = max(0.0, (now - self._at).total_seconds())
            self._held = min(self.capacity, self._held + elapsed_s * self.capacity / self.fills_in_s)
        self._at = now
        return max(0.0, min(operations, self.capacity) - self._held) * self.fills_in_s / self.capacity

    def take(self, operations: int) -> None:
        self._held -= operations


@dataclass(frozen=True, slots=True)
class Limit:
    """Lets a call go when every bucket has room for it, and refuses it before the wire otherwise."""

    account: AccountId
    clock: Clock
    buckets: tuple[Bucket, ...]
    _lock: Lock = field(init=False, default_factory=Lock)

    def __call__(self, call: Call[T]) -> T:
        with self._lock:
            now = self.clock.now()
            wait_s = max(bucket.wait_s(call.operations, now) for bucket in self.buckets)
            if wait_s > 0:
                message = f"{call.method} of {call.operations} operations is above gebot's own rate limit"
                raise RateLimited(str(self.account), message, wait_s)
            for bucket in self.buckets:
                bucket.take(call.operations)
        return call.run()


@overload
def rate_limited(
    inner: Adapter, account: AccountId, clock: Clock, *, per_minute: int, per_day: int
) -> Adapter: ...
@overload
def rate_limited(
    inner: Reader, account: AccountId, clock: Clock, *, per_minute: int, per_day: int
) -> Reader: ...
def rate_limited(inner: Reader, account: AccountId, clock: Clock, *, per_minute: int, per_day: int) -> Reader:
    """The adapter, raising RateLimited before the wire when its operations are used up.

    A read is one operation, a write one for each change. Nothing waits here: put `retrying`
    around it and reads wait as long as they are told; writes are planned again.
    """
    return passing(inner, Limit(account, clock, (Bucket(per_minute, 60.0), Bucket(per_day, 86_400.0))))
