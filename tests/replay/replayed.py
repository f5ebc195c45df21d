"""Pasts for tests: a small export, a simulated account that was observed, and deciders that peek."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.random import Generator

from agent import cycle
from agent.clock import SteppedClock
from agent.config.connections import Csv
from agent.config.draft import DEMO, Draft, draft_text
from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.plan import Plan
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.ledger.open import open_ledger
from agent.ledger.sql.ledger import SqlLedger
from agent.steps.approve import Everyone
from agent.steps.decide import Decider
from agent.wiring.parts import parts
from simulations.replay.of_export import Reporting
from simulations.replay.past import Past, mornings
from simulations.replay.replay import Morning, Replay
from simulations.replay.source import past_of_account

FIRST = np.datetime64("2026-03-01")


def export(folder: Path, *, n_days: int = 24, budgets: bool = False, seed: int = 4) -> Path:
    """A file of three campaigns; campaign a sells best."""
    rng = np.random.default_rng(seed)
    lines = ["Date,Campaign,Cost,Impressions,Clicks,Conversions,Conversion value" + ",Budget" * budgets]
    for day in range(n_days):
        for name, spend, rate in (("a", 100.0, 0.08), ("b", 80.0, 0.04), ("c", 60.0, 0.02)):
            cost = spend * float(np.exp(0.2 * rng.standard_normal()))
            clicks = int(rng.poisson(cost))
            orders = int(rng.binomial(clicks, rate))
            budget = f",{spend + day // 9 * 10:.2f}" if budgets else ""
            lines.append(
                f"{FIRST + day},{name},{cost:.2f},{clicks * 30},{clicks},{orders},{orders * 60:.2f}{budget}"
            )
    path = folder / "export.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def export_settings(folder: Path, **options: bool) -> Settings:
    """A configuration for such a file."""
    export(folder, **options)
    draft = Draft(Csv("export.csv", "Europe/Berlin"), "shop", "shop", Money.of(260, "EUR"))
    config = folder / "config.toml"
    config.write_text(draft_text(draft), encoding="utf-8")
    return load(config)


def replay_of(settings: Settings, reporting: Reporting = Reporting.ASSUMED) -> Replay:
    account = settings.accounts[0]
    return Replay(settings, account, past_of_account(settings, account, reporting))


def moments_of(settings: Settings, past: Past) -> list[datetime]:
    return mornings(past, settings.accounts[0].schedule.decide_at)


@dataclass(frozen=True)
class Observed:
    """A simulated account that lived for some days, and the plans that were drawn up live."""

    settings: Settings
    memory: SqlLedger
    plans: Sequence[Plan]


def observed(folder: Path, *, n_days: int = 9) -> Observed:
    """Look at an account twice a day, decide each morning, and carry everything out a minute later."""
    config = folder / "config.toml"
    text = draft_text(DEMO).replace("campaigns = 12", "campaigns = 5").replace("speed = 288", "speed = 1")
    config.write_text(text, encoding="utf-8")
    settings = load(config)
    account = settings.accounts[0]
    memory = open_ledger(settings.ledger)
    assert isinstance(memory, SqlLedger)
    clock = SteppedClock(datetime(2026, 6, 1, 5, 0, tzinfo=UTC))
    live = replace(parts(settings, account, memory, clock, write=True), approver=Everyone())
    plans = []
    for day in range(n_days):
        morning = datetime(2026, 6, 2, 4, 0, tzinfo=UTC) + timedelta(days=day)  # 06:00 in Berlin
        clock.move_to(morning - timedelta(hours=9))
        cycle.look(live)
        clock.move_to(morning)
        cycle.look(live)
        plan = cycle.draw_up(live)
        assert plan is not None
        plans.append(plan)
        clock.move_to(morning + timedelta(minutes=1))
        cycle.put_forward(live, plan, epoch=0)
        cycle.carry_out(live, plan.fingerprint, epoch=0)
    return Observed(settings, memory, plans)


def fingerprints(found: Sequence[Morning]) -> list[str]:
    return [morning.plan.fingerprint for morning in found]


@dataclass
class Remembering:
    """A decider with a memory: it decides by the newest figures that it was ever shown."""

    name: str = "remembering"
    newest: list[Snapshot] = field(default_factory=list)

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        if not self.newest or snapshot.as_of >= self.newest[-1].as_of:
            self.newest.append(snapshot)
        yield _wish(snapshot, self.newest[-1], self.name)


@dataclass(frozen=True)
class Reaching:
    """A decider with a hand in the ledger: it asks for a moment that has not come."""

    replay: Replay
    name: str = "reaching"

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        metrics = self.replay.ledger.metrics(
            snapshot.entities, snapshot.days, snapshot.as_of + timedelta(days=400)
        )
        yield _wish(snapshot, replace(snapshot, metrics=metrics), self.name)


@dataclass(frozen=True)
class Opening:
    """A decider that opens the export itself; what it wishes does not depend on the ledger."""

    path: Path
    name: str = "opening"

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        self.path.read_text(encoding="utf-8")
        return ()


@dataclass(frozen=True)
class Connecting:
    """A decider that connects to a SQLite file."""

    path: Path
    name: str = "connecting"

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        sqlite3.connect(self.path).close()
        return ()


def let(replay: Replay, decider: "Remembering | Reaching | Opening | Connecting") -> None:
    """Let this decider decide alone."""
    replay.appoint((Decider(decider.name, decider),))


def _wish(snapshot: Snapshot, seen: Snapshot, source: str) -> Proposal:
    """Raise the first budget by a little, the more the more it sold of late."""
    budget = snapshot.entities.value(0, Lever.DAILY_BUDGET)
    assert isinstance(budget, Money)
    more = int(seen.metrics.conversions[0, -7:].sum()) % 17 * snapshot.entities.account.unit_micros
    return Proposal(
        snapshot.entities.ref(0),
        Lever.DAILY_BUDGET,
        Money(budget.micros + more, budget.currency),
        "it sold",
        source,
    )
