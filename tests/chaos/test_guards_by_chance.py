"""Guards by chance: 0 plans over a limit, and each way of passing one is seen."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from agent.domain.lever import Lever, Status, number_of, value_of
from agent.domain.plan import Change, Decision
from agent.domain.verdict import Deny, Word
from agent.steps.guard import guard
from simulations.chaos import guards
from simulations.chaos.guards import GUARDS, judge
from simulations.chaos.malformed.hostile import chance
from simulations.chaos.volume import Notes
from simulations.chaos.wishing import Case, case


def test_no_plan_passes_a_limit() -> None:
    """Some hundreds of the million plans of the full profile; there are raises and cuts among them."""
    result = GUARDS.run(300, 0, 1, lambda _: None)

    assert result.violations == 0, [(one.invariant, one.seeds) for one in result.tallies if one.violations]
    assert next(count.number for count in result.counts if count.name == "changes let through") > 100


def _drawn(lever: Lever) -> tuple[Case, list[Decision], int]:
    """A case whose guard lets a change of this lever through, its decisions and which of them it is."""
    for seed in range(500):
        drawn = case(chance(seed))
        decisions = guard(drawn.snapshot, drawn.cuts, drawn.proposals, drawn.fence, drawn.reserved)
        for at, decision in enumerate(decisions):
            change = decision.change
            if change is not None and change.lever is lever and change.after is not Status.ENABLED:
                return drawn, decisions, at
    raise AssertionError("no such plan in 500 seeds")


def _with_change(decisions: Sequence[Decision], at: int, after: int) -> list[Decision]:
    change = decisions[at].change
    assert change is not None
    moved = replace(change, after=value_of(change.lever, after, getattr(change.after, "currency", "")))
    return [replace(one, change=moved) if place == at else one for place, one in enumerate(decisions)]


@pytest.mark.parametrize("times", [100, -1, 0])
def test_a_guard_that_let_anything_through_would_be_found(times: int) -> None:
    """x100, a negative budget and zero, put into a plan after the guard."""
    drawn, decisions, at = _drawn(Lever.DAILY_BUDGET)
    before = decisions[at].before
    assert before is not None

    broken = _broken(drawn, _with_change(decisions, at, number_of(before) * times))

    assert guards.LIMITS in broken
    assert guards.BETWEEN in broken or guards.SENSIBLE in broken


def test_a_cut_that_a_sum_denies_is_found() -> None:
    """Whatever else is said of it, no sum may stop a cut."""
    drawn, decisions, at = _drawn(Lever.STATUS)
    word = Word("daily_pot", Deny("no room"))
    denied = replace(decisions[at], change=None, words=(word,))

    assert guards.CUTS in _broken(drawn, [denied])


def test_a_ceiling_that_is_passed_is_found() -> None:
    """The same plan, judged by a ceiling of a cent."""
    drawn, decisions, at = _drawn(Lever.DAILY_BUDGET)
    stands = decisions[at].before
    assert stands is not None
    proposal = decisions[at].proposal
    limits = drawn.limits.model_copy(update={"account_ceiling": value_of(proposal.lever, 10_000, "EUR")})
    raised = Change(
        proposal.ref,
        proposal.lever,
        stands,
        value_of(proposal.lever, 2 * number_of(stands), drawn.snapshot.currency),
    )

    broken = _broken(replace(drawn, limits=limits), [replace(decisions[at], change=raised)])

    assert guards.CEILING in broken


def test_a_plan_that_changes_too_much_is_found() -> None:
    """One change is allowed; the same one three times is not."""
    drawn, decisions, at = _drawn(Lever.DAILY_BUDGET)
    limits = drawn.limits.model_copy(update={"max_changes_per_run": 1})

    assert guards.RUN in _broken(replace(drawn, limits=limits), [decisions[at]] * 3)


def _broken(drawn: Case, decisions: Sequence[Decision]) -> set[str]:
    notes = Notes()
    judge(drawn, decisions, notes)
    return {tally.invariant for tally in notes.result.tallies if tally.violations}
