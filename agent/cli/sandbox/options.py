"""Options: what every sandbox can be told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

_FAULTS = (
    "Switch a fault on: before_commit, after_commit, latency, quota, operation, with settings as in"
    " 'quota:seconds=30,times=2,on=search'. Can be given more than once."
)

Control: TypeAlias = Annotated[int, typer.Option(help="For you (HTTP); 0: any free one.")]
State: TypeAlias = Annotated[
    Path | None, typer.Option(help="Directory in which the account lasts; none: until the end.")
]
Seed: TypeAlias = Annotated[int, typer.Option(help="Which market is drawn.")]
Campaigns: TypeAlias = Annotated[int, typer.Option(help="How many campaigns.")]
Currency: TypeAlias = Annotated[str, typer.Option(help="Of the account.")]
TimeZone: TypeAlias = Annotated[str, typer.Option(help="Of the account.")]
MinimumBudget: TypeAlias = Annotated[
    str | None, typer.Option(help="Smallest daily budget, such as '1.00 EUR'.")
]
HistoryDays: TypeAlias = Annotated[int, typer.Option(help="Days of history before today.")]
Speed: TypeAlias = Annotated[
    float | None, typer.Option(help="So many times as fast as real time; 0: stand still.")
]
Now: TypeAlias = Annotated[
    datetime | None,
    typer.Option(help="Begin at this moment (UTC), and stand still unless --speed is given."),
]
FaultTexts: TypeAlias = Annotated[list[str] | None, typer.Option(help=_FAULTS)]
LimitTexts: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="A limit of Meta's, as in 'budget_edits=2'. Can be given more than once."),
]


def speed_of(speed: float | None, now: datetime | None) -> float:
    """A clock that was given a moment stands still unless it was given a speed."""
    return speed if speed is not None else (1.0 if now is None else 0.0)


def moment_of(now: datetime | None) -> datetime | None:
    """The moment that was typed, UTC."""
    return None if now is None else now.replace(tzinfo=UTC)
