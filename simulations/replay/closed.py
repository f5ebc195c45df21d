"""Closed: the platform of a replay, which nobody may ask anything."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NoReturn

from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import Misunderstood
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Edit, Receipt
from agent.domain.plan import Change
from agent.domain.ref import Ref


class Closed:
    """A reader that refuses: what it would say now was not known then."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def account(self) -> Account:
        return self._account

    def entities(self) -> EntityTable:
        self._refuse()

    def metrics(self, since: date, until: date) -> MetricsTable:
        self._refuse()

    def hours(self, since: date, until: date) -> HourlyMetrics:
        self._refuse()

    def advice(self) -> Advice:
        self._refuse()

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        self._refuse()

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        self._refuse()

    def history(self, since: datetime) -> Sequence[Edit]:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise Misunderstood(str(self._account.id), "a replay reads what was recorded, not the platform")
