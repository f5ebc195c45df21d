"""The daily statement agrees over both platforms' own clients, and finds what the ledger does not know."""

from datetime import timedelta

import canaries
import pytest
from google_stage import GoogleStage
from meta_stage import MetaStage

from adapters.conformance.changes import apply, budget_steps
from adapters.conformance.stage import Opening, Stage
from agent.domain.approval import Approval
from agent.domain.outcome import State, Step
from agent.domain.plan import Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.seal import Seal
from agent.ledger.memory.ledger import MemoryLedger
from agent.steps.statement import Span, statement

SEAL = Seal(canaries.of("audit key in memory").encode())


@pytest.mark.parametrize("stage", [GoogleStage(), MetaStage()], ids=lambda stage: stage.name)
def test_what_was_sent_is_in_the_platforms_history_and_nothing_else_of_ours(stage: Stage) -> None:
    """A change of the ledger, an edit of somebody else, and then one of ours that nobody decided."""
    scene = stage.open(Opening())
    try:
        own, theirs, stray = budget_steps(scene, 3)
        account, begin = scene.reader.account().id, scene.now() - timedelta(minutes=1)
        ledger = MemoryLedger()
        ledger.record_entities(scene.reader.entities(), begin)
        ledger.record_metrics(account, scene.reader.metrics(begin.date(), begin.date()), begin)
        wish = Proposal(own.ref, own.lever, own.after, "to see it in the history", "test")
        decision = Decision(wish, own.before, (), own)
        plan = Plan(account, begin, begin + timedelta(days=1), "policy", "data", 1, (decision,))
        ledger.record_plan(plan)
        word = Approval(plan.id, plan.fingerprint, frozenset({own.id}), frozenset(), "ada", begin)
        ledger.record_approval(word.sealed(SEAL), [Step(plan.id, own.id, State.APPROVED)])
        ledger.advance([Step(plan.id, own.id, State.SENDING)], scene.now(), epoch=0)
        apply(scene, [own])
        ledger.advance([Step(plan.id, own.id, State.APPLIED)], scene.now(), epoch=0)
        scene.advance(timedelta(minutes=1))
        scene.edit(theirs.ref, theirs.lever, theirs.after)
        scene.advance(timedelta(minutes=20))
        span = Span(begin.date(), begin, scene.now())

        agreed = statement(scene.reader, ledger, account, span, seal=SEAL, knows_itself=True)
        apply(scene, [stray])
        scene.advance(timedelta(minutes=20))
        span = Span(begin.date(), begin, scene.now())
        differs = statement(scene.reader, ledger, account, span, seal=SEAL, knows_itself=True)
    finally:
        scene.close()

    assert (agreed.approved, agreed.sent, agreed.found) == (1, 1, 1)
    assert agreed.agrees and not agreed.remarks
    assert len(differs.differences) == 1
    assert str(stray.ref) in differs.differences[0] and "not in the ledger" in differs.differences[0]
