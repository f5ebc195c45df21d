"""Faults: switches that make the sandbox fail in the ways in which platforms fail."""

import threading
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulations.sandbox.google_ads.refusal import is_known_code

_QUOTA = "quota_error.RESOURCE_TEMPORARILY_EXHAUSTED"


class FaultKind(StrEnum):
    """Where in a call it goes wrong."""

    BEFORE_COMMIT = "before_commit"  # the call fails and nothing was stored
    AFTER_COMMIT = "after_commit"  # it was stored (a search: half told), and the reply is lost
    LATENCY = "latency"  # the call takes `seconds` longer, then goes on as usual
    QUOTA = "quota"  # refused; try again in `seconds`
    OPERATION = "operation"  # one operation of a mutate is refused


class Calls(StrEnum):
    """Which calls a fault befalls."""

    MUTATE = "mutate"
    SEARCH = "search"
    ANY = "any"


class Fault(BaseModel):
    """One switch.

    Attributes:
        spare: How many calls go well before.
        times: How many calls it befalls after that; None: until it is cleared.
        code: "internal_error.TRANSIENT_ERROR"; None: the connection breaks (UNAVAILABLE), or
            for `quota` the usual code. `operation` needs one.
        operation: Index of the operation that is refused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind
    on: Calls = Calls.MUTATE
    spare: int = Field(default=0, ge=0)
    times: int | None = Field(default=1, ge=1)
    seconds: float = Field(default=30.0, ge=0.0, le=3600.0)
    code: str | None = None
    operation: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _has_a_code_that_exists(self) -> Self:
        if self.code is not None and not is_known_code(self.code):
            raise ValueError(f"code was {self.code!r}, 'internal_error.TRANSIENT_ERROR' is one that exists")
        if self.kind is FaultKind.OPERATION and self.code is None:
            raise ValueError("a fault of kind operation needs a code")
        return self

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read ``quota:seconds=30,times=2`` as written on the command line.

        Raises:
            ValueError: It is no fault.
        """
        kind, _, rest = text.partition(":")
        pairs = dict(pair.partition("=")[::2] for pair in rest.split(",") if pair)
        times = None if pairs.get("times") == "always" else pairs.get("times", 1)
        return cls.model_validate({"kind": kind, **pairs, "times": times})

    @property
    def quota_code(self) -> str:
        return self.code or _QUOTA


class Faults:
    """The switches that are on, in the order in which they were set. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        with self._lock:
            self._armed.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def armed(self) -> tuple[Fault, ...]:
        with self._lock:
            return tuple(self._armed)

    def strike(self, calls: Calls) -> tuple[Fault, ...]:
        """What befalls this call; each fault that is about such calls counts it."""
        with self._lock:
            about = [fault for fault in self._armed if fault.on in (calls, Calls.ANY)]
            struck = tuple(fault for fault in about if fault.spare == 0)
            self._armed = [
                after for fault in self._armed for after in (_counted(fault) if fault in about else [fault])
            ]
            return struck


def _counted(fault: Fault) -> list[Fault]:
    """The fault after one more call; nothing when that was its last."""
    if fault.spare:
        return [fault.model_copy(update={"spare": fault.spare - 1})]
    if fault.times is None:
        return [fault]
    return [fault.model_copy(update={"times": fault.times - 1})] if fault.times > 1 else []
