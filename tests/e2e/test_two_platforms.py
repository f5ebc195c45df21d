"""A portfolio across Google Ads and Meta for thirty days: real processes, both real clients."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from stage import Stage

from agent.domain.errors import LedgerError
from agent.domain.lever import Lever, number_of
from agent.domain.outcome import State
from agent.domain.record import RunKind
from agent.domain.ref import AccountId

pytestmark = pytest.mark.timeout(600)

DAYS = 30
JOINT = AccountId("joint", "both")
PLATFORMS = ("google_ads", "meta_ads")
CENT = 10_000  # micros; Meta counts in them

CONFIG = """
mode = "auto"
ledger = "sqlite:///var/gebot.db"
state = "var"

{sandboxes}

[[account]]
name = "both"
joins = ["google", "meta"]
[account.schedule]
decide_at = "06:00"
settle_after = "1m"

[[portfolio]]
name = "everything"
account = "both"
goal = "conversion_value"
daily_pot = "{pot} EUR"
deciders = ["thompson"]

[[strategy]]
name = "thompson"
kind = "thompson_budget"

[guardrails]
max_metrics_age = "12h"
min_maturity = "10%"
min_clicks = 1
min_history_days = 7
max_changes_per_run = 50
max_changes_per_hour = 100
max_share_of_entities_per_run = "100%"
max_share_of_spend_per_run = "100%"
account_ceiling = "100000.00 EUR"
[guardrails.daily_budget]
floor = "2.00 EUR"
ceiling = "10000.00 EUR"
max_step = "30%"
max_change_7d = "200%"
cooldown = "20h"
max_changes_per_day = 4

[approval.auto]
levers = ["daily_budget"]
max_step = "30%"
max_total_increase = "100000.00 EUR"
"""


class TwoPlatforms(Stage):
    """Both sandboxes on one market and one clock that only the test moves."""

    def open_sandboxes(self) -> None:
        start = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
        process, ready = self.open_with_json(
            "both", "--state", "sandbox", "--seed", "5", "--campaigns", "12",
            "--now", start.isoformat(timespec="seconds").removesuffix("+00:00"),
        )  # fmt: skip
        assert process.poll() is None
        self.control = ready["control"]
        pot = sum(self.budgets(platform) for platform in PLATFORMS) // 10_000 * 10_000
        config = CONFIG.format(
            sandboxes=ready["config"],
            pot=f"{pot // 1_000_000}.{pot % 1_000_000:06d}"[:-4],
        )
        (self.folder / "config.toml").write_text(config, encoding="utf-8")

    def budgets(self, platform: str) -> int:
        """What all daily budgets of a platform sum to, micros, by the platform itself."""
        return sum(one["amount_micros"] for one in self.ask("GET", f"/{platform}/state")["campaign_budgets"])

    def live_a_day(self, day: datetime) -> None:
        """Move both platforms to the next morning, and wait until the agent has done its work."""
        now = datetime.fromisoformat(self.ask("GET", "/clock")["time"])
        self.ask("POST", "/clock", {"advance_s": (day - now).total_seconds()})
        self.wait(lambda: self.done(f"{day:%Y-%m-%d}"), 60)

    def done(self, slot: str) -> bool:
        """The day's decision is made, and nothing of it is still on its way."""
        try:
            ledger = self.ledger()
        except LedgerError:  # the agent is just making it
            return False
        if ledger is None:
            return False
        runs = ledger.runs(JOINT, RunKind.DECIDE)
        decided = any(run.slot == slot and run.finished_at is not None and not run.error for run in runs)
        moving = (State.APPROVED, State.SENDING, State.UNKNOWN)
        open_plans = ledger.plans(JOINT, only_open=True)
        return decided and not any(
            item.state in moving for record in open_plans for item in record.changes.values()
        )


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[TwoPlatforms]:
    stage = TwoPlatforms(tmp_path)
    try:
        stage.open_sandboxes()
        yield stage
    finally:
        stage.close()


def test_thirty_days_of_budgets_that_move_between_google_and_meta(stage: TwoPlatforms) -> None:
    """Money moves across; both journals hold what the ledger says was applied, and no limit was broken."""
    before = {platform: stage.budgets(platform) for platform in PLATFORMS}
    stage.start_agent()
    start = datetime.fromisoformat(stage.ask("GET", "/clock")["time"])

    most = 0
    for number in range(DAYS):
        stage.live_a_day(start.replace(hour=6, minute=5) + timedelta(days=number))
        most = max(most, sum(stage.budgets(platform) for platform in PLATFORMS))

    after = {platform: stage.budgets(platform) for platform in PLATFORMS}
    applied = [
        item.change
        for record in records(stage)
        for item in record.changes.values()
        if item.state is State.APPLIED
    ]
    assert len(records(stage)) == DAYS
    assert abs(after["google_ads"] - before["google_ads"]) > sum(before.values()) // 50
    assert (after["google_ads"] > before["google_ads"]) is not (after["meta_ads"] > before["meta_ads"])
    assert most <= sum(before.values()), "no day's budgets are above the pot"
    assert Counter(sent(stage)) == Counter(
        (one.ref.account_id, one.ref.id, number_of(one.after)) for one in applied
    )
    assert {one.lever for one in applied} == {Lever.DAILY_BUDGET}
    assert {platform: stage.ask("GET", f"/{platform}/violations") for platform in PLATFORMS} == {
        platform: [] for platform in PLATFORMS
    }


def records(stage: TwoPlatforms) -> list[Any]:
    ledger = stage.ledger()
    assert ledger is not None
    return list(ledger.plans(JOINT, limit=1000))


def sent(stage: TwoPlatforms) -> Iterator[tuple[AccountId, str, int]]:
    """Every mutation that a platform has committed: of what, and to how many micros."""
    for platform in PLATFORMS:
        budgets = stage.ask("GET", f"/{platform}/state")["campaign_budgets"]
        owners = {one["id"]: one["id"] if one["shared"] else one["campaigns"][0] for one in budgets}
        for one in stage.ask("GET", f"/{platform}/journal"):
            if one["result"] != "committed":
                continue
            account = AccountId(platform, one["customer"])
            if platform == "google_ads":
                yield account, owners[one["resource"].rsplit("/", 1)[-1]], int(one["after"])
            else:
                yield account, one["resource"], int(one["after"]) * CENT
