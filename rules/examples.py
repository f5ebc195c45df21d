"""Examples: each one's small account is built and the whole file decides on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Account, EntityTable, Floats, entity_table
from agent.domain.lever import Lever, Status, number_of
from agent.domain.metrics import DailyMetrics
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.proposal import Proposal
from agent.domain.ref import AccountId, Kind
from agent.domain.snapshot import Freshness, Grade, LeverMemory, Snapshot
from rules.decider import RuleDecider, matches
from rules.example import Day, Example
from rules.figures import WEEKDAYS, Figures
from rules.file import RuleFile
from rules.rule import Keep, Rule

_MONDAY = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
_SHARES = (
    "search_impression_share",
    "search_budget_lost_impression_share",
    "search_rank_lost_impression_share",
)


@dataclass(frozen=True, slots=True)
class Result:
    """What an example expected and what the file did, as a person reads it."""

    file: str
    rule: str
    example: str
    expected: str
    found: str
    ok: bool


def results(file: RuleFile) -> Iterator[Result]:
    """Run every example of a file.

    The whole file decides, so the order of its rules counts: "no change" means that no rule
    changes the example's entity, and an expected change has to come from the example's rule.
    """
    for rule in file.rules:
        for example in rule.examples:
            yield result(file, rule, example)


def result(file: RuleFile, rule: Rule, example: Example) -> Result:
    """Run one example."""
    snapshot = account_of(example, rule)
    found = _found(file, rule, snapshot)
    expected = _expected(example)
    return Result(str(file.path), rule.id, example.name, expected, found, ok=found == expected)


def account_of(example: Example, rule: Rule) -> Snapshot:
    """The example's entity (row 0) and its others (after it) as a snapshot."""
    now = _MONDAY + timedelta(days=WEEKDAYS.index(example.weekday))
    today = np.datetime64(now.date(), "D")
    table = _entities(example, rule, today)
    days = _days(example)
    n_days = len(days)
    rows = [days, *([other] * n_days for other in example.others)]
    return Snapshot(
        as_of=now,
        today=now.date(),
        entities=table,
        days=np.arange(today - n_days, today),
        metrics=_metrics(rows),
        maturity=np.full(n_days, float(example.maturity)),
        maturity_learned=True,
        freshness=Freshness(Grade.FRESH, now, now.date() - timedelta(days=1), missing_days=0),
        memory=_memory(example, table, now, n_days),
        portfolio=Portfolio(
            "example",
            Goal.CONVERSIONS,
            target_cpa=example.portfolio.target_cpa,
            target_roas=example.portfolio.target_roas,
        ),
    )


def _found(file: RuleFile, rule: Rule, snapshot: Snapshot) -> str:
    proposals = RuleDecider(file).propose(snapshot, np.random.default_rng(0))
    own = [proposal for proposal in proposals if proposal.ref == snapshot.entities.ref(0)]
    if own:
        return ", ".join(_told(proposal, f"{file.name}/{rule.id}") for proposal in own)
    if isinstance(rule.action, Keep) and any(
        match.rule == rule and 0 in match.rows for match in matches(file.rules, Figures(snapshot))
    ):
        return "kept"
    return "no change"


def _told(proposal: Proposal, source: str) -> str:
    by = "" if proposal.source == source else f" by {proposal.source}"
    return f"{proposal.lever} = {proposal.target}{by}"


def _expected(example: Example) -> str:
    if isinstance(example.expect, str):
        return example.expect
    values = example.expect.values
    return ", ".join(f"{lever} = {values[lever]}" for lever in sorted(values))


def _days(example: Example) -> Sequence[Day]:
    """The example's days, oldest first."""
    each, before = example.each, example.before
    earlier = [] if before is None else [before] * (before.days or each.days)
    return [*earlier, *([each] * each.days)]


def _entities(example: Example, rule: Rule, today: np.datetime64) -> EntityTable:
    n = 1 + len(example.others)
    currency = next(iter(example.currencies), "EUR")
    numbers = {lever: number_of(value) for lever, value in example.now.values.items()}
    numbers = {Lever.STATUS: Status.ENABLED.value, **numbers}
    started = np.datetime64("NaT") if example.age is None else today - example.age
    return entity_table(
        Account(AccountId(example.platform, "example"), "Example", currency, "UTC"),
        [f"{row:03d}" for row in range(n)],
        names=[example.entity_name, *(f"Other {row}" for row in range(1, n))],
        kinds=[example.kind or rule.about or Kind.CAMPAIGN] * n,
        channels=[example.channel] * n,
        bidding=[example.bidding] * n,
        labels=[frozenset(example.labels)] + [frozenset[str]()] * (n - 1),
        started=np.full(n, started, dtype="datetime64[D]"),
        learning=[example.learning] + [False] * (n - 1),
        levers={lever: [number] * n for lever, number in numbers.items()},
    )


def _metrics(rows: Sequence[Sequence[Day]]) -> DailyMetrics:
    def numbers(name: str) -> NDArray[np.int64]:
        return np.array([[getattr(day, name) for day in days] for days in rows], dtype=np.int64)

    def micros(name: str) -> NDArray[np.int64]:
        return np.array([[_micros(getattr(day, name)) for day in days] for days in rows], dtype=np.int64)

    def floats(name: str) -> Floats:
        values = [[getattr(day, name) for day in days] for days in rows]
        return np.array(
            [[np.nan if value is None else float(value) for value in row] for row in values], dtype=np.float64
        )

    shares: dict[str, Any] = {name: floats(name) for name in _SHARES}
    return DailyMetrics(
        known=np.ones((len(rows), len(rows[0])), dtype=bool),
        cost_micros=micros("cost"),
        impressions=numbers("impressions"),
        clicks=numbers("clicks"),
        conversions=floats("conversions"),
        conversion_value_micros=micros("conversion_value"),
        **shares,
    )


def _micros(amount: Money | None) -> int:
    return 0 if amount is None else amount.micros


def _memory(example: Example, table: EntityTable, now: datetime, n_days: int) -> dict[Lever, LeverMemory]:
    memory = {}
    for lever, column in table.levers.items():
        changed_at = np.full(len(table), "NaT", dtype="datetime64[s]")
        ago = getattr(example.changed, lever.value)
        if ago is not None:
            changed_at[0] = np.datetime64((now - ago).replace(tzinfo=None), "s")
        memory[lever] = replace(LeverMemory.unseen(column.numbers, n_days), changed_at=changed_at)
    return memory
