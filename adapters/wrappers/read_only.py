"""Read-only: the half of an adapter that cannot change anything."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Edit, Receipt
from agent.domain.plan import Change
from agent.domain.ref import Ref
from agent.ports.platform import Reader


class ReadOnly:
    """A reader around an adapter: there is no `apply` to call, by mistake or otherwise."""

    __slots__ = ("__reader",)

    def __init__(self, reader: Reader) -> None:
        self.__reader = reader

    def account(self) -> Account:
        return self.__reader.account()

    def entities(self) -> EntityTable:
        return self.__reader.entities()

    def metrics(self, since: date, until: date) -> MetricsTable:
        return self.__reader.metrics(since, until)

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return self.__reader.hours(since, until)

    def advice(self) -> Advice:
        return self.__reader.advice()

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        return self.__reader.read(levers)

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self.__reader.rehearse(changes)

    def history(self, since: datetime) -> Sequence[Edit]:
        return self.__reader.history(since)
