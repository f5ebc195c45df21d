"""Stage: the account of a history as a simulated platform keeps it, up to the morning gebot begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from agent.clock import SteppedClock
from agent.domain.entity import Floats, Numbers
from agent.domain.money import Money
from agent.domain.ref import Kind
from agent.steps.decide import Desk
from simulations.platform import Platform
from simulations.structure import Budget, Campaign, Structure
from simulations.twin.elasticity import Elasticities
from simulations.twin.history import History
from simulations.twin.market import TwinMarket

_LONG_DAYS = 42
_QUITE_ANOTHER = 1.5


@dataclass(frozen=True, slots=True)
class Pot:
    """The rows that share money, and how much of it there is a day.

    Attributes:
        rows: Row numbers of the history; empty where no campaign belongs to the desk.
        micros: The mean of what people gave these rows on the days that are lived through.
    """

    rows: NDArray[np.intp]
    micros: int


@dataclass(frozen=True, slots=True)
class Stage:
    """Where policies are tried: the first days as people had them, then mornings to decide on.

    Attributes:
        warm_up_days: Days before the first decision, with the budgets of people.
        people: Shape (n_lived_days, n), the pots shared out as people shared theirs, micros.
        pots: One for each desk; rows of no desk keep what people gave them.
    """

    history: History
    warm_up_days: int
    people: Floats
    pots: tuple[Pot, ...]

    @property
    def days(self) -> NDArray[np.intp]:
        """Numbers of the days that are lived through, from the history's first day."""
        return np.arange(self.warm_up_days, self.history.n_days)

    def moments(self, decide_at: time) -> list[datetime]:
        """The mornings (UTC) that are decided on."""
        zone = ZoneInfo(self.history.account.time_zone)
        first = cast(date, self.history.first_day.item())
        return [
            datetime.combine(first + timedelta(days=int(day)), decide_at, zone).astimezone(UTC)
            for day in self.days
        ]

    def opening(self) -> Numbers:
        """Budgets on the first morning, micros: as people would have shared the pots that day."""
        unit = self.history.account.unit_micros
        amounts: Numbers = np.maximum(self.people[0].astype(np.int64) // unit * unit, unit)
        return amounts

    def market(self, believed: Elasticities, seed: int) -> TwinMarket:
        """One draw of the twin."""
        before = self.history.people[:, : self.warm_up_days].T / self.opening()
        return TwinMarket(self.history, believed, seed, habit=before)

    def platform(self, market: TwinMarket, clock: SteppedClock) -> Platform:
        """The account, open since the first day of the history."""
        return Platform(market, _structure(self.history, self.opening()), self.history.account, clock)


def stage_of(history: History, desks: Sequence[Desk]) -> Stage:
    """Warm up for a week, for two where the history is long, and live through the rest.

    Args:
        desks: Whose pots people are held against, and the clairvoyant.
    """
    warm_up = 14 if history.n_days >= _LONG_DAYS else 7
    given = history.people[:, warm_up:].T
    people = given.copy()
    pots = pots_of(history, warm_up, desks)
    for pot in pots:
        own = given[:, pot.rows]
        total = own.sum(axis=1, keepdims=True)
        usual = own.sum(axis=0) / max(own.sum(), 1.0)
        people[:, pot.rows] = np.where(total > 0, own / np.maximum(total, 1.0), usual) * pot.micros
    return Stage(history, warm_up, people, pots)


def pots_of(history: History, warm_up_days: int, desks: Sequence[Desk]) -> tuple[Pot, ...]:
    """The money of each desk: what people gave its campaigns. A row belongs to the first that holds it."""
    given = history.people[:, warm_up_days:].T
    rows: list[list[int]] = [[] for _ in desks]
    for row, labels in enumerate(history.entities.labels):
        for desk, taken in zip(desks, rows, strict=True):
            if desk.membership.holds(str(history.entities.names[row]), labels):
                taken.append(row)
                break
    found = [np.array(taken, dtype=np.intp) for taken in rows]
    return tuple(Pot(own, int(given[:, own].sum(axis=1).mean()) if len(own) else 0) for own in found)


def misfits(desks: Sequence[Desk], pots: Sequence[Pot]) -> list[str]:
    """Portfolios whose limits in money were made for quite another pot than people gave."""
    found = []
    for desk, pot in zip(desks, pots, strict=True):
        configured = desk.portfolio.daily_pot
        if configured is None or pot.micros == 0:
            continue
        if not 1 / _QUITE_ANOTHER <= configured.micros / pot.micros <= _QUITE_ANOTHER:
            given = Money(pot.micros, configured.currency)
            found.append(
                f"Portfolio {desk.portfolio.name!r} is configured for {configured} a day, people gave "
                f"{given}: floors and ceilings in money may be wrong for it."
            )
    return found


def _structure(history: History, opening: Numbers) -> Structure:
    """Every row as a campaign with a budget of its own; what was a shared budget is one campaign."""
    table = history.entities
    first = cast(date, history.first_day.item())
    rows = range(len(history))
    ids = [str(table.ids[row]) for row in rows]
    campaigns = tuple(
        Campaign(
            id=ids[row],
            name=str(table.names[row]),
            channel=str(table.channels[row]),
            bidding=str(table.bidding[row]),
            labels=table.labels[row],
            started=first
            if np.isnat(table.started[row])
            else max(first, cast(date, table.started[row].item())),
            budget_id=f"{Kind.CAMPAIGN_BUDGET}-{ids[row]}",
            locked=str(table.locked[row]),
        )
        for row in rows
    )
    budgets = tuple(
        Budget(one.budget_id, one.name, shared=False, campaign_ids=(one.id,)) for one in campaigns
    )
    return Structure(campaigns, budgets, np.arange(len(history)), opening)
