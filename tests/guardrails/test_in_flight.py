"""In flight: one change of a lever at a time."""

import sample
from wishes import told, wish

from agent.domain.lever import Lever
from agent.guardrails.in_flight import InFlight


def test_a_lever_rests_while_its_last_change_may_still_land() -> None:
    """Raise or cut; the other levers and entities do not wait for it."""
    table = sample.entities([50.0, 50.0])
    snapshot = sample.snapshot(table)
    flying = InFlight({(table.ref(0), Lever.DAILY_BUDGET): 60_000_000})

    assert told(flying.judge(wish(table, 55), snapshot)) == "deny"
    assert told(flying.judge(wish(table, 45), snapshot)) == "deny"
    assert told(flying.judge(wish(table, 55, row=1), snapshot)) == "allow"
    assert told(flying.judge(wish(table, 3, lever=Lever.TARGET_CPA), snapshot)) == "allow"
    assert "60.00 EUR was sent" in str(flying.judge(wish(table, 55), snapshot))
