"""Proof: each configured guardrail stops a breach that passes without it, and a missing one is found out."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.config.guardrails import GuardrailSettings
from agent.config.load import load
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Portfolio
from agent.guardrails.step import MaxStep
from agent.wiring.fencing import fence
from agent.wiring.parts import desks
from agent.wiring.proof.prove import Outcome, Proof, proofs, put_to_the_proof, stage_of
from agent.wiring.proof.sizes import SCENES

ROOT = Path(__file__).parents[2]
FULL = {
    "protected_labels": ["brand"],
    "max_metrics_age": "6h",
    "min_maturity": "80%",
    "min_clicks": 100,
    "min_history_days": 60,
    "learning_phase": "wait",
    "quarantine": "24h",
    "rest_after_flip_flop": "2d",
    "max_changes_per_run": 20,
    "max_changes_per_hour": 40,
    "max_share_of_entities_per_run": "30%",
    "max_share_of_spend_per_run": "50%",
    "account_ceiling": "5000.00 USD",
    "freeze": [
        {"name": "peak", "from": "2026-11-26", "until": "2026-11-30"},
        {"name": "weekend", "from": "fri 18:00", "until": "mon 06:00"},
    ],
    "daily_budget": {
        "floor": "5.00 USD",
        "ceiling": "500.00 USD",
        "max_step": "15%",
        "max_change_7d": "40%",
        "cooldown": "20h",
        "max_changes_per_day": 2,
        "take_back_after": "7d",
    },
    "cpc_bid": {
        "floor": "0.10 USD",
        "ceiling": "4.00 USD",
        "max_step": "10%",
        "max_change_7d": "150%",
        "cooldown": "3d",
        "max_changes_per_day": 1,
    },
    "target_roas": {
        "floor": "1.5",
        "ceiling": "9.0",
        "max_step": "10%",
        "max_change_7d": "30%",
        "cooldown": "3d",
        "max_changes_per_day": 1,
    },
    "status": {"allowed": ["paused"], "cooldown": "7d", "max_changes_per_day": 1},
}


def proven(limits: object = FULL, pot: Money | None = None) -> dict[str, Proof]:
    portfolios = [] if pot is None else [Portfolio("all", Goal.VALUE, pot)]
    return {one.guardrail: one for one in proofs(GuardrailSettings.model_validate(limits), portfolios)}


def test_the_shipped_configuration_stops_every_breach_by_the_guardrail_that_it_is_for() -> None:
    """Nothing else stops them: without that guardrail they pass."""
    settings = load(ROOT / "config.toml")
    (account,) = settings.accounts
    limits = settings.guardrails_of(account)

    found = list(proofs(limits, [desk.portfolio for desk in desks(settings, account, limits)]))

    idle = {one.guardrail for one in found if one.outcome is Outcome.NOTHING}
    assert idle == {"freeze"}
    assert {one.outcome for one in found} == {Outcome.STOPPED, Outcome.NOTHING}
    assert {"daily_pot", "account_ceiling", "daily_budget.max_step"} < {one.guardrail for one in found}


def test_every_guardrail_of_a_full_configuration_is_proven() -> None:
    """Bids, targets, statuses, windows of the calendar and shares."""
    found = proven(pot=Money.of(900, "USD"))

    assert {name: one.outcome for name, one in found.items() if one.outcome is not Outcome.STOPPED} == {}
    assert len(found) > 40
    assert "nothing changes until" in found["freeze"].because
    assert "clamp to 425.00 USD" in found["daily_budget.max_step"].because


def test_every_shipped_guardrail_knows_its_breach() -> None:
    """A new one must come with a way to break it."""
    guardrails = {type(one) for one in fence(GuardrailSettings.model_validate(FULL)).guardrails}

    assert guardrails <= set(SCENES)


def test_a_guardrail_that_lets_its_breach_pass_is_found_out() -> None:
    """The proof can fail: here the step limit is not asked."""
    limits = GuardrailSettings.model_validate(FULL)
    whole, stage = fence(limits), stage_of(Lever.DAILY_BUDGET, limits)
    assert stage is not None
    step = next(one for one in whole.guardrails if one.name == "daily_budget.max_step")
    without = replace(whole, guardrails=tuple(one for one in whole.guardrails if one is not step))

    found = put_to_the_proof(step.name, SCENES[MaxStep](step, stage), without, lambda fenced: fenced)

    assert found.outcome is Outcome.PASSED
    assert not found.holds


@pytest.mark.parametrize("lacking", ["min_clicks", "max_changes_per_hour", "account_ceiling", "quarantine"])
def test_an_absent_limit_does_not_hide_the_others(lacking: str) -> None:
    """It is taken for a wide one meanwhile, and not proven itself."""
    found = proven({key: value for key, value in FULL.items() if key != lacking})

    assert {one.outcome for one in found.values()} <= {Outcome.STOPPED, Outcome.NOTHING}
    assert {"min_clicks": "min_evidence"}.get(lacking, lacking) not in found or lacking == "quarantine"


def test_what_allows_all_has_nothing_to_stop() -> None:
    """And is not called proven."""
    found = proven({**FULL, "learning_phase": "ignore", "protected_labels": [], "freeze": []})

    for name in ("learning_phase", "protected_labels", "freeze"):
        assert found[name].outcome is Outcome.NOTHING


def test_a_limit_that_another_one_makes_idle_is_said_so() -> None:
    """A pot that is far above the account's ceiling is never reached."""
    found = proven(pot=Money.of(900_000, "USD"))

    assert found["daily_pot"].outcome is Outcome.ELSEWHERE
    assert "account_ceiling" in found["daily_pot"].because


def test_without_any_lever_there_is_nothing_to_prove() -> None:
    """Everything is denied."""
    assert proven({"max_metrics_age": "6h"}) == {}
