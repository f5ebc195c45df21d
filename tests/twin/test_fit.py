"""Fit and fit report: what a history tells, and what it does not."""

from pathlib import Path

import numpy as np
import pytest
from fitted import FIRST, export_settings, exported, history

from simulations.twin.elasticity import SPREAD, USUAL, elasticities
from simulations.twin.fit import MOST, fit
from simulations.twin.fit_report import elasticity_records, in_words, report
from simulations.twin.history import History


def verdicts(made: History) -> dict[str, str]:
    return {one["figure"]: one["verdict"] for one in report(made, elasticities(made), seed=0, draws=20)}


def test_elasticities_are_found_where_budgets_varied() -> None:
    """Over 20 histories the 80 % intervals hold the truth about as often as they say."""
    truth = np.array([0.4, 0.6, 0.8])
    inside = []
    for seed in range(20):
        believed = elasticities(history(tuple(truth), seed=seed))
        inside += (np.abs(believed.mean - truth) <= 1.2816 * believed.sd).tolist()
        assert (believed.told > 0.6).all()

    assert np.mean(inside) >= 0.65
    assert np.abs(believed.mean - truth).max() < 0.1


def test_where_budgets_never_varied_the_prior_is_all_there_is() -> None:
    """And the report says so, in words."""
    made = history(varied=0.0)
    believed = elasticities(made)

    np.testing.assert_allclose(believed.mean, USUAL)
    np.testing.assert_allclose(believed.sd, SPREAD)
    assert {one["verdict"] for one in elasticity_records(made, believed)} == {"prior only"}
    assert any("Budgets hardly varied" in sentence for sentence in in_words(made, [], believed))


def test_a_history_of_its_own_kind_is_reproduced() -> None:
    """Clicks, conversions and value, and most days that the fit was not shown."""
    found = verdicts(history(budgets=True))

    assert found == {
        "cost": "good",
        "clicks": "good",
        "conversions": "good",
        "value": "good",
        "lag": "given",
        "clicks of unseen days": "good",
    }


def test_what_is_taken_over_is_not_called_good() -> None:
    """Without budgets the cost of a day is given to the twin, so it proves nothing."""
    assert verdicts(history())["cost"] == "given"


def test_conversions_that_come_and_go_by_the_week_are_called_poor() -> None:
    """Every other week sells nothing: a rate of four weeks cannot follow that."""
    rate = np.where(np.arange(56) // 7 % 2 == 0, 0.1, 0.0)[None, :]

    found = verdicts(history(rate=rate))

    assert found["clicks"] == "good"
    assert found["conversions"] == "poor"


def test_nobody_spends_on_days_without_spend_nor_far_beyond_what_was_seen() -> None:
    """Where nothing is known the twin does not invent."""
    made = history()
    made.cost[0, :10] = 0.0
    made.clicks[0, :10] = 0.0

    fitted = fit(made, elasticities(made).mean)

    assert (fitted.most[0, :10] == 0).all()
    np.testing.assert_allclose(fitted.most[1], MOST * made.cost[1].max())


def test_what_has_no_budget_any_more_is_left_out_and_told(tmp_path: Path) -> None:
    """A campaign that ended before the file did has no budget to try anything with."""
    settings = export_settings(tmp_path)
    path = tmp_path / "export.csv"
    ended = tuple(f"{FIRST + day},Campaign 1" for day in range(20, 30))
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(ended)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    made = exported(settings)

    assert made.entities.names.tolist() == ["Campaign 2", "Campaign 3"]
    assert any("no daily budget of its own today" in sentence for sentence in made.assumptions)


@pytest.mark.parametrize("seen", [None, "odd days"])
def test_the_fit_gives_back_the_clicks_that_there_were(seen: str | None) -> None:
    """In the sum, at the spends that there were, whatever days it was shown."""
    made = history()
    shown = None if seen is None else np.arange(made.n_days) % 2 == 1

    fitted = fit(made, np.array([0.4, 0.6, 0.8]), seen=shown)

    mean = fitted.clicks(made.cost, np.arange(made.n_days))
    np.testing.assert_allclose(mean.sum(axis=1), made.clicks.sum(axis=1), rtol=0.03)
    np.testing.assert_allclose(fitted.noise.mean(axis=0), 1.0)
