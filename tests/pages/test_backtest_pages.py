"""Backtests as pages: the same figures as in the tables, and what they rest on."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import sample_config

from agent.domain.money import Money
from simulations.backtest import CONFIGURED, Run, Task
from simulations.pages.of_markets import page_of_markets
from simulations.pages.of_replay import ReplayTold, page_of_replay
from simulations.pages.of_twin import TwinTold, page_of_twin
from simulations.pages.page import Page, Picture, Table, html
from simulations.replay.records import DayRecord, EntityRecord, LookAheadRecord, PastRecord
from simulations.twin.fit_report import ElasticityRecord, FitRecord
from simulations.twin.policies import HOLD, PEOPLE, Policy
from simulations.twin.trial import Result, Trial


def tables(page: Page) -> list[Table]:
    return [piece for section in page.sections for piece in section.pieces if isinstance(piece, Table)]


def pictures(page: Page) -> list[Picture]:
    return [piece for section in page.sections for piece in section.pieces if isinstance(piece, Picture)]


def test_simulated_markets_show_the_configured_policy_and_paired_differences() -> None:
    """Held against `hold` by seed, with Student's interval; the configured one stands out."""
    value = {(CONFIGURED, 1): 0.9, (CONFIGURED, 2): 0.8, ("hold", 1): 0.8, ("hold", 2): 0.72}
    runs = [
        Run(
            Task(policy, "base", 5, seed, 20, Money.of(100, "EUR")),
            np.full(20, mean),
            40,
            over_pot_days=0,
            cpu_s=0.1,
        )
        for (policy, seed), mean in value.items()
    ]

    page = page_of_markets(runs, "gebot backtest", [("by", "gebot")])

    (table,) = tables(page)
    assert [row[0] for row in table.rows] == [CONFIGURED, "hold"]
    assert table.rows[0][4] == "+9.0 (-3.7 to +21.7)" and table.rows[1][4] == ""
    assert table.strong == frozenset({0})
    assert len(pictures(page)) == 3 and "gebot backtest" in html(page)


def test_a_twin_shows_its_fit_before_its_policies(tmp_path: Path) -> None:
    """Whether to believe it comes first; without policies the fit is all."""
    settings = sample_config.settings(tmp_path)
    account = settings.accounts[0]
    results = [
        Result(
            Trial(Policy(name, settings, account), seed),
            value=np.full(10, mean),
            worth_micros=np.full(10, 2e8),
            cost_micros=np.full(10, 1e8),
            changes=0,
            clamped=0,
            denied=0,
            over_pot_days=0,
            cpu_s=0.1,
        )
        for name, mean in ((PEOPLE, 0.7), (HOLD, 0.6))
        for seed in (1, 2)
    ]
    fit = FitRecord(
        record="fit",
        figure="cost",
        real=5e9,
        mean=7e9,
        low=6e9,
        high=8e9,
        weeks=4,
        weeks_inside=0.25,
        rows_inside=None,
        verdict="poor",
        meaning="",
    )
    elasticity = ElasticityRecord(
        record="elasticity",
        entity="",
        name="Brand <search>",
        mean=0.6,
        low=0.5,
        high=0.7,
        told=0.3,
        spend_varied=0.2,
        verdict="partly",
    )

    page = page_of_twin(TwinTold("main", "EUR", [fit], [elasticity], ["POOR: cost."], results), "gebot", [])
    alone = page_of_twin(TwinTold("main", "EUR", [fit], [elasticity], [], []), "gebot", [])

    fits, elasticities, policies = tables(page)
    assert fits.rows[0][:4] == ["cost (EUR)", "5,000", "7,000", "6,000 to 8,000"] and fits.strong == {0}
    assert elasticities.rows[0][4] == "partly (30%)"
    assert [row[0] for row in policies.rows] == [PEOPLE, HOLD] and policies.rows[1][3] == "-10.0 ± 0.0"
    assert len(tables(alone)) == 2
    assert "Brand &lt;search&gt;" in html(alone)


def replayed(looked_ahead: list[LookAheadRecord] | None) -> ReplayTold:
    days = [
        DayRecord(
            record="day",
            day=date(2026, 10, 1) + timedelta(days=n),
            plan="4a77",
            fingerprint="4a77",
            wishes=5,
            changes=3,
            clamped=1,
            denied=1,
            standing=0,
            not_heard=0,
            stood_micros=500_000_000,
            raised_micros=25_000_000,
            cut_micros=20_000_000,
            notes=[],
        )
        for n in range(3)
    ]
    entity = EntityRecord(
        record="entity",
        entity="csv:shop/campaign/1",
        name="Brand",
        mornings=3,
        wishes=3,
        raises=3,
        cuts=0,
        other_changes=0,
        clamped=0,
        denied=0,
        stood_micros=None,
        proposed_micros=None,
    )
    past = PastRecord(
        record="past",
        account="csv:shop",
        currency="EUR",
        source="campaigns.csv",
        assumptions=["One figure a day."],
    )
    return ReplayTold(past, days, [entity], looked_ahead)


def test_a_replay_says_what_it_assumes_and_what_the_check_found() -> None:
    """Not checked, found nothing, or void: three things."""
    peek = LookAheadRecord(
        record="look_ahead", day=date(2026, 10, 2), decider="crystal", what="knew <tomorrow>"
    )

    words = [
        dict(page_of_replay(replayed(one), "gebot", []).facts)["look-ahead"] for one in (None, [], [peek])
    ]

    assert words[0] == "not checked"
    assert words[1].startswith("none: each of the 3 plans")
    assert "FOUND in 1 plans" in words[2] and "void" in words[2]
    text = html(page_of_replay(replayed([peek]), "gebot", []))
    assert "One figure a day." in text and "knew &lt;tomorrow&gt;" in text and "Thu 2026-10-01" in text


def test_what_is_not_known_is_left_empty() -> None:
    """An entity that never had a budget did not have one of zero."""
    days, entities = tables(page_of_replay(replayed(None), "gebot", []))

    assert days.rows[0][1:4] == ["500.00", "25.00", "20.00"]
    assert entities.rows[0][:3] == ["Brand", "", ""]
