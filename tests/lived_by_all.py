"""An account that all shipped strategies and rules steer for days, wired as config.toml wires it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from live import START, TickingClock
from lived import RULES as SLOW

from agent import by_hand, cycle
from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.board import OPEN
from agent.domain.lever import Lever, Status
from agent.domain.money import Money
from agent.domain.plan import Change, Plan
from agent.domain.proposal import Proposal, Purpose
from agent.domain.ref import Kind
from agent.parts import Parts
from agent.ports.ledger import Ledger
from agent.steps.approve import Everyone
from agent.wiring.parts import parts
from agent.wiring.retrace import parts_then

ROOT = Path(__file__).parents[1]

TEXT = f"""
mode = "review"
ledger = "sqlite:///var/gebot.db"
seed = 7

[[account]]
name = "demo"
platform = "simulated"
id = "demo"

[account.options]
seed = 3
campaigns = 12
currency = "EUR"
time_zone = "Europe/Berlin"
start = {START.date()}
history_days = 60
shared_budgets = 1
experiments = 1
bidding = ["manual_cpc", "target_roas", "target_cpa", "maximize_conversions"]
groups_per_campaign = 1
keywords_per_group = 1
levels = ["ad_group", "keyword"]
learning_beyond = 0.25

[account.schedule]
history_days = 45
reread_days = 2

[[portfolio]]
name = "search"
account = "demo"
campaigns = ["*search*"]
goal = "conversion_value"
target_roas = "1.5"
deciders = ["bid rules", "target rules", "thompson bid", "thompson target", "thompson"]

[[portfolio]]
name = "shopping"
account = "demo"
campaigns = ["*shopping*"]
goal = "conversion_value"
month = {{ budget = "9000.00 EUR" }}
target_roas = "1.5"
deciders = ["pausing rules", "target roas", "pacing"]

[[portfolio]]
name = "video"
account = "demo"
campaigns = ["*video*"]
goal = "conversions"
target_cpa = "30.00 EUR"
deciders = ["slow", "budget rules", "target cpa", "proportional"]

[[portfolio]]
name = "rest"
account = "demo"
goal = "conversion_value"
daily_pot = "900.00 EUR"
deciders = ["thompson", "equal", "hold"]

[guardrails]
protected_labels = ["gebot:off"]
max_metrics_age = "6h"
min_maturity = "40%"
min_clicks = 5
min_history_days = 7
max_changes_per_run = 60
max_changes_per_hour = 100
max_share_of_spend_per_run = "100%"
max_share_of_entities_per_run = "100%"
account_ceiling = "9000.00 EUR"
GUARDS

[guardrails.status]
allowed = ["paused", "enabled"]
cooldown = "7d"
max_changes_per_day = 1

[guardrails.data_exclusion]
allowed = ["enabled", "paused"]
cooldown = "1h"

[approval]
expires_after = "24h"
"""

STRATEGIES = {
    "thompson": "thompson_budget",
    "thompson bid": "thompson_bid",
    "thompson target": "thompson_target",
    "target roas": "target_roas",
    "target cpa": "target_cpa",
    "proportional": "proportional_roas",
    "equal": "equal_split",
    "pacing": "pacing",
    "hold": "hold",
}
RULES = {
    "bid rules": "bids",
    "target rules": "targets",
    "pausing rules": "pausing",
    "budget rules": "budgets",
}
LEVERS = {
    "daily_budget": ("1.00 EUR", "900.00 EUR"),
    "cpc_bid": ("0.05 EUR", "9.00 EUR"),
    "target_cpa": ("1.00 EUR", "90.00 EUR"),
    "target_roas": ("0.1", "9.0"),
}
"""Levers that are steered, with floors and ceilings."""


class Account:
    """The account with its clock; everybody's word is yes."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.folder, self.ledger = folder, ledger
        self.clock = TickingClock(START)
        self.parts = self.configured()

    def configured(self, step: str = "20%") -> Parts:
        """Written down, read and wired."""
        self.settings = settings(self.folder, step)
        made = parts(self.settings, self.settings.accounts[0], self.ledger, self.clock, write=True)
        if hasattr(self, "parts"):  # the same platform, whose journal is in memory
            made = replace(made, reader=self.parts.reader, writer=self.parts.writer)
        self.parts = replace(made, approver=Everyone(), board=OPEN)
        return self.parts

    def live(self, days: int) -> None:
        """A plan each morning, a look each noon; somebody edits a budget at times."""
        for day in range(days):
            self.day()
            self.clock.move_to(START + timedelta(days=day + 1, hours=-18))
            if day % 5 == 3:
                self._edit(day)
                cycle.look(self.parts)
            self.clock.move_to(START + timedelta(days=day + 1))

    def day(self) -> Plan:
        """One cycle."""
        cycle.look(self.parts)
        plan = cycle.draw_up(self.parts)
        assert plan is not None
        self._carry_out(plan)
        return plan

    def wish(self, *wishes: Proposal) -> Plan:
        """One by hand."""
        cycle.look(self.parts)
        snapshot = cycle.known(self.parts)
        assert snapshot is not None
        plan = by_hand.drawn_up(self.parts, snapshot, wishes, ["asked for by ada"], by="ada")
        self._carry_out(plan)
        return plan

    def kept(self) -> list[Plan]:
        """All plans as the ledger keeps them, oldest first."""
        return [record.plan for record in self.ledger.plans(limit=1000)][::-1]

    def again(self, plan: Plan) -> Plan:
        """The plan drawn up once more, from the ledger alone."""
        then = parts_then(self.settings, self.settings.accounts[0], self.ledger, plan)
        snapshot = cycle.known(then)
        assert snapshot is not None
        if plan.by_hand:
            wishes = [decision.proposal for decision in plan.decisions]
            return by_hand.drawn_up(then, snapshot, wishes, plan.notes[:1], by=plan.author)
        drawn_up = cycle.draw_up(then, snapshot)
        assert drawn_up is not None
        return drawn_up

    def taken_back(self, plan: Plan) -> list[Proposal]:
        """The wishes to take a plan back."""
        return [
            Proposal(one.ref, one.lever, one.before, "back", "undo", purpose=Purpose.UNDO)
            for one in plan.changes
        ]

    def excluded(self) -> Proposal:
        """The wish that some hours teach nothing."""
        ref = self.parts.account.ref(Kind.DATA_EXCLUSION, "2026-11-20T08:00/2026-11-20T12:00")
        return Proposal(ref, Lever.DATA_EXCLUSION, Status.ENABLED, "tag was missing", "person")

    def _carry_out(self, plan: Plan) -> None:
        cycle.put_forward(self.parts, plan, epoch=self.ledger.epoch(self.parts.account))
        if plan.changes:
            cycle.carry_out(self.parts, plan.fingerprint, epoch=self.ledger.epoch(self.parts.account))

    def _edit(self, day: int) -> None:
        """Somebody raises a budget through another program."""
        table = self.parts.reader.entities()
        rows = [row for row in range(len(table)) if table.value(row, Lever.DAILY_BUDGET) is not None]
        row = rows[day % len(rows)]
        before = table.value(row, Lever.DAILY_BUDGET)
        assert isinstance(before, Money) and self.parts.writer is not None
        self.parts.writer.apply(
            [Change(table.ref(row), Lever.DAILY_BUDGET, before, Money(before.micros + 1_000_000, "EUR"))]
        )


def settings(folder: Path, step: str = "20%") -> Settings:
    """All strategies, and copies of all rule files of the library."""
    guards = "\n".join(
        f'[guardrails.{lever}]\nfloor = "{floor}"\nceiling = "{ceiling}"\n'
        f'max_step = "{step}"\nmax_change_7d = "60%"\ncooldown = "20h"\nmax_changes_per_day = 4\n'
        for lever, (floor, ceiling) in LEVERS.items()
    )
    text = TEXT.replace("GUARDS", guards)
    for name, kind in STRATEGIES.items():
        text += f'\n[[strategy]]\nname = "{name}"\nkind = "{kind}"\n'
    for name, file in RULES.items():
        copy = folder / f"{file}.toml"
        copy.write_bytes((ROOT / "rules" / "library" / f"{file}.toml").read_bytes())
        text += f'\n[[rules]]\nname = "{name}"\nfile = "{file}.toml"\n'
    (folder / "slow.toml").write_text(SLOW, encoding="utf-8")
    text += '\n[[rules]]\nname = "slow"\nfile = "slow.toml"\n'
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return load(folder / "config.toml")
