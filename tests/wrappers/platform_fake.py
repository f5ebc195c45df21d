"""A platform for tests of wrappers: keeps the port, counts its calls, fails when told."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sample

from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import PlatformError
from agent.domain.hours import HourlyMetrics, no_hours
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Edit, Receipt
from agent.domain.plan import Change
from agent.domain.ref import Ref

TABLE = sample.entities([50, 60])
CHANGE = Change(TABLE.ref(0), Lever.DAILY_BUDGET, Money.of(50, "EUR"), Money.of(55, "EUR"))


class FakePlatform:
    """Raises the errors that it was given, one for each call, before it answers.

    Attributes:
        calls: Names of the methods called, in order.
    """

    def __init__(self, *errors: PlatformError) -> None:
        self.calls: list[str] = []
        self._errors = list(errors)

    def account(self) -> Account:
        self._begin("account")
        return TABLE.account

    def entities(self) -> EntityTable:
        self._begin("entities")
        return TABLE

    def metrics(self, since: date, until: date) -> MetricsTable:
        raise AssertionError("no test of wrappers asks for this")

    def hours(self, since: date, until: date) -> HourlyMetrics:
        self._begin("hours")
        return no_hours()

    def advice(self) -> Advice:
        self._begin("advice")
        return NO_ADVICE

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        self._begin("read")
        return {key: Money.of(50, "EUR") for key in levers}

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        self._begin("rehearse")
        return [Accepted() for _ in changes]

    def history(self, since: datetime) -> Sequence[Edit]:
        self._begin("history")
        return []

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        self._begin("apply")
        return [Accepted() for _ in changes]

    def _begin(self, method: str) -> None:
        self.calls.append(method)
        if self._errors:
            raise self._errors.pop(0)
