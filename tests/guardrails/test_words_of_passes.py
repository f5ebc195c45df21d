"""Words of passes: whoever lets a wish pass says its numbers, when asked."""

from fractions import Fraction

import sample
from moved import moved
from wishes import decided, eur, wish

from agent.config.guardrails import GuardrailSettings
from agent.domain.verdict import Allow
from agent.guardrails.pot import AccountCeiling, PortfolioPot
from agent.guardrails.run_limits import ChangesPerHour, ChangesPerRun, ShareOfEntities, ShareOfSpend
from agent.guardrails.settle import said
from agent.wiring.fencing import fence

LIMITS = {
    "max_metrics_age": "6h",
    "min_maturity": "60%",
    "min_clicks": 50,
    "min_history_days": 7,
    "learning_phase": "wait",
    "quarantine": "24h",
    "rest_after_flip_flop": "2d",
    "daily_budget": {
        "floor": "5.00 EUR",
        "ceiling": "500.00 EUR",
        "max_step": "20%",
        "max_change_7d": "50%",
        "cooldown": "20h",
        "max_changes_per_day": 4,
    },
}
OF_OTHERS = {"tracking_break", "daily_budget.recovery_ramp"}
"""They speak of pauses alone."""


def test_each_guardrail_says_with_which_numbers_it_lets_pass() -> None:
    """No wish is let through in silence."""
    table = sample.entities([50], labels=[frozenset({"shoes"})])
    snapshot = moved(sample.snapshot(table, clicks=100, cost=1.0))
    guardrails = fence(GuardrailSettings.model_validate(LIMITS)).guardrails

    verdicts = {one.name: one.judge(wish(table, 55), snapshot) for one in guardrails}

    assert all(isinstance(one, Allow) for one in verdicts.values())
    words = {name: one.because for name, one in verdicts.items() if isinstance(one, Allow)}
    assert {name for name, because in words.items() if not because} <= OF_OTHERS
    assert words["daily_budget.max_step"] == "+10 % of 50.00 EUR; 20 % is allowed"
    assert words["daily_budget.max_change_7d"] == "+10 % of 50.00 EUR 7 days ago; 50 % is allowed"
    assert words["daily_budget.floor"] == "55.00 EUR against a floor of 5.00 EUR"
    assert words["slip"] == "55.00 EUR is 1.1 times what stands; 7 would be a slip"
    assert words["min_maturity"] == "100 % of the conversions are reported so far; 60 % is needed"
    assert words["daily_budget.max_changes_per_day"] == "it moved 0 times within 24 h; 4 a day are allowed"


def test_each_balance_says_with_which_numbers_it_lets_pass() -> None:
    """Of all decisions together."""
    table = sample.entities([50, 50])
    balances = [
        ChangesPerRun(5),
        ChangesPerHour(9, 3),
        ShareOfEntities(Fraction(1)),
        ShareOfSpend(Fraction(1, 2)),
        PortfolioPot(eur(200)),
        AccountCeiling(eur(400)),
    ]

    words = said(decided(table, [60, None]), sample.snapshot(table, cost=1.0), balances)

    assert [f"{word.guardrail}: {word.verdict.because}" for word in words] == [
        "max_changes_per_run: 1 changes, 5 are allowed a run",
        "max_changes_per_hour: 1 changes, and 3 were sent within the last hour; 9 are allowed",
        "max_share_of_entities_per_run: 1 of 2 entities of kind campaign would change; 100 % is allowed "
        "a run",
        "max_share_of_spend_per_run: what would change made 50 % of what entities of kind campaign cost in "
        "14 days; 50 % is allowed a run",
        "daily_pot: the pot is 200.00 EUR a day; its budgets are worth 100.00 EUR and would be worth "
        "110.00 EUR",
        "account_ceiling: at worst the platform would spend 220.00 EUR on a day (2 times the highest budgets "
        "of the day); the account_ceiling is 400.00 EUR",
    ]


def test_words_make_no_difference_between_two_passes() -> None:
    """A pass is a pass; and they are put together only when somebody asks."""
    asked = []

    verdict = Allow(lambda: asked.append(1) or "words")  # type: ignore[func-returns-value]  # to see when

    assert verdict == Allow() and not asked
    assert verdict.because == "words" and asked == [1]
