"""Faults: switches that make a sandbox fail in the ways in which platforms fail."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.domain.errors import Mistake


class FaultKind(StrEnum):
    """Where in a call it goes wrong."""

    BEFORE_COMMIT = "before_commit"  # the call fails and nothing was stored
    AFTER_COMMIT = "after_commit"  # it was stored (a search: half told), and the reply is lost
    LATENCY = "latency"  # the call takes `seconds` longer, then goes on as usual
    QUOTA = "quota"  # refused; try again in `seconds`
    OPERATION = "operation"  # one operation of a mutate, or one entry of a batch, is refused
    NULL_ENTRY = "null_entry"  # one entry of a batch is not carried out and answered by nothing
    LOST_ENTRY = "lost_entry"  # the same, but it was carried out
    JOB = "job"  # a report that was ordered fails


class Calls(StrEnum):
    """Which calls a fault befalls."""

    MUTATE = "mutate"
    SEARCH = "search"
    INSIGHTS = "insights"
    ANY = "any"


class Fault(BaseModel):
    """One switch.

    Attributes:
        on: Which calls; for `job` those for insights unless said otherwise.
        spare: How many calls go well before.
        times: How many calls it befalls after that; None: until it is cleared.
        code: An error of the platform; None: the connection breaks, or for `quota` and `job`
            the usual code. `operation` needs one.
        operation: Index of the operation that is refused, or of the entry that is not answered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind
    on: Calls = Calls.MUTATE
    spare: int = Field(default=0, ge=0)
    times: int | None = Field(default=1, ge=1)
    seconds: float = Field(default=30.0, ge=0.0, le=3600.0)
    code: str | None = None
    operation: int = Field(default=0, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _is_about_jobs(cls, given: object) -> object:
        if isinstance(given, dict) and given.get("kind") == FaultKind.JOB:
            return {"on": Calls.INSIGHTS, **given}
        return given

    @model_validator(mode="after")
    def _has_a_code_where_one_is_needed(self) -> Self:
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


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which faults a platform knows.

    Attributes:
        knows_code: True when the platform has such an error code.
        example: A code that exists.
    """

    kinds: frozenset[FaultKind]
    calls: frozenset[Calls]
    knows_code: Callable[[str], bool]
    example: str

    def check(self, fault: Fault) -> None:
        """Let pass what the platform could do.

        Raises:
            Mistake: Another platform fails like that.
        """
        if fault.kind not in self.kinds:
            kinds = ", ".join(sorted(self.kinds))
            raise Mistake("fault", f"kind was {fault.kind}", f"one of {kinds} is right here")
        if fault.on not in self.calls:
            calls = ", ".join(sorted(self.calls))
            raise Mistake("fault", f"on was {fault.on}", f"one of {calls} is right here")
        if fault.code is not None and not self.knows_code(fault.code):
            raise Mistake("fault", f"code was {fault.code!r}", f"{self.example!r} is one that exists")


@dataclass(frozen=True, slots=True)
class Typed:
    """Faults as somebody typed them, and what was wrong with the others."""

    faults: tuple[Fault, ...]
    mistakes: tuple[Mistake, ...]


def typed(texts: Sequence[str], dialect: Dialect) -> Typed:
    """Read faults as `Fault.parse` does, and tell everything that is wrong."""
    faults: list[Fault] = []
    mistakes: list[Mistake] = []
    for text in texts:
        try:
            fault = Fault.parse(text)
            dialect.check(fault)
            faults.append(fault)
        except ValidationError as error:
            mistakes += [
                Mistake(f"fault {text!r}", " ".join([*map(str, each["loc"]), each["msg"]]))
                for each in error.errors()
            ]
        except Mistake as mistake:
            mistakes.append(Mistake(f"fault {text!r}", str(mistake)))
    return Typed(tuple(faults), tuple(mistakes))


class Faults:
    """The switches that are on, in the order in which they were set. Safe between threads."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._lock = threading.Lock()
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """Switch a fault on.

        Raises:
            Mistake: The platform does not know such a fault.
        """
        self._dialect.check(fault)
        with self._lock:
            self._armed.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def armed(self) -> tuple[Fault, ...]:
        with self._lock:
            return tuple(self._armed)

    def strike(self, *calls: Calls) -> tuple[Fault, ...]:
        """What befalls a call that is all of these; each fault that is about such calls counts it."""
        with self._lock:
            about = [fault for fault in self._armed if fault.on in (*calls, Calls.ANY)]
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
