"""A joint account: several accounts behind one port."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.wrappers.joint import joint
from adapters.wrappers.read_only import ReadOnly
from agent.clock import SteppedClock
from agent.domain.entity import EntityTable
from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import JOINT, AccountId, Kind, Ref
from agent.ledger.memory.ledger import MemoryLedger
from agent.ports.platform import Adapter
from agent.steps.observe import observe
from simulations.faults import Befalls, Faulty
from simulations.simulated.adapter import SimulatedAdapter
from simulations.simulated.connect import Options, open_platform

BOTH = AccountId(JOINT, "both")
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
CLOCK = SteppedClock(NOON)
START = date(2026, 6, 1)


def simulated(name: str, tmp_path: Path, **options: object) -> SimulatedAdapter:
    made = Options.model_validate({"campaigns": 3, "history_days": 30, "start": START, **options})
    return SimulatedAdapter(open_platform(name, made, {}, CLOCK, tmp_path))


def members(tmp_path: Path, **options: object) -> dict[AccountId, Adapter]:
    adapters = [
        simulated("north", tmp_path, seed=1, time_zone="Europe/Berlin", unit_micros=20_000),
        simulated("south", tmp_path, seed=2, time_zone="America/New_York", unit_micros=30_000, **options),
    ]
    return {adapter.account().id: adapter for adapter in adapters}


def raised(adapter: Adapter, row: int) -> Change:
    """A raise of one budget by a unit that every member can take."""
    table = adapter.entities()
    before = table.value(row, Lever.DAILY_BUDGET)
    assert isinstance(before, Money)
    after = Money((before.micros // 60_000 + 1) * 60_000, before.currency)
    return Change(table.ref(row), Lever.DAILY_BUDGET, before, after)


def test_facts_hold_for_every_member(tmp_path: Path) -> None:
    """Steps of money that both can take, the worst over-delivery, the day that ends last."""
    account = joint(BOTH, members(tmp_path, over_delivery=1.5), CLOCK).account()

    assert account.id == BOTH
    assert account.unit_micros == 60_000
    assert account.over_delivery == 1.5
    assert account.time_zone == "America/New_York"


@pytest.mark.parametrize("month", [1, 7])
def test_the_day_of_a_joint_account_is_the_same_zones_all_year(tmp_path: Path, month: int) -> None:
    """Sydney and Brisbane part in summer alone; a zone that changed would move every day's limits."""
    clock = SteppedClock(datetime(2026, month, 1, 12, tzinfo=UTC))
    adapters = [
        simulated("one", tmp_path, time_zone="Australia/Sydney"),
        simulated("two", tmp_path, time_zone="Australia/Brisbane"),
    ]

    account = joint(BOTH, {adapter.account().id: adapter for adapter in adapters}, clock).account()

    assert account.time_zone == "Australia/Brisbane"


def test_entities_keep_their_own_refs(tmp_path: Path) -> None:
    """Whoever reads a plan sees the platform's own names; the tables' ids never clash."""
    accounts = members(tmp_path)
    table = joint(BOTH, accounts, CLOCK).entities()

    assert len(table) == 6 == len(set(table.ids.tolist()))
    assert {table.ref(row).account_id for row in range(6)} == set(accounts)
    assert [table.row(table.ref(row)) for row in range(6)] == list(range(6))
    assert table.row(Ref("simulated", "west", Kind.CAMPAIGN, "1")) is None


def test_metrics_are_those_of_the_members_and_over_when_both_are(tmp_path: Path) -> None:
    """Nothing is lost, and a day that still runs in New York is not over."""
    accounts = members(tmp_path)
    since, until = date(2026, 5, 20), date(2026, 6, 1)
    table = joint(BOTH, accounts, CLOCK).metrics(since, until)

    own = [adapter.metrics(since, until) for adapter in accounts.values()]
    assert table.cost_micros.sum() == sum(each.cost_micros.sum() for each in own)
    assert len(table) == sum(map(len, own))
    assert table.partial_since == np.datetime64("2026-06-01")
    assert {id_.partition("/")[0] for id_ in table.ids.tolist()} == {str(id_) for id_ in accounts}


def test_each_member_gets_its_own_changes_and_receipts_keep_their_order(tmp_path: Path) -> None:
    """One receipt for each change, in the order of the changes, whosever they are."""
    adapter = joint(BOTH, members(tmp_path), CLOCK)
    changes = [raised(adapter, row) for row in (5, 0, 3, 2)]
    stranger = Change(
        Ref("simulated", "west", Kind.CAMPAIGN, "1"), Lever.DAILY_BUDGET, changes[0].before, changes[0].after
    )

    receipts = adapter.apply([*changes[:2], stranger, *changes[2:]])

    assert kinds(receipts) == [Accepted, Accepted, Refused, Accepted, Accepted]
    standing = adapter.read([(change.ref, change.lever) for change in changes])
    assert [standing[change.ref, change.lever] for change in changes] == [c.after for c in changes]
    assert {edit.ref for edit in adapter.history(NOON)} == {change.ref for change in changes}


def test_a_member_that_does_nothing_refuses_and_the_other_goes_on(tmp_path: Path) -> None:
    """What was not applied is told change by change, because something else was."""
    accounts = members(tmp_path)
    (north, one), (south, other) = accounts.items()
    broken = Faulty(other, writes=[Befalls.UNREACHABLE])
    adapter = joint(BOTH, {north: one, south: broken}, CLOCK)

    receipts = adapter.apply([raised(adapter, row) for row in range(6)])

    assert sorted(kind.__name__ for kind in kinds(receipts)) == ["Accepted"] * 3 + ["Refused"] * 3


def test_it_raises_when_nothing_was_applied_anywhere(tmp_path: Path) -> None:
    """As the port says: when it raises, nothing was."""
    accounts = members(tmp_path)
    adapter = joint(
        BOTH,
        {id_: Faulty(each, writes=[Befalls.UNREACHABLE]) for id_, each in accounts.items()},
        CLOCK,
    )

    with pytest.raises(Unreachable):
        adapter.apply([raised(adapter, row) for row in range(6)])

    assert adapter.history(NOON) == []


@dataclass
class Barring:
    """An account whose writes meet this error; it counts how often it is asked anything."""

    inner: Adapter
    error: PlatformError
    asked: int = 0

    def __getattr__(self, name: str) -> Any:
        self.asked += 1
        return getattr(self.inner, name)

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        self.asked += 1
        raise self.error


def barred(
    tmp_path: Path, error: PlatformError, clock: SteppedClock
) -> tuple[Adapter, Barring, list[Change]]:
    """A joint account after a send that north took and south met with this error."""
    (north, one), (south, other) = members(tmp_path).items()
    silent = Barring(other, error)
    adapter = joint(BOTH, {north: one, south: silent}, clock)  # type: ignore[dict-item]  # by __getattr__
    changes = [raised(adapter, row) for row in range(6)]
    receipts = adapter.apply(changes)
    assert sorted(kind.__name__ for kind in kinds(receipts)) == ["Accepted"] * 3 + ["Refused"] * 3
    silent.asked = 0
    return adapter, silent, changes


def test_a_wait_that_one_member_asked_for_is_kept_while_the_other_goes_on(tmp_path: Path) -> None:
    """The next reading tells what is left of it, asks the member nothing, and reads back the other."""
    clock = SteppedClock(NOON)
    adapter, silent, changes = barred(tmp_path, RateLimited("south", "too many calls", 300.0), clock)
    applied = [(change.ref, change.lever) for change in changes if change.ref.account == "north"]
    clock.move_to(NOON + timedelta(seconds=100))

    read_back = adapter.read(applied)
    with pytest.raises(RateLimited) as caught:
        adapter.account()

    assert len(read_back) == 3
    assert caught.value.retry_after_s == 200.0
    assert silent.asked == 0
    clock.move_to(NOON + timedelta(seconds=300))
    assert len(adapter.entities()) == 6


def test_a_denial_of_one_member_is_kept_for_an_hour(tmp_path: Path) -> None:
    """A person must act, and another send within the hour does not make it longer."""
    clock = SteppedClock(NOON)
    adapter, silent, changes = barred(tmp_path, AccessDenied("south", "the token has expired"), clock)
    clock.move_to(NOON + timedelta(minutes=50))

    with pytest.raises(AccessDenied, match="the token has expired"):
        adapter.entities()
    with pytest.raises(AccessDenied):
        adapter.apply([change for change in changes if change.ref.account == "south"])

    assert silent.asked == 0
    clock.move_to(NOON + timedelta(hours=1))
    assert len(adapter.entities()) == 6


def test_an_outage_of_one_member_keeps_nobody_from_asking_it_again(tmp_path: Path) -> None:
    """It mends itself, and nobody said when."""
    adapter, _, _ = barred(tmp_path, Unreachable("south", "reset"), SteppedClock(NOON))

    assert len(adapter.entities()) == 6


def test_accounts_of_different_money_are_not_joined(tmp_path: Path) -> None:
    """No rate of exchange stands between a budget and what it may be."""
    with pytest.raises(Misunderstood, match=r"EUR.*USD"):
        joint(BOTH, members(tmp_path, currency="USD"), CLOCK).account()


def test_where_no_member_can_write_it_cannot_either(tmp_path: Path) -> None:
    """A dry-run of a joint account has no way to change anything."""
    readers = {id_: ReadOnly(each) for id_, each in members(tmp_path).items()}

    assert not hasattr(joint(BOTH, readers, CLOCK), "apply")


def kinds(receipts: Sequence[Receipt]) -> list[type]:
    return [type(receipt) for receipt in receipts]


def test_a_member_that_says_it_has_nothing_is_not_believed(tmp_path: Path) -> None:
    """Else its campaigns would be taken for removed, and the others given their money."""

    class Emptied(SimulatedAdapter):
        def entities(self) -> EntityTable:
            return super().entities().take(np.zeros(0, dtype=np.int64))

    made = Options.model_validate({"campaigns": 3, "history_days": 30, "start": START})
    whole, ledger = members(tmp_path), MemoryLedger()
    id_ = list(whole)[1]
    emptied = Emptied(open_platform("south", made, {}, CLOCK, tmp_path))
    days = {"history_days": 7, "reread_days": 7, "with_advice": False}
    observe(joint(BOTH, whole, CLOCK), ledger, BOTH, CLOCK, **days)

    with pytest.raises(Misunderstood, match=f"{id_} had entities"):
        observe(joint(BOTH, {**whole, id_: emptied}, CLOCK), ledger, BOTH, CLOCK, **days)
