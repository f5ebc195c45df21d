"""Asked again: what was approved is judged once more right before it is sent, by the same measure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from live import Live, Scale, fence, live, states
from numpy.random import Generator

from agent import cycle
from agent.domain.lever import Lever, Status
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.proposal import Evidence, Proposal
from agent.domain.ref import Kind
from agent.domain.snapshot import Snapshot
from agent.guardrails.evidence import Maturity
from agent.guardrails.sane import Sane
from simulations.journal import Field


@dataclass(frozen=True)
class Ripe(Scale):
    """Decides on old days alone, of which every conversion has been reported."""

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        for proposal in Scale.propose(self, snapshot, rng):
            yield replace(proposal, evidence=Evidence(maturity=1.0))


@dataclass(frozen=True)
class PauseAndRaise:
    """Pauses the first campaign, and gives half of its budget to the second one."""

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        freed, budget = (snapshot.entities.value(row, Lever.DAILY_BUDGET) for row in (0, 1))
        assert isinstance(freed, Money) and isinstance(budget, Money)
        to = budget + freed.times(Fraction(1, 2)).rounded_down(snapshot.entities.account.unit_micros)
        yield Proposal(snapshot.entities.ref(0), Lever.STATUS, Status.PAUSED, "pause", "p")
        yield Proposal(snapshot.entities.ref(1), Lever.DAILY_BUDGET, to, "raise", "p")


def ask(account: Live, *guardrails: object) -> None:
    account.give(fence=replace(fence(), guardrails=guardrails))


def test_a_change_is_judged_again_on_the_evidence_that_it_was_approved_with() -> None:
    """A wish that rests on ripe days alone is not capped because the last days are unripe."""
    account = live((None, "0.8", None))
    account.decide(Ripe((None, "0.8", None)))
    ask(account, Sane(), Maturity(Fraction(99, 100)))

    record = account.carry_out()

    assert states(record) == [State.APPLIED]


def test_a_pause_pays_for_a_raise_as_a_cut_does() -> None:
    """The pot is what the budgets summed to before the plan, the paused one included."""
    account = live()
    account.decide(PauseAndRaise())
    ask(account, Sane())

    record = account.carry_out()

    assert states(record) == [State.APPLIED, State.APPLIED]


def test_a_pause_by_somebody_else_pays_for_nothing() -> None:
    """The pot is what the budgets sum to then."""
    account = live()
    account.decide(PauseAndRaise())
    ask(account, Sane())
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    pause = next(change for change in plan.changes if change.lever is Lever.STATUS)
    account.adapter._platform.set(
        Kind.CAMPAIGN, pause.ref.id, Field.STATUS, Status.PAUSED.value, by="anna@example.com", client="web"
    )

    record = cycle.carry_out(account.parts, plan.fingerprint, epoch=0)

    assert record.changes[pause.id].state is State.CONFLICT
    assert [item.state for id_, item in record.changes.items() if id_ != pause.id] == [State.CAPPED]
