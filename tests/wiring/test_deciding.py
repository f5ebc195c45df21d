"""Deciding: what portfolios and deciders cannot do in an account is told before they are silent for weeks."""

from dataclasses import replace
from pathlib import Path

import pytest
import sample

from agent.config.load import load
from agent.config.settings import Settings
from agent.wiring.deciding import foreign_money, idle_deciders, too_low
from agent.wiring.finding import Grade
from agent.wiring.parts import desks

ROOT = Path(__file__).parents[2]
BIDS = """
[[strategy]]
name = "bids"
kind = "thompson_bid"
"""


def settings(folder: Path, *replacements: tuple[str, str], extra: str = "") -> Settings:
    """The shipped configuration with other words in it."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    for old, new in [('file = "rules/', f'file = "{ROOT}/rules/'), *replacements]:
        assert old in text
        text = text.replace(old, new)
    (folder / "config.toml").write_text(text + extra, encoding="utf-8")
    return load(folder / "config.toml")


def told(chosen: Settings) -> dict[str, tuple[Grade, str, str]]:
    (account,) = chosen.accounts
    made = desks(chosen, account, chosen.guardrails_of(account))
    found = idle_deciders(chosen, account, made, sample.entities([50, 60]))
    return {one.where.removeprefix("config.toml: "): (one.grade, one.found, one.to_do) for one in found}


def test_a_decider_whose_lever_is_nowhere_is_told_with_where_it_would_be(tmp_path: Path) -> None:
    """thompson_bid on an account of campaigns under smart bidding would be silent for ever."""
    chosen = settings(tmp_path, ('"care", "thompson"', '"bids", "thompson"'), extra=BIDS)

    found = told(chosen)

    grade, sentence, to_do = found["portfolio 'everything': bids"]
    assert grade is Grade.WARNING and "no entity of it has cpc_bid" in sentence and "`levels`" in to_do
    assert "portfolio 'everything': thompson" not in found
    assert found["portfolio 'everything'"][:2] == (Grade.OK, "2 of 2 entities are its own")


def test_a_lever_that_the_guardrails_leave_alone_is_told(tmp_path: Path) -> None:
    """It is a decision, but a decider that waits for it should not surprise anybody."""
    chosen = settings(tmp_path, ("[guardrails.daily_budget]", "[guardrails.cpc_bid]"))

    grade, sentence, to_do = told(chosen)["portfolio 'everything': thompson"]

    assert grade is Grade.WARNING and "leave alone" in sentence and "[guardrails.daily_budget]" in to_do


def test_a_portfolio_that_holds_nothing_is_told(tmp_path: Path) -> None:
    """A glob with a slip in it, or a portfolio before it that takes all."""
    second = '\n[[portfolio]]\nname = "late"\naccount = "demo"\ngoal = "conversions"\ndeciders = ["care"]\n'
    chosen = settings(tmp_path, extra=second)

    found = told(chosen)

    assert found["portfolio 'late'"][0] is Grade.WARNING
    assert "the portfolios before it" in found["portfolio 'late'"][2]


@pytest.mark.parametrize(("currency", "faults"), [("EUR", 0), ("USD", 4)])
def test_money_in_another_currency_is_a_fault(tmp_path: Path, currency: str, faults: int) -> None:
    """It would deny everything."""
    chosen = settings(tmp_path)
    facts = replace(sample.entities([50]).account, currency=currency)

    found = list(foreign_money(chosen, chosen.accounts[0], facts))

    assert [one.grade for one in found] == [Grade.FAULT] * faults


@pytest.mark.parametrize(("least", "warnings"), [(0, 0), (1_300_000, 0), (5_000_000, 1)])
def test_a_floor_below_what_the_platform_accepts_is_told(tmp_path: Path, least: int, warnings: int) -> None:
    """A cut never gets down to it."""
    chosen = settings(tmp_path)
    facts = replace(sample.entities([50]).account, min_daily_budget_micros=least)

    assert len(list(too_low(chosen, chosen.accounts[0], facts))) == warnings
