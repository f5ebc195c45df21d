"""Whatever is wrong with a key of config.toml is said in one plain sentence."""

from pathlib import Path

import pytest
import sample_config
from sample_config import mistakes


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('mode = "review"', "", "mode: was missing; this key is needed"),
        ('"review"', '"live"', "mode: was 'live'; 'dry-run', 'review' or 'auto' is right"),
        ('"review"', "true", "mode: was true; 'dry-run', 'review' or 'auto' is right"),
        ("mode =", "home = 'x'\nmode =", "home: is no key that gebot knows; known here: account"),
        ("mode =", "sede = 1\nmode =", "sede: is no key that gebot knows; did you mean 'seed'?"),
        (
            "mode =",
            "portfolios = []\nmode =",
            "portfolios: is no key that gebot knows; did you mean 'portfolio'?",
        ),
        ("mode =", "seed = -1\nmode =", "seed: was -1; 0 or more is right"),
        ("mode =", 'seed = "1"\nmode =', "seed: was '1'; a whole number is right"),
        ("mode =", "seed = 0x" + "f" * 9999 + "\nmode =", "seed: was a number of very many digits"),
        ("mode =", "state = 3\nmode =", "state: was 3; a path in quotes is right"),
        ("mode =", "clock = { speed = 0 }\nmode =", "clock.speed: was 0; a number above 0 is right"),
        (
            "mode =",
            "clock = { speed = 60 }\nmode =",
            "clock.speed: was 60; 1 is right while account 'main' is not simulated",
        ),
        ("sqlite:///var/gebot.db", "mysql://h/d", "ledger: was 'mysql://h/d'; 'sqlite:///var/gebot.db' or"),
        ("sqlite:///var/gebot.db", "http://[", "ledger: was no URL; 'sqlite:///var/gebot.db' or"),
        ("sqlite:///var/gebot.db", "sqlite://", "ledger: was 'sqlite://'; 'sqlite:///var/gebot.db' or"),
        ('platform = "google_ads"', "", "account 'main'.platform: was missing; this key is needed"),
        ('"google_ads"', '"../evil"', "account 'main'.platform: was '../evil'; small letters, digits and _"),
        ('"1234567890"', "1234567890", "account 'main'.id: was 1234567890; text in quotes is right"),
        ('"1234567890"', '"a/b"', "account 'main'.id: was 'a/b'; an id without '/' is right"),
        ('"1234567890"', '" 1"', "account 'main'.id: was ' 1'; printable text without blanks at its ends"),
        ("06:30", "24:00", "account 'demo'.schedule.decide_at: was '24:00'; a time of day such as '06:00'"),
        (
            "decide_at",
            "decide_on",
            "account 'demo'.schedule.decide_on: is no key that gebot knows; did you mean",
        ),
        (
            "[account.schedule]",
            "[account.schedule]\nobserve_every = '7h'",
            "account 'demo'.schedule.observe_every: was '7h'; a duration that divides a day",
        ),
        (
            "[account.schedule]",
            "[account.schedule]\nhistory_days = 27",
            "account 'demo'.schedule.history_days: was 27; 28 or more is right",
        ),
        ('name = "demo"', "", "account 2.name: was missing"),
        (
            'name = "demo"',
            'name = "main"',
            "account 'main'.name: stands 2 times; each account has its own name",
        ),
        (
            'platform = "simulated"\nid = "demo"',
            'platform = "google_ads"\nid = "1234567890"',
            "account 'demo'.id: is the same as of account 'main'; one table is right",
        ),
        (
            'account = "main"',
            'account = "mian"',
            "portfolio 'everything'.account: was 'mian', no such account; did",
        ),
        (
            '["care", "thompson"]',
            '["car"]',
            "portfolio 'everything'.deciders: was 'car', no such strategy or rule",
        ),
        (
            '["care", "thompson"]',
            '["care", "care"]',
            "portfolio 'everything'.deciders: named 'care' 2 times; once",
        ),
        (
            '["care", "thompson"]',
            "[]",
            "portfolio 'everything'.deciders: was an empty list; at least one is right",
        ),
        (
            'campaigns = ["*"]',
            'campaigns = "*"',
            "portfolio 'everything'.campaigns: was '*'; a list in square",
        ),
        (
            'campaigns = ["*"]',
            "campaigns = [1]",
            "portfolio 'everything'.campaigns item 1: was 1; text in quotes",
        ),
        (
            '"conversion_value"',
            '"profit"',
            "portfolio 'everything'.goal: was 'profit'; 'conversion_value' or",
        ),
        (
            "500.00 EUR",
            "500 EURO",
            "portfolio 'everything'.daily_pot: was '500 EURO'; money such as '5.00 EUR'",
        ),
        (
            '"4.0"',
            "4.0",
            "portfolio 'everything'.target_roas: was 4.0; a number in quotes such as '4.0' is right",
        ),
        ('"4.0"', '"0"', "portfolio 'everything'.target_roas: was '0'; a number above zero is right"),
        (
            "[[strategy]]",
            "[portfolio.month]\nbudget = '0 EUR'\n[[strategy]]",
            "portfolio 'everything'.month.budget: was '0 EUR'; money above zero is right",
        ),
        (
            "[[strategy]]",
            "[portfolio.month]\nbudget = '9 EUR'\nplan = 'mon-fry 2'\n[[strategy]]",
            "portfolio 'everything'.month.plan: was 'mon-fry 2'; days such as 'mon', 'sat-sun', '5' or",
        ),
        (
            "[[strategy]]",
            "[portfolio.month]\nbudget = '9 EUR'\ntolerance = '60%'\n[[strategy]]",
            "portfolio 'everything'.month.tolerance: was '60%'; at most '50%' is right",
        ),
        (
            "[[strategy]]",
            "[portfolio.month]\nbudget = '9 EUR'\ncatch_up = '90%'\n[[strategy]]",
            "portfolio 'everything'.month.catch_up: was '90%'; at least '100%' is right",
        ),
        (
            '"thompson_budget"',
            '"pacing"',
            "portfolio 'everything'.deciders: named 'thompson', which keeps a month within its budget; a",
        ),
        (
            "[[strategy]]",
            '[[portfolio]]\nname = "everything"\naccount = "demo"\ngoal = "conversions"\n'
            'deciders = ["care"]\n[[strategy]]',
            "portfolio 'everything'.name: stands 2 times; each portfolio has its own name",
        ),
        (
            'name = "thompson"',
            'name = "care"',
            "strategy 'care'.name: stands 2 times; each decider has its own",
        ),
        (
            "[[strategy]]",
            "[strategy]",
            "strategy: stood as [strategy]; [[strategy]] in double brackets is right",
        ),
        (
            '"care.toml"',
            '"cares.toml"',
            "rules 'care'.file: was 'cares.toml', no such file; it is looked for in",
        ),
        ("min_clicks = 50", "min_clicks = 0", "guardrails.min_clicks: was 0; a number above 0 is right"),
        ("min_clicks = 50", "min_clicks = true", "guardrails.min_clicks: was true; a whole number is right"),
        ("min_clicks = 50", "min_clicks = 5.5", "guardrails.min_clicks: was 5.5; a whole number is right"),
        ('"60%"', '"0%"', "guardrails.min_maturity: was '0%'; percent above zero is right"),
        ('"60%"', '"101%"', "guardrails.min_maturity: was '101%'; at most '100%' is right"),
        ('"60%"', "0.6", "guardrails.min_maturity: was 0.6; percent in quotes such as '20%' is right"),
        (
            '"50%"\ncooldown',
            '"1001%"\ncooldown',
            "guardrails.daily_budget.max_change_7d: was '1001%'; at most",
        ),
        ('"6h"', '"0h"', "guardrails.max_metrics_age: was '0h'; a duration above zero"),
        (
            '"6h"',
            '"6"',
            "guardrails.max_metrics_age: was '6'; a duration such as '90m', '20h' or '3d' is right",
        ),
        ("5.00 EUR", "0.00 EUR", "guardrails.daily_budget.floor: was '0.00 EUR'; money above zero is right"),
        (
            "5.00 EUR",
            "-5.00 EUR",
            "guardrails.daily_budget.floor: was '-5.00 EUR'; money above zero is right",
        ),
        (
            "5.00 EUR",
            "501.00 EUR",
            "guardrails.daily_budget.ceiling: was '500.00 EUR'; at least the floor, 501.00",
        ),
        (
            "2000.00 EUR",
            "2000.00 USD",
            "guardrails.daily_budget: was in EUR; USD as in the limits above is right",
        ),
        (
            '"5.00 EUR"',
            '"5.00 USD"',
            "guardrails.daily_budget.ceiling: was '500.00 EUR'; the floor's currency USD",
        ),
        (
            'floor = "1.0"',
            'floor = "9.5"',
            "guardrails.target_roas.ceiling: was '9.0'; at least the floor, 9.50",
        ),
        (
            '["paused"]',
            '["off"]',
            "guardrails.status.allowed item 1: was 'off'; 'paused' or 'enabled' is right",
        ),
        ("[guardrails.status]", "[guardrails.budget]", "guardrails.budget: is no key that gebot knows"),
        ("24h", "a day", "approval.expires_after: was 'a day'; a duration such as"),
        (
            '["daily_budget"]',
            '["budget"]',
            "approval.auto.levers item 1: was 'budget'; 'daily_budget', 'lifetime_budget'",
        ),
        (
            "[approval.auto]",
            "[approval.automatic]",
            "approval.automatic: is no key that gebot knows; did you mean",
        ),
    ],
)
def test_a_fault_is_named_with_its_key_and_what_is_right(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    """A person mends the file without reading any code."""
    assert right in sample_config.TEXT
    text = sample_config.TEXT.replace(right, wrong, 1)

    found = [str(one) for one in mistakes(tmp_path, text)]

    assert any(one.startswith(f"config.toml: {message}") for one in found), found
