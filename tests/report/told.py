"""Reports for tests: an account of a few campaigns, told as if a ledger had been read."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike
from sample import ACCOUNT, entities, snapshot

from agent.domain.entity import Account
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.plan import Change, Decision
from agent.domain.portfolio import Goal
from agent.domain.proposal import Proposal
from agent.domain.ref import Kind
from agent.report.account_report import AccountReport, Figures, board
from agent.report.made import Made
from agent.report.period import Period

TODAY = date(2026, 12, 3)
NOVEMBER = Period.month(date(2026, 11, 1), TODAY)
N_DAYS = 63  # from the first of October to the second of December


def figures(
    n: int = 2,
    *,
    names: Sequence[str] | None = None,
    cost: ArrayLike = 10.0,
    clicks: ArrayLike = 20,
    conversions: ArrayLike = 2.0,
    value: ArrayLike = 60.0,
    known: ArrayLike = True,
    reported: ArrayLike = 1.0,
    account: Account = ACCOUNT,
) -> Figures:
    """October, November and two days of December; figures are scalars or broadcast to (n, N_DAYS)."""
    table = entities([50.0] * n, names=names, account=account)
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 6, tzinfo=UTC)
    told = snapshot(
        table,
        n_days=N_DAYS,
        cost=cost,
        clicks=clicks,
        impressions=1_000,
        conversions=conversions,
        value=value,
        known=known,
        shares=0.4,
        now=now,
    )
    ripe = np.broadcast_to(np.asarray(reported, dtype=float), (n, N_DAYS))
    return Figures(
        account, table.kinds, table.ids, table.names, table.channels, told.days, told.metrics, ripe
    )


def report(told: Figures, *, period: Period = NOVEMBER, goal: Goal = Goal.VALUE) -> AccountReport:
    """A report on these figures, in which nothing was done."""
    return AccountReport(
        name="shop",
        account=told.account,
        period=period,
        as_of=datetime(2026, 12, 3, 6, tzinfo=UTC),
        goals=frozenset({goal}),
        board=board(told, period),
        pacing=(),
        judged=(),
        held=(),
        held_late=(),
        waiting=(),
        rejections=(),
        expired=0,
        n_plans=0,
        incidents=(),
        entity_names={},
    )


def raised(n: int, at: datetime, *, to: str = "55") -> Made:
    """The budget of campaign `n` (from 1) raised from 50 EUR."""
    ref = ACCOUNT.id.ref(Kind.CAMPAIGN, f"{n:06d}")
    before, after = Money.of(50, "EUR"), Money.of(to, "EUR")
    wish = Proposal(ref, Lever.DAILY_BUDGET, after, "sells well", "thompson")
    change = Change(ref, Lever.DAILY_BUDGET, before, after)
    return Made("11111111", change, Decision(wish, before, (), change), at)


def days_before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
