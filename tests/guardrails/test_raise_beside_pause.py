"""A raise beside a pause of the same entity: nobody knows that the pause will land."""

import sample
from wishes import allowed, eur, wish

from agent.domain.lever import Lever, Status
from agent.guardrails.pot import AccountCeiling


def test_the_ceiling_does_not_count_on_a_pause_beside_a_raise() -> None:
    """50 stand, 90 are wished for, and should the pause be refused they will deliver: 180 of 110 at worst."""
    table = sample.entities([50])
    raised = allowed(table, wish(table, 90))
    paused = allowed(table, wish(table, Status.PAUSED, lever=Lever.STATUS))

    settled = AccountCeiling(eur(110)).settle([raised, paused], sample.snapshot(table))

    assert settled[1].change is not None
    assert settled[0].change is None or settled[0].change.after == eur(55)
