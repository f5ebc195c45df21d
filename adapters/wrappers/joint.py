"""Joint: several accounts, of one platform or of many, behind one port, so that money can move between them.

In its tables an id begins with the account that it is of (`AccountId.ref`); refs are the members' own.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from math import lcm
from typing import Any, TypeVar, overload
from zoneinfo import ZoneInfo

import numpy as np

from adapters.wrappers.bars import Bars
from adapters.wrappers.joining import joined_advice, joined_entities, joined_hours, joined_metrics
from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import Misunderstood, PlatformError
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Edit, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import AccountId, Ref
from agent.ports.clock import Clock
from agent.ports.platform import Adapter, Reader

T = TypeVar("T")


@overload
def joint(account: AccountId, members: Mapping[AccountId, Adapter], clock: Clock) -> Adapter: ...
@overload
def joint(account: AccountId, members: Mapping[AccountId, Reader], clock: Clock) -> Reader: ...
def joint(account: AccountId, members: Mapping[AccountId, Any], clock: Clock) -> Reader:
    """One account of these; where none of them can write, it cannot either.

    A reading is of all members or of none: money is not moved towards an account that nobody
    has seen.
    """
    can_write = any(hasattr(member, "apply") for member in members.values())
    return (JointAdapter if can_write else JointReader)(account, members, clock)


class JointReader:
    """The half that cannot change anything."""

    def __init__(self, account: AccountId, members: Mapping[AccountId, Any], clock: Clock) -> None:
        self._id = account
        self._members = members
        self._clock = clock
        self._bars = Bars(clock)
        self._facts: Account | None = None

    def account(self) -> Account:
        """Facts that hold for each member: the largest step of money, the worst over-delivery.

        The time zone is the one whose day ends last, so that a day that is over is over everywhere.

        Raises:
            Misunderstood: The members have different currencies.
        """
        facts = [member.account() for member in self._all().values()]
        currencies = {one.currency for one in facts}
        if len(currencies) > 1:
            told = ", ".join(f"{one.id} {one.currency}" for one in facts)
            raise Misunderstood(str(self._id), f"accounts of one currency can be joined; these have {told}")
        self._facts = Account(
            id=self._id,
            name=" + ".join(one.name for one in facts),
            currency=facts[0].currency,
            time_zone=min((one.time_zone for one in facts), key=self._midnight),
            unit_micros=lcm(*(one.unit_micros for one in facts)),
            over_delivery=max(one.over_delivery for one in facts),
            min_daily_budget_micros=min(one.min_daily_budget_micros for one in facts),
        )
        return self._facts

    def entities(self) -> EntityTable:
        facts = self._facts or self.account()
        return joined_entities(facts, [member.entities() for member in self._all().values()])

    def metrics(self, since: date, until: date) -> MetricsTable:
        tables = {id_: member.metrics(since, until) for id_, member in self._all().items()}
        return joined_metrics(tables, np.datetime64(since, "D"), np.datetime64(until, "D"))

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return joined_hours({id_: member.hours(since, until) for id_, member in self._all().items()})

    def advice(self) -> Advice:
        return joined_advice({id_: member.advice() for id_, member in self._all().items()})

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        found: dict[tuple[Ref, Lever], Value] = {}
        for id_, member in self._members.items():
            mine = [key for key in levers if key[0].account_id == id_]
            if mine:
                self._bars.check(id_)
                found |= member.read(mine)
        return found

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._each(changes, lambda member, mine: member.rehearse(mine))

    def history(self, since: datetime) -> Sequence[Edit]:
        edits = [edit for member in self._all().values() for edit in member.history(since)]
        return sorted(edits, key=lambda edit: edit.at)

    def _all(self) -> Mapping[AccountId, Any]:
        """Every member, if all of them may be asked."""
        for id_ in self._members:
            self._bars.check(id_)
        return self._members

    def _each(
        self, changes: Sequence[Change], ask: Callable[[Any, Sequence[Change]], Sequence[Receipt]]
    ) -> Sequence[Receipt]:
        """Ask each member about its own changes; one receipt for each change, in order.

        A member that asked to wait, or denied access, while another did its part is not asked again
        before its time: the next reading of the account raises what it said.

        Raises:
            PlatformError: The only member that was asked, or each of them, did nothing.
        """
        receipts: list[Receipt] = [
            Refused(f"{change.ref.account_id} is not joined in {self._id}") for change in changes
        ]
        failures: list[tuple[AccountId, PlatformError]] = []
        asked = 0
        for id_, member in self._members.items():
            places = [place for place, change in enumerate(changes) if change.ref.account_id == id_]
            if not places:
                continue
            asked += 1
            try:
                self._bars.check(id_)
                answers = ask(member, [changes[place] for place in places])
            except PlatformError as error:  # nothing of this member's was done; others may have been
                failures.append((id_, error))
                answers = [Refused(str(error))] * len(places)
            for place, receipt in zip(places, answers, strict=True):
                receipts[place] = receipt
        for failed, fault in failures:
            self._bars.note(failed, fault)
        if failures and len(failures) == asked:
            raise failures[0][1]
        return receipts

    def _midnight(self, time_zone: str) -> tuple[float, str]:
        """How early the zone's day ends; of winter and summer the later, so that it never changes."""
        zone, year = ZoneInfo(time_zone), self._clock.now().year
        offsets = [datetime(year, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)]
        return min(offset.total_seconds() for offset in offsets if offset is not None), time_zone


class JointAdapter(JointReader):
    """A joint account of which at least one member can be changed."""

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return self._each(changes, _apply)


def _apply(member: Any, changes: Sequence[Change]) -> Sequence[Receipt]:
    if not hasattr(member, "apply"):
        return [Refused("its account can only be read") for _ in changes]
    receipts: Sequence[Receipt] = member.apply(changes)
    return receipts
