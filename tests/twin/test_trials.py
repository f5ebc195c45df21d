"""Trials: policies on a twin, through the live cycle, against people and a clairvoyant."""

from pathlib import Path

import numpy as np
import pytest
from fitted import export_settings, exported

from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.errors import Mistakes
from simulations.twin.elasticity import elasticities
from simulations.twin.policies import CONFIGURED, HOLD, PEOPLE, UNGUARDED, Policy, desks_of, policies
from simulations.twin.scores import TwinScore, scores
from simulations.twin.stage import Stage, misfits, stage_of
from simulations.twin.trial import Trial, run, run_all


def stage(settings: Settings) -> Stage:
    chosen = policies([CONFIGURED], settings, settings.accounts[0])
    return stage_of(exported(settings), desks_of(chosen[0]))


def scored(settings: Settings, chosen: list[Policy], seeds: int = 3) -> dict[str, TwinScore]:
    here = stage(settings)
    believed = elasticities(here.history)
    trials = [Trial(policy, seed) for policy in chosen for seed in range(seeds)]
    return {one["policy"]: one for one in scores([run(here, believed, trial) for trial in trials])}


def test_a_strategy_that_learns_beats_the_shares_that_people_used(tmp_path: Path) -> None:
    """The third campaign sells five times as often as the first; people gave them the same."""
    settings = export_settings(tmp_path, n_days=22)

    found = scored(settings, policies(["thompson_budget"], settings, settings.accounts[0]))

    assert found["thompson_budget"]["better_than_people"] is True
    assert found["thompson_budget"]["mean"] < 1.0
    assert found[PEOPLE]["over_people"] is None
    assert all(one["over_pot_days"] == 0 for one in found.values())
    assert found[HOLD]["changes_per_day"] == 0


def test_guardrails_are_compared_by_leaving_them_out_and_by_other_configurations(tmp_path: Path) -> None:
    """Smaller steps are slower; none at all are the fastest, and the pot still holds."""
    settings = export_settings(tmp_path, n_days=22)
    other = tmp_path / "careful.toml"
    text = (tmp_path / "config.toml").read_text(encoding="utf-8")
    other.write_text(text.replace('max_step = "20%"', 'max_step = "2%"'), encoding="utf-8")
    careful = load(other)
    chosen = policies(
        [CONFIGURED, UNGUARDED],
        settings,
        settings.accounts[0],
        [Policy(CONFIGURED, careful, careful.accounts[0], label=str(other))],
    )

    found = scored(settings, chosen)

    assert found[UNGUARDED]["mean"] > found[CONFIGURED]["mean"] > found[str(other)]["mean"]
    assert found[UNGUARDED]["over_pot_days"] == 0
    assert found[CONFIGURED]["clamped_per_day"] + found[CONFIGURED]["denied_per_day"] > 0


def test_the_same_seed_gives_the_same_result_on_one_process_and_on_two(tmp_path: Path) -> None:
    """To the last digit, whatever order they end in."""
    settings = export_settings(tmp_path, n_days=22)
    here = stage(settings)
    believed = elasticities(here.history)
    trials = [
        Trial(policy, seed)
        for policy in policies(["proportional_roas"], settings, settings.accounts[0])
        for seed in range(2)
    ]

    alone = scores([run(here, believed, trial) for trial in trials])
    shared = scores(list(run_all(here, believed, trials, 2)))

    for one in (*alone, *shared):
        one["cpu_ms_per_day"] = 0.0
    assert alone == shared


def test_mornings_begin_with_what_people_had(tmp_path: Path) -> None:
    """The days before the first decision are the real ones, and the pot is what was really given."""
    settings = export_settings(tmp_path, n_days=22)
    here = stage(settings)
    market = here.market(elasticities(here.history), 3)

    spent = np.stack([market.flow(day, here.opening() * market.habit(day)).cost for day in range(7)])

    np.testing.assert_allclose(spent, here.history.cost[:, :7].T, rtol=1e-6)
    given = here.history.cost[:, 7:].sum(axis=0).mean()
    assert here.pots[0].micros == pytest.approx(given, abs=1)
    np.testing.assert_allclose(here.people.sum(axis=1), here.pots[0].micros)


def test_a_pot_far_from_what_was_given_is_told(tmp_path: Path) -> None:
    """Ceilings in money were made for it."""
    settings = export_settings(tmp_path, n_days=22, pot=100)
    desks = desks_of(policies([CONFIGURED], settings, settings.accounts[0])[0])

    told = misfits(desks, stage(settings).pots)

    assert len(told) == 1
    assert "is configured for 100.00 EUR a day" in told[0]


def test_unknown_policies_are_refused_by_name(tmp_path: Path) -> None:
    """With what was meant."""
    settings = export_settings(tmp_path, n_days=22)

    with pytest.raises(Mistakes) as caught:
        policies(["thomson_budget", "people"], settings, settings.accounts[0])

    assert "did you mean 'thompson_budget'?" in str(caught.value.exceptions[0])
