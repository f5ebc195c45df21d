"""Entities and levers are kept as observed, and their past can be asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import sample
from seen import at, days

from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.lever import Lever
from agent.domain.ref import AccountId
from agent.domain.snapshot import UNSEEN
from agent.ports.ledger import Ledger

BUDGET = Lever.DAILY_BUDGET
DAYS = days("2026-11-02", "2026-11-05")


def same(one: EntityTable | None, other: EntityTable | None) -> bool:
    """Equal in every column."""
    if one is None or other is None:
        return one is other
    return (
        one.account == other.account
        and one.labels == other.labels
        and all(
            np.array_equal(getattr(one, name), getattr(other, name))
            for name in ("kinds", "ids", "names", "parents", "channels", "bidding", "learning", "locked")
        )
        and np.array_equal(one.started.astype(int), other.started.astype(int))
        and one.levers.keys() == other.levers.keys()
        and all(
            np.array_equal(getattr(column, name), getattr(other.levers[lever], name))
            for lever, column in one.levers.items()
            for name in ("numbers", "present")
        )
    )


def rich() -> EntityTable:
    """Every column is used."""
    return entity_table(
        Account(AccountId("google_ads", "123"), "Käse & Co", "CHF", "Europe/Zurich", 50_000, 1.75),
        ["b", "a", "7"],
        names=["Brand 'x'", "Ü", ""],
        kinds=["campaign", "campaign", "ad_group"],
        parents=["", "", "a"],
        channels=["search", "shopping", ""],
        bidding=["manual_cpc", "", "target_cpa"],
        labels=[frozenset({"keep", "my label"}), frozenset(), frozenset({"ö"})],
        started=np.array(["2026-01-05", "NaT", "1969-12-31"], dtype="datetime64[D]"),
        learning=[True, False, True],
        locked=["experiment", "", ""],
        levers={BUDGET: [1, None, None], Lever.TARGET_CPA: [None, None, 2**60], Lever.STATUS: [0, 1, 1]},
    )


def test_the_accounts_own_facts_are_known_as_of_a_moment(ledger: Ledger) -> None:
    """As of any moment they are those of the table that was the newest then."""
    table = rich()
    renamed = replace(table, account=replace(table.account, name="Käse", time_zone="Europe/Paris"))
    account = table.account.id

    ledger.record_entities(table, at(1))
    ledger.record_entities(renamed, at(2))

    assert ledger.facts(account, at(0)) is None
    assert ledger.facts(account, at(1)) == table.account
    assert ledger.facts(account, at(2)) == renamed.account


def test_a_table_comes_back_as_it_was_told(ledger: Ledger) -> None:
    """Every column, sorted by kind and id."""
    ledger.record_entities(rich(), at(0))

    assert same(ledger.entities(rich().account.id, at(0)), rich())


def test_nobody_knows_entities_before_they_were_seen(ledger: Ledger) -> None:
    """None is not an empty account."""
    empty = entity_table(sample.ACCOUNT, [], names=[])
    ledger.record_entities(empty, at(1))

    before = ledger.entities(sample.ACCOUNT.id, at(0.9))
    after = ledger.entities(sample.ACCOUNT.id, at(1))

    assert before is None
    assert after is not None
    assert len(after) == 0
    assert ledger.entities(AccountId("simulated", "never seen"), at(1)) is None


def test_what_changed_is_known_from_then_on(ledger: Ledger) -> None:
    """Names, labels, levers, removed and returned entities, and facts of the account."""
    first = sample.entities([50.0, 60.0, None], names=["a", "b", "c"])
    second = sample.entities([50.0, 70.0], names=["a", "B"], labels=[frozenset({"x"}), frozenset()])
    third = sample.entities(
        [50.0, 70.0, 10.0], account=Account(sample.ACCOUNT.id, "Renamed", "EUR", "UTC"), names=["a", "B", "c"]
    )
    for day, table in enumerate((first, second, third)):
        ledger.record_entities(table, at(day))

    told = [ledger.entities(sample.ACCOUNT.id, at(day)) for day in (0, 0.5, 1, 2)]

    assert same(told[0], first)
    assert same(told[1], first)
    assert same(told[2], second)
    assert same(told[3], third)


def test_the_caller_may_go_on_using_its_arrays(ledger: Ledger) -> None:
    """A simulated platform changes its columns in place; what was seen stays what it was."""
    table = sample.entities([50.0])
    ledger.record_entities(table, at(0))
    table.levers[BUDGET].numbers[0] = 1

    found = ledger.entities(sample.ACCOUNT.id, at(0))

    assert found is not None
    assert found.levers[BUDGET].numbers.tolist() == [50_000_000]


def test_a_lever_that_never_moved_has_no_time_of_change(ledger: Ledger) -> None:
    """First sight is no change; the baseline is the oldest that was seen."""
    table = sample.entities([50.0, None])
    ledger.record_entities(table, at(0))
    ledger.record_entities(table, at(1))

    memory = ledger.lever_memory(table, DAYS, at(1))

    assert memory.keys() == table.levers.keys()
    assert np.isnat(memory[BUDGET].changed_at).all()
    assert memory[BUDGET].baseline.tolist() == [50_000_000, 0]


def test_the_baseline_is_where_the_lever_stood_a_week_before(ledger: Ledger) -> None:
    """Nine legal steps of 30 % are a factor of ten: they are measured from here."""
    for day in range(10):
        ledger.record_entities(sample.entities([50.0 + day, 8.0]), at(day))
    table = sample.entities([59.0, 8.0])

    memory = ledger.lever_memory(table, DAYS, at(9.5))
    earlier = ledger.lever_memory(table, DAYS, at(6.9))
    on_the_dot = ledger.lever_memory(table, DAYS, at(9))

    assert memory[BUDGET].baseline.tolist() == [52_000_000, 8_000_000]
    assert memory[BUDGET].changed_at[0] == np.datetime64(at(9).replace(tzinfo=None), "s")
    assert np.isnat(memory[BUDGET].changed_at[1])
    assert earlier[BUDGET].baseline.tolist() == [50_000_000, 8_000_000]
    assert earlier[BUDGET].changed_at[0] == np.datetime64(at(6).replace(tzinfo=None), "s")
    assert on_the_dot[BUDGET].baseline.tolist() == [52_000_000, 8_000_000]


def test_an_entity_that_came_back_has_its_past(ledger: Ledger) -> None:
    """To be gone for a day is no change of its levers."""
    ledger.record_entities(sample.entities([50.0, 60.0]), at(0))
    ledger.record_entities(sample.entities([50.0]), at(1))
    ledger.record_entities(sample.entities([50.0, 60.0]), at(2))
    ledger.record_entities(sample.entities([50.0, 65.0]), at(3))
    table = sample.entities([50.0, 65.0])

    before = ledger.lever_memory(table, DAYS, at(2))
    after = ledger.lever_memory(table, DAYS, at(3))

    assert np.isnat(before[BUDGET].changed_at).all()
    assert after[BUDGET].changed_at[1] == np.datetime64(at(3).replace(tzinfo=None), "s")
    assert after[BUDGET].baseline.tolist() == [50_000_000, 60_000_000]


@pytest.mark.parametrize("seen", [True, False])
def test_a_lever_that_was_never_seen_has_always_stood_where_it_stands(ledger: Ledger, *, seen: bool) -> None:
    """A cap measured from zero would deny everything."""
    if seen:
        ledger.record_entities(sample.entities([None]), at(0))
    table = sample.entities([50.0])

    memory = ledger.lever_memory(table, DAYS, at(0) + timedelta(hours=1))

    assert memory[BUDGET].baseline.tolist() == [50_000_000]
    assert np.isnat(memory[BUDGET].changed_at).all()


def test_each_day_knows_where_the_lever_stood_when_it_ended(ledger: Ledger) -> None:
    """As last seen by then: a morning's change counts for its day; before the first look nothing is known."""
    ledger.record_entities(sample.entities([50.0, 60.0, None]), at(0))
    ledger.record_entities(sample.entities([50.0, 70.0, None]), at(1))
    ledger.record_entities(sample.entities([50.0, 65.0, 5.0]), at(1.2))
    ledger.record_entities(sample.entities([50.0, None, 5.0]), at(3))
    ledger.record_entities(sample.entities([50.0, None, 6.0]), at(5))
    table = sample.entities([50.0, None, 6.0, 1.0])

    stood = ledger.lever_memory(table, days("2026-10-31", "2026-11-06"), at(5))[BUDGET].stood

    unit = 1_000_000
    assert stood.tolist() == [
        [UNSEEN, UNSEEN, *[50 * unit] * 5],
        [UNSEEN, UNSEEN, 60 * unit, 65 * unit, 65 * unit, UNSEEN, UNSEEN],
        [UNSEEN, UNSEEN, UNSEEN, 5 * unit, 5 * unit, 5 * unit, 5 * unit],
        [UNSEEN] * 7,
    ]


def test_what_was_seen_after_as_of_is_not_told(ledger: Ledger) -> None:
    """A backtest that asks for yesterday must not see today; today stands where it stood by then."""
    for day in range(4):
        ledger.record_entities(sample.entities([50.0 + day]), at(day))

    stood = ledger.lever_memory(sample.entities([52.0]), DAYS, at(2))[BUDGET].stood

    assert (stood // 1_000_000).tolist() == [[50, 51, 52, 52]]


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)],
    ids=["23 hours", "25 hours", "24 hours"],
)
def test_a_day_ends_at_the_midnight_of_its_time_zone(ledger: Ledger, day: str, hours: int) -> None:
    """What is seen at midnight still counts for the day, what is seen a second later for the next."""
    account = Account(sample.ACCOUNT.id, "Zürich", "CHF", "Europe/Zurich")
    begins = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/Zurich")).astimezone(UTC)
    ends = begins + timedelta(hours=hours)
    seen = [begins, begins + timedelta(seconds=1), ends, ends + timedelta(seconds=1)]
    for budget, moment in enumerate(seen, 1):
        ledger.record_entities(sample.entities([budget], account=account), moment)
    first = np.datetime64(day)

    memory = ledger.lever_memory(
        sample.entities([4], account=account), np.arange(first - 2, first + 2), ends + timedelta(hours=20)
    )

    assert (memory[BUDGET].stood // 1_000_000).tolist() == [[UNSEEN, 1, 3, 4]]
