"""What models said of their changes: kept by every ledger alike, and asked without reading plans."""

import numpy as np
import sample
from seen import at
from test_decided_plans import drawn_up, steps, word

from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Evidence, Interval, Proposal
from agent.domain.ref import AccountId, Kind, Ref
from agent.ports.ledger import Ledger

OF = "conversion value in EUR per day at the new budget"


def foretold(n: int = 3, *, days: float = 0, account: AccountId = sample.ACCOUNT.id) -> Plan:
    """Changes with a posterior; the second was clamped by a guardrail, the last says no effect."""
    decisions = []
    for i in range(n):
        ref = Ref(account.platform, account.account, Kind.CAMPAIGN, f"{i:06d}")
        before, after = Money.of(50, "EUR"), Money.of(60 + i, "EUR")
        effect = None if i == n - 1 else Interval(5.0, 1.0, 9.0)
        evidence = Evidence((), OF, Interval(100.0 + i, 80.0, 130.0), effect)
        wish = Proposal(ref, Lever.DAILY_BUDGET, after, "sells", f"model {i % 2}", evidence=evidence)
        got = Money.of(55, "EUR") if i == 1 else after
        decisions.append(Decision(wish, before, (), Change(ref, Lever.DAILY_BUDGET, before, got)))
    return Plan(account, at(days), at(days + 1), "policy", "snapshot", 7, tuple(decisions))


def carried_out(ledger: Ledger, plan: Plan, days: float) -> None:
    """All of the plan, found applied so many days after the first Monday."""
    epoch = ledger.take_lead(plan.account, "here", 1, at(0))
    ledger.record_plan(plan)
    ledger.record_approval(word(plan, approved=range(len(plan.changes))), steps(plan, State.APPROVED))
    for state in (State.SENDING, State.APPLIED):
        ledger.advance(steps(plan, state), at(days), epoch=epoch)


def test_applied_changes_come_back_with_what_was_said_of_them(ledger: Ledger) -> None:
    """The clamped one does not: nothing was said of the value that it got."""
    carried_out(ledger, foretold(), 0.5)

    found = ledger.forecasts(sample.ACCOUNT.id, at(0), at(9))

    assert found.ids.tolist() == ["000000", "000002"]
    assert found.kinds.tolist() == ["campaign"] * 2 and found.levers.tolist() == ["daily_budget"] * 2
    assert found.sources.tolist() == ["model 0", "model 0"] and found.of.tolist() == [OF] * 2
    assert found.before.tolist() == [50_000_000] * 2 and found.after.tolist() == [60_000_000, 62_000_000]
    assert found.mean.tolist() == [100.0, 102.0]
    assert found.low.tolist() == [80.0] * 2 and found.high.tolist() == [130.0] * 2
    assert found.effect[0] == 5.0 and np.isnan(found.effect[1])
    assert found.applied_at.tolist() == [at(0.5).replace(tzinfo=None)] * 2


def test_only_what_was_found_applied_in_the_time_asked_for_is_told(ledger: Ledger) -> None:
    """Oldest first, of this account alone, whatever else was proposed or rejected."""
    other = AccountId("simulated", "other")
    for plan, days in (
        (foretold(1, days=4), 4.5),
        (foretold(1, days=1), 1.5),
        (foretold(1, days=2, account=other), 2.5),
        (foretold(1, days=0), 0.5),
    ):
        carried_out(ledger, plan, days)
    ledger.record_plan(foretold(3, days=3))

    found = ledger.forecasts(sample.ACCOUNT.id, at(1), at(4.5))

    assert found.applied_at.tolist() == [at(1.5).replace(tzinfo=None), at(4.5).replace(tzinfo=None)]
    assert len(ledger.forecasts(sample.ACCOUNT.id, at(1), at(4.4))) == 1
    assert len(ledger.forecasts(AccountId("simulated", "never seen"), at(0), at(9))) == 0


def test_deciders_without_a_model_say_nothing(ledger: Ledger) -> None:
    """A rule has no interval that could hold."""
    carried_out(ledger, drawn_up(2), 0.5)

    assert len(ledger.forecasts(sample.ACCOUNT.id, at(0), at(9))) == 0


def test_of_very_many_a_sample_by_chance_is_told_and_always_the_same(ledger: Ledger) -> None:
    """A large account is judged by some of its changes; 200 of them, about 50 asked for."""
    carried_out(ledger, foretold(200), 0.5)

    some = ledger.forecasts(sample.ACCOUNT.id, at(0), at(9), limit=50)

    assert 30 <= len(some) <= 70
    assert some.ids.tolist() == ledger.forecasts(sample.ACCOUNT.id, at(0), at(9), limit=50).ids.tolist()
    assert len(ledger.forecasts(sample.ACCOUNT.id, at(0), at(9), limit=199)) == 199
