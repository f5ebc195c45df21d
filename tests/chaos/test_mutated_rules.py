"""Mutated rules: whatever their author slipped on, a run touches a few entities and a part of the spend."""

from agent.domain.lever import Lever, Status
from agent.domain.money import Money
from agent.domain.plan import Change, Decision
from agent.domain.proposal import Proposal
from simulations.chaos import rules
from simulations.chaos.malformed.hostile import chance
from simulations.chaos.rules import RULES, judge
from simulations.chaos.volume import Notes


def test_no_mutated_rule_touches_all() -> None:
    """A few hundred of them; some fire, some are refused."""
    result = RULES.run(250, 0, 1, lambda _: None)

    counts = {count.name: count.number for count in result.counts}
    assert result.violations == 0, [(one.invariant, one.seeds) for one in result.tallies]
    assert counts["wishes"] > 50
    assert counts["changes"] > 10
    assert counts["refused"] > 10


def test_every_way_of_writing_a_rule_wrongly_changes_some_rule() -> None:
    """A mutation that did nothing would prove nothing."""
    drawn = [rules.mutated(chance(seed)) for seed in range(400)]

    changed = {way for text, way in drawn if text not in rules._rules()}

    assert changed == set(rules._WAYS)


def test_a_run_without_limits_is_found() -> None:
    """Every campaign paused, every budget at a cent: what a guard that lets all through would do."""
    snapshot = max((rules.account(chance(seed)) for seed in range(20)), key=len)
    decisions = []
    for row in range(len(snapshot)):
        ref = snapshot.entities.ref(row)
        budget = snapshot.entities.value(row, Lever.DAILY_BUDGET)
        assert budget is not None
        for change in (
            Change(ref, Lever.STATUS, Status.ENABLED, Status.PAUSED),
            Change(ref, Lever.DAILY_BUDGET, budget, Money(0, "EUR")),
        ):
            wish = Proposal(ref, change.lever, change.after, "because", "rule")
            decisions.append(Decision(wish, change.before, (), change))
    notes = Notes()

    judge(snapshot, decisions, notes)

    broken = {tally.invariant for tally in notes.result.tallies if tally.violations}
    assert broken == {rules.ENTITIES, rules.SPEND, rules.NOT_ZERO, rules.STEPS}
