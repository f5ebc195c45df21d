"""The week holds: no sequence of legal steps, pauses or lost levers gets around the cap of seven days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

import numpy as np
import sample
from hypothesis import given, settings
from hypothesis import strategies as st
from wishes import wish

from agent.domain.lever import Lever, number_of
from agent.domain.money import Money
from agent.guardrails.judge import judge
from agent.guardrails.sane import Sane
from agent.guardrails.step import MaxStep, RollingCap
from agent.ledger.memory.ledger import MemoryLedger

BUDGET = Lever.DAILY_BUDGET
WEEK = timedelta(days=7)
STEP, CAP = Fraction(3, 10), Fraction(1, 2)

Event = tuple[str, int, int]
"""What befalls the lever, so many hours after the last event, and how far a wish goes (percent)."""

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["wish", "wish", "wish", "lose", "pause"]), st.integers(0, 40), st.integers(1, 900)
    ),
    min_size=3,
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(events=EVENTS)
def test_no_sequence_of_legal_steps_leaves_the_week(events: Sequence[Event]) -> None:
    """Measured against where it really stood a week before, and the oldest that is known before that."""
    ledger, now, micros, paused = MemoryLedger(), sample.NOW, 50_000_000, False
    stood: list[tuple[datetime, int]] = [(now, micros)]
    record(ledger, now, micros, paused=paused)
    for what, hours, percent in events:
        now += timedelta(hours=hours)
        if what == "pause":
            paused = not paused
            record(ledger, now, micros, paused=paused)
        elif what == "lose":
            record(ledger, now, None, paused=paused)
            now += timedelta(hours=hours)
            record(ledger, now, micros, paused=paused)
        else:
            micros = stepped(ledger, now, micros, percent, paused=paused)
            stood.append((now, micros))
            record(ledger, now, micros, paused=paused)
            before = [number for at, number in stood if at <= now - WEEK] or [stood[0][1]]
            assert abs(micros - before[-1]) <= before[-1] * CAP, (before[-1], micros)


def stepped(ledger: MemoryLedger, now: datetime, micros: int, percent: int, *, paused: bool) -> int:
    """Where a wish for so many percent of what stands leaves the lever."""
    table = sample.entities([micros / 1e6], levers={Lever.STATUS: [0 if paused else 1]})
    memory = ledger.lever_memory(table, np.array([], dtype="datetime64[D]"), now)
    snapshot = sample.snapshot(table, memory=memory, now=now)
    target = Money(micros * percent // 100, "EUR").rounded_down(10_000)

    (decision,) = judge(
        [wish(table, target)], snapshot, [Sane(), MaxStep(BUDGET, STEP), RollingCap(BUDGET, CAP)]
    )

    return micros if decision.change is None else number_of(decision.change.after)


def record(ledger: MemoryLedger, now: datetime, micros: int | None, *, paused: bool) -> None:
    budget = None if micros is None else micros / 1e6
    ledger.record_entities(sample.entities([budget], levers={Lever.STATUS: [0 if paused else 1]}), now)


def test_a_lever_that_was_lost_at_the_weeks_edge_is_measured_from_where_it_stood() -> None:
    """Were it measured from where it came back, the cap would begin anew."""
    ledger, now = MemoryLedger(), sample.NOW
    record(ledger, now, 50_000_000, paused=False)
    record(ledger, now + timedelta(days=2), None, paused=False)
    record(ledger, now + timedelta(days=4), 75_000_000, paused=False)

    later = stepped(ledger, now + timedelta(days=10), 75_000_000, 130, paused=False)

    assert later == 75_000_000
