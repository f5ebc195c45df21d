"""A sound config.toml for tests, and how it is put on disk with its rule file."""

from pathlib import Path

import pytest

from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.errors import Mistake, Mistakes

TEXT = """
mode = "review"
ledger = "sqlite:///var/gebot.db"

[[account]]
name = "main"
platform = "google_ads"
id = "1234567890"
credentials = { refresh_token = "env:GEBOT_TEST_TOKEN" }

[[account]]
name = "demo"
platform = "simulated"
id = "demo"

[account.schedule]
decide_at = "06:30"

[[portfolio]]
name = "everything"
account = "main"
campaigns = ["*"]
goal = "conversion_value"
daily_pot = "500.00 EUR"
target_roas = "4.0"
deciders = ["care", "thompson"]

[[strategy]]
name = "thompson"
kind = "thompson_budget"

[[rules]]
name = "care"
file = "care.toml"

[guardrails]
max_metrics_age = "6h"
min_maturity = "60%"
min_clicks = 50
min_history_days = 7
learning_phase = "wait"
quarantine = "12h"
rest_after_flip_flop = "2d"
max_changes_per_run = 50
max_changes_per_hour = 100
max_share_of_entities_per_run = "50%"
max_share_of_spend_per_run = "100%"
account_ceiling = "2000.00 EUR"

[guardrails.daily_budget]
floor = "5.00 EUR"
ceiling = "500.00 EUR"
max_step = "20%"
max_change_7d = "50%"
cooldown = "20h"
max_changes_per_day = 4

[guardrails.target_roas]
floor = "1.0"
ceiling = "9.0"

[guardrails.status]
allowed = ["paused"]

[approval]
expires_after = "24h"

[approval.auto]
levers = ["daily_budget"]
"""


def write(folder: Path, text: str = TEXT) -> Path:
    """Write the file and an empty rule file beside it."""
    (folder / "care.toml").touch()
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def settings(folder: Path, text: str = TEXT) -> Settings:
    return load(write(folder, text))


def mistakes(folder: Path, text: str) -> list[Mistake]:
    """What `load` finds wrong with a config.toml of this text."""
    with pytest.raises(Mistakes) as caught:
        load(write(folder, text))
    return caught.value.each()
