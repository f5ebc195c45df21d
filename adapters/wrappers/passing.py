"""Passing: hand every call of an adapter through one function that stands around it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar, overload

from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Edit, Receipt
from agent.domain.plan import Change
from agent.domain.ref import Ref
from agent.ports.platform import Adapter, Reader

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One call of an adapter that has not happened yet; it happens each time `run` is called.

    Attributes:
        method: Name in the port.
        operations: What it asks of the platform: the number of changes, 1 for a read.
    """

    method: str
    run: Callable[[], T]
    operations: int = 1

    @property
    def writes(self) -> bool:
        return self.method == "apply"


class Around(Protocol):
    """What is done before and after a call."""

    def __call__(self, call: Call[T]) -> T: ...


@overload
def passing(inner: Adapter, around: Around) -> Adapter: ...
@overload
def passing(inner: Reader, around: Around) -> Reader: ...
def passing(inner: Reader | Adapter, around: Around) -> Reader:
    """The same adapter with something around its calls; one that cannot write still cannot."""
    apply = getattr(inner, "apply", None)
    return _PassingReader(inner, around) if apply is None else _PassingAdapter(inner, around, apply)


class _PassingReader:
    def __init__(self, inner: Reader, around: Around) -> None:
        self._inner = inner
        self._around = around

    def account(self) -> Account:
        return self._around(Call("account", self._inner.account))

    def entities(self) -> EntityTable:
        return self._around(Call("entities", self._inner.entities))

    def metrics(self, since: date, until: date) -> MetricsTable:
        return self._around(Call("metrics", lambda: self._inner.metrics(since, until)))

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return self._around(Call("hours", lambda: self._inner.hours(since, until)))

    def advice(self) -> Advice:
        return self._around(Call("advice", self._inner.advice))

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        return self._around(Call("read", lambda: self._inner.read(levers)))

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._around(Call("rehearse", lambda: self._inner.rehearse(changes), len(changes)))

    def history(self, since: datetime) -> Sequence[Edit]:
        return self._around(Call("history", lambda: self._inner.history(since)))


class _PassingAdapter(_PassingReader):
    def __init__(
        self, inner: Reader, around: Around, apply: Callable[[Sequence[Change]], Sequence[Receipt]]
    ) -> None:
        super().__init__(inner, around)
        self._apply = apply

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._around(Call("apply", lambda: self._apply(changes), len(changes)))
