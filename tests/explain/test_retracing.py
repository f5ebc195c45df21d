"""Every plan is drawn up again from the ledger alone, word for word, whoever decided."""

from datetime import timedelta
from pathlib import Path

import pytest
from lived_by_all import STRATEGIES, Account

from agent.config.digest import policy_body
from agent.domain.errors import Mistake
from agent.ledger.open import open_ledger
from agent.wiring.retrace import parts_then

DAYS = 4
"""The same was tried with 45 days: 45 plans, 739 decisions, all the same."""


def test_plans_by_all_strategies_and_rules_come_out_the_same(tmp_path: Path) -> None:
    """Fingerprint, data, every proposal with its evidence, every guardrail's word and the calibration."""
    one = Account(tmp_path, open_ledger("memory:"))

    one.live(days=DAYS)

    plans = one.kept()
    sources = {decision.proposal.source.split("/")[0] for plan in plans for decision in plan.decisions}
    assert sources >= set(STRATEGIES) - {"hold"} | {"slow"}
    assert len(plans) == DAYS and sum(len(plan.changes) for plan in plans) > DAYS
    for plan in plans:
        assert one.again(plan) == plan


def test_plans_by_hand_and_plans_under_other_limits_come_out_the_same(tmp_path: Path) -> None:
    """An undo, hours that were marked, and a policy that was changed in between."""
    one = Account(tmp_path, open_ledger("memory:"))
    first = one.day()
    one.clock.move_to(one.clock.now() + timedelta(hours=1))
    undo = one.wish(*one.taken_back(first))
    hours = one.wish(one.excluded())
    one.configured(step="10%")
    one.clock.move_to(one.clock.now() + timedelta(days=1))
    second = one.day()
    assert undo.changes and hours.changes and second.decisions
    assert first.policy == undo.policy == hours.policy != second.policy

    one.configured(step="35%")

    for plan in one.kept():
        assert one.again(plan) == plan


def test_without_the_policy_a_plan_is_not_guessed_at(tmp_path: Path) -> None:
    """Nor under one that was altered."""
    one = Account(tmp_path, open_ledger("memory:"))
    plan = one.day()
    account, elsewhere = one.settings.accounts[0], open_ledger("memory:")

    with pytest.raises(Mistake, match="does not keep the policy"):
        parts_then(one.settings, account, elsewhere, plan)
    elsewhere.record_policy(plan.policy, policy_body(one.settings).replace(b"60%", b"90%"))
    with pytest.raises(Mistake, match="another policy"):
        parts_then(one.settings, account, elsewhere, plan)
