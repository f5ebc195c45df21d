"""Account table: an account's entities with what they spent and brought in the last week."""

from typing import TypedDict

import numpy as np
from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from agent.domain.lever import Lever
from agent.domain.snapshot import Snapshot
from agent.report.rows import plain, shown_names

WEEK = 7


class EntityRow(TypedDict):
    """One entity; money in currency units, sums over the last 7 complete days."""

    entity: str
    name: str
    channel: str
    status: str
    daily_budget: str
    cost_7d: float
    clicks_7d: int
    conversions_7d: float
    value_7d: float
    roas_7d: float | None


def entity_rows(snapshot: Snapshot) -> list[EntityRow]:
    """The entities that have a daily budget, in the table's order."""
    table, metrics = snapshot.entities, snapshot.metrics
    budget = table.levers.get(Lever.DAILY_BUDGET)
    if budget is None:
        return []
    rows, names = [], shown_names(table)
    for row in np.flatnonzero(budget.present).tolist():
        cost = int(metrics.cost_micros[row, -WEEK:].sum()) / 1e6
        value = int(metrics.conversion_value_micros[row, -WEEK:].sum()) / 1e6
        rows.append(
            EntityRow(
                entity=str(table.ref(row)),
                name=plain(names[row]),
                channel=str(table.channels[row]),
                status=str(table.value(row, Lever.STATUS) or ""),
                daily_budget=str(table.value(row, Lever.DAILY_BUDGET)),
                cost_7d=cost,
                clicks_7d=int(metrics.clicks[row, -WEEK:].sum()),
                conversions_7d=float(metrics.conversions[row, -WEEK:].sum()),
                value_7d=value,
                roas_7d=value / cost if cost else None,
            )
        )
    return rows


def account_table(snapshot: Snapshot, *, most: int = 15) -> RenderableType:
    """The account in one look; at most `most` entities, those that cost most first."""
    account = snapshot.entities.account
    rows = sorted(entity_rows(snapshot), key=lambda row: -row["cost_7d"])
    maturity = f"{snapshot.maturity[-WEEK:].mean():.0%} mature" if len(snapshot.maturity) else ""
    title = Text.assemble(
        ("Account ", "bold"),
        (plain(account.name), "bold cyan"),
        f" ({account.id}), {account.currency}, {account.time_zone}; local date {snapshot.today}; "
        f"last 7 days ({maturity}):",
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in ("campaign", "channel", "status"):
        table.add_column(heading)
    for heading in ("daily budget", "cost", "clicks", "conversions", "value", "ROAS"):
        table.add_column(heading, justify="right")
    for row in rows[:most]:
        table.add_row(
            escape(row["name"]),
            row["channel"],
            row["status"],
            row["daily_budget"],
            f"{row['cost_7d']:,.2f}",
            f"{row['clicks_7d']:,}",
            f"{row['conversions_7d']:,.1f}",
            f"{row['value_7d']:,.2f}",
            "" if row["roas_7d"] is None else f"{row['roas_7d']:.2f}",
        )
    parts: list[RenderableType] = [title, table]
    if len(rows) > most:
        parts.append(Text(f"  and {len(rows) - most} more", style="dim"))
    return Group(*parts)
