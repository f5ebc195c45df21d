"""Moves: how levers moved, whether back and forth, and whose moves they were."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from seen import at

from agent.domain.entity import Account, entity_table
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.moves import Moves
from agent.domain.outcome import State, Step
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.ref import AccountId, Kind
from agent.ledger.memory.ledger import MemoryLedger
from agent.ledger.sql.ledger import SqlLedger
from agent.ports.ledger import Ledger

BUDGET = Lever.DAILY_BUDGET
ACCOUNT = Account(AccountId("simulated", "moves"), "Moves", "EUR", "America/New_York")
IDS = ("a", "b")
_numbers = count()

Budgets = Mapping[str, int | None]
"""Daily budgets in micros by id; None where the campaign has none."""


def look(ledger: Ledger, moment: datetime, budgets: Budgets, account: Account = ACCOUNT) -> None:
    table = entity_table(account, list(budgets), names=list(budgets), levers={BUDGET: list(budgets.values())})
    ledger.record_entities(table, moment)


def send(ledger: Ledger, moment: datetime, id_: str, target: int, account: Account = ACCOUNT) -> None:
    """A change of a plan of its own, up to the word that it is sent."""
    ref = account.id.ref(Kind.CAMPAIGN, id_)
    before, after = Money(7, "EUR"), Money(target, "EUR")
    change = Change(ref, BUDGET, before, after)
    wish = Proposal(ref, BUDGET, after, "because", "test")
    end = moment + timedelta(days=1)
    plan = Plan(
        account.id, moment, end, "policy", "data", next(_numbers), (Decision(wish, before, (), change),)
    )
    ledger.record_plan(plan)
    for state in (State.APPROVED, State.SENDING):
        ledger.advance([Step(plan.id, change.id, state)], moment, epoch=0)


def moves(ledger: Ledger, as_of: datetime, account: Account = ACCOUNT) -> Moves:
    """Of all campaigns, whether they are there or not."""
    table = entity_table(account, IDS, names=IDS, levers={BUDGET: [0, 0]})
    found = ledger.lever_memory(table, np.array([], dtype="datetime64[D]"), as_of)[BUDGET].moves
    return Moves.none(np.zeros(len(IDS), dtype=np.int64)) if found is None else found


def first(moments: "np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]") -> datetime | None:
    found: datetime | None = moments[0].item()
    return None if found is None else found.replace(tzinfo=UTC)


def test_what_somebody_else_moved_is_told_from_what_gebot_sent(ledger: Ledger) -> None:
    """Seen at the number that was sent to: ours. At any other: theirs, with where from and where to."""
    look(ledger, at(0), {"a": 50})
    send(ledger, at(1), "a", 60)
    look(ledger, at(1), {"a": 60})

    assert first(moves(ledger, at(1)).edited_at) is None

    look(ledger, at(2), {"a": 80})

    found = moves(ledger, at(3))
    assert first(found.edited_at) == at(2)
    assert (found.edited_from[0], found.edited_to[0]) == (60, 80)
    assert first(moves(ledger, at(1.5)).edited_at) is None  # as it was known then


def test_before_gebot_sent_anything_nobody_is_somebody_else(ledger: Ledger) -> None:
    """A history that was imported, or an account that was only watched, has no outside edits."""
    look(ledger, at(0), {"a": 50, "b": 10})
    look(ledger, at(1), {"a": 60, "b": 10})
    send(ledger, at(2), "b", 11)
    look(ledger, at(2), {"a": 60, "b": 11})

    assert first(moves(ledger, at(3)).edited_at) is None

    look(ledger, at(4), {"a": 50, "b": 11})

    assert first(moves(ledger, at(5)).edited_at) == at(4)


def test_a_person_who_goes_back_to_gebots_number_has_edited(ledger: Ledger) -> None:
    """What was sent explains one move, not every later one to the same number."""
    look(ledger, at(0), {"a": 50})
    send(ledger, at(1), "a", 60)
    for day, budget in enumerate((60, 50, 60), start=1):
        look(ledger, at(day), {"a": budget})

    found = moves(ledger, at(3))

    assert first(found.edited_at) == at(3)
    assert (found.edited_from[0], found.edited_to[0]) == (50, 60)


def test_there_and_back_is_a_flip_flop_and_on_and_on_is_not(ledger: Ledger) -> None:
    """Back to where it stood, to a tenth of the way; not a part of it, nor after more than a week."""
    for day, budget in enumerate((500, 600, 550, 700, 566)):
        look(ledger, at(day), {"a": budget})
        assert first(moves(ledger, at(day)).flipped_at) is None

    look(ledger, at(5), {"a": 690})  # of 134 down, 124 up again
    assert first(moves(ledger, at(5)).flipped_at) == at(5)

    look(ledger, at(13), {"a": 566})
    assert first(moves(ledger, at(13)).flipped_at) == at(5)


def test_moves_are_counted_over_a_day_and_the_highest_number_since_midnight(ledger: Ledger) -> None:
    """Midnight is the account's, here 05:00 UTC; a move of 24 hours ago no longer counts."""
    look(ledger, at(0), {"a": 90})  # 09:00 UTC
    look(ledger, at(0.5), {"a": 70})  # 21:00
    look(ledger, at(1), {"a": 50})
    look(ledger, at(1.1), {"a": 60})

    assert moves(ledger, at(1.2)).last_day.tolist() == [3, 0]
    assert moves(ledger, at(1.5)).last_day.tolist() == [2, 0]
    assert moves(ledger, at(0.6)).highest_today.tolist() == [90, 0]
    assert moves(ledger, at(1.2)).highest_today.tolist() == [70, 0]  # it stood there at midnight
    assert moves(ledger, at(2)).highest_today.tolist() == [60, 0]


def test_a_lever_that_was_away_and_came_back_as_it_was_has_not_moved(ledger: Ledger) -> None:
    """And where it stood a week ago is where it stood before it went."""
    look(ledger, at(0), {"a": 50})
    look(ledger, at(1), {"a": None})
    look(ledger, at(10), {"a": 50})
    assert moves(ledger, at(10)).last_day.tolist() == [0, 0]

    look(ledger, at(11), {"a": 500})

    table = entity_table(ACCOUNT, ["a"], names=["a"], levers={BUDGET: [500]})
    nothing = np.array([], dtype="datetime64[D]")
    assert ledger.lever_memory(table, nothing, at(11))[BUDGET].baseline.tolist() == [50]
    assert moves(ledger, at(11)).last_day.tolist() == [1, 0]


def test_what_was_sent_is_counted_by_time(ledger: Ledger) -> None:
    """Whatever became of it; neither an hour that is over counts, nor the moment that is asked for."""
    look(ledger, at(0), {"a": 50, "b": 50})
    send(ledger, at(1), "a", 60)
    send(ledger, at(1.01), "b", 60)

    hour = timedelta(hours=1)
    counts = [ledger.sent(ACCOUNT.id, at(day) - hour, at(day)) for day in (1, 1.005, 1.02, 1 + 1 / 24, 2)]

    assert counts == [0, 1, 2, 2, 0]
    assert ledger.sent(AccountId("simulated", "other"), at(0), at(9)) == 0


BUDGETS = st.none() | st.integers(1, 3)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 7, 30, 100]),  # hours later
        st.dictionaries(st.sampled_from(IDS), BUDGETS, min_size=1),
        st.none() | st.tuples(st.sampled_from(IDS), st.integers(1, 3)),
    ),
    min_size=2,
    max_size=12,
)


@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a failure would take minutes of commits
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=EVENTS)
def test_all_ledgers_agree_on_moves(
    sqlite_ledger: SqlLedger,
    postgresql_ledger: SqlLedger,
    events: Sequence[tuple[int, Budgets, tuple[str, int] | None]],
) -> None:
    """Readings and sends in any order, against a replay that is as plain as can be."""
    account = Account(AccountId("simulated", f"moves-{next(_numbers)}"), "Moves", "EUR", "America/New_York")
    ledgers = (MemoryLedger(), sqlite_ledger, postgresql_ledger)
    seen: list[tuple[datetime, Budgets]] = []
    sent: list[tuple[datetime, str, int]] = []
    now = at(0)
    for ledger in ledgers:
        look(ledger, now, dict.fromkeys(IDS), account)
    for hours, budgets, sending in events:
        now += timedelta(hours=hours)
        seen.append((now, budgets))
        if sending is not None:
            sent.append((now, *sending))
        for ledger in ledgers:
            look(ledger, now, budgets, account)
            if sending is not None:
                send(ledger, now, *sending, account)

    for as_of in (now, now - timedelta(hours=8)):
        expected = [replayed(id_, seen, sent, as_of) for id_ in IDS]
        for ledger in ledgers:
            found = moves(ledger, as_of, account)
            columns = (found.last_day, found.flipped_at, found.edited_at, found.edited_from, found.edited_to)
            rows = [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]
            assert rows == expected


def replayed(
    id_: str,
    seen: Sequence[tuple[datetime, Budgets]],
    sent: Sequence[tuple[datetime, str, int]],
    as_of: datetime,
) -> list[object]:
    """One campaign's moves, step by step."""
    stood: list[tuple[datetime, int]] = []
    for moment, budgets in seen:
        number = budgets.get(id_)
        if moment <= as_of and number is not None and (not stood or stood[-1][1] != number):
            stood.append((moment, number))
    last_day, flipped, edited, origin, to = 0, None, None, 0, 0
    for (earlier, before), (moment, after) in pairwise(stood):
        last_day += moment > as_of - timedelta(days=1)
        ours = any(of == id_ and target == after and earlier <= when <= moment for when, of, target in sent)
        if sent and moment > sent[0][0] and not ours:
            edited, origin, to = moment.replace(tzinfo=None), before, after
    for (_, one), (then, two), (moment, three) in zip(stood, stood[1:], stood[2:], strict=False):
        if abs(three - one) <= abs(two - one) // 10 and moment - then <= timedelta(days=7):
            flipped = moment.replace(tzinfo=None)
    return [last_day, flipped, edited, origin, to]


def test_where_a_lever_stood_a_day_ago_is_known(ledger: Ledger) -> None:
    """Three moves within a day: from before the first of them; what is new counts from its first number."""
    start = at(10)
    look(ledger, start, {"a": 100})
    for hours, number in ((6, 110), (12, 121), (18, 133)):
        look(ledger, start + timedelta(hours=hours), {"a": number, "b": number})

    def day_ago(hours: float) -> list[int]:
        table = entity_table(ACCOUNT, IDS, names=IDS, levers={BUDGET: [133, 133]})
        moment = start + timedelta(hours=hours)
        found = ledger.lever_memory(table, np.array([], dtype="datetime64[D]"), moment)[BUDGET].day_ago
        assert found is not None
        return [int(number) for number in found]

    assert day_ago(20) == [100, 110]
    assert day_ago(29) == [100, 110]
    assert day_ago(30) == [110, 110]
    assert day_ago(48) == [133, 133]
