"""Book: the bids that may be moved, how far, and what their clicks may cost together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.domain.entity import Flags, Floats, Numbers
from agent.domain.lever import Lever
from agent.domain.portfolio import Limits
from agent.domain.ref import Kind
from agent.domain.snapshot import Snapshot
from strategies.budgets.pot import bounds, in_order_of_figures

_RECENT_DAYS = 7
_NO_CEILING = 4


@dataclass(frozen=True, slots=True)
class Book:
    """Columns over the movable bids, micros of the account currency, shape (n,).

    Attributes:
        rows: Rows of the snapshot, in an order made from figures and not from ids.
        present: Where the bids stand, above zero.
        lowest, highest: How far each may move, multiples of `unit` unless it cannot at all.
        campaign: Number of each bid's campaign.
        group: Number of each bid's ad group, as far as ids tell it; else as `campaign`.
        amount: What all may cost a day.
        amounts: Shape (n_campaigns,), what each campaign may cost; infinite where not known.
        unit: Smallest step of the account's money.
    """

    rows: NDArray[np.intp]
    present: Numbers
    lowest: Numbers
    highest: Numbers
    campaign: NDArray[np.intp]
    group: NDArray[np.intp]
    amount: float
    amounts: Floats
    unit: int


def open_book(snapshot: Snapshot) -> Book | None:
    """Read the bids and the pot; None where no bid can be moved.

    The pot is the portfolio's, less what campaigns without movable bids hold and what bids that
    stay cost in the others; without one it is what the budgets of the bids' own campaigns sum
    to, and without budgets what was spent lately. An ad group's bid is left
    alone where its keywords have bids of their own.
    """
    column = snapshot.entities.levers.get(Lever.CPC_BID)
    if column is None:
        return None
    movable = snapshot.steerable(Lever.CPC_BID) & (column.numbers > 0)
    movable &= ~_overruled(snapshot) & ~np.isin(snapshot.entities.parents, _paused_campaigns(snapshot))
    rows = in_order_of_figures(snapshot, np.flatnonzero(movable), column.numbers)
    if not len(rows):
        return None
    unit, portfolio = snapshot.entities.account.unit_micros, snapshot.portfolio
    present = column.numbers[rows]
    limits = Limits() if portfolio is None else portfolio.bid_limits
    lowest, highest = bounds(present, limits, _NO_CEILING * int(present.max()), unit)
    names, campaign = np.unique(snapshot.entities.parents[rows], return_inverse=True)
    others = _cost_of_others(snapshot, rows, names)
    amounts = _budgets(snapshot, names) - others
    amounts = np.where(np.isnan(amounts), np.inf, np.maximum(amounts, 0.0))
    return Book(
        rows=rows,
        present=present,
        lowest=lowest,
        highest=highest,
        campaign=campaign,
        group=np.unique(_ad_groups(snapshot)[rows], return_inverse=True)[1],
        amount=_amount(snapshot, rows, names, amounts, float(others.sum())),
        amounts=amounts,
        unit=unit,
    )


def _ad_groups(snapshot: Snapshot) -> NDArray[np.str_]:
    """Campaign and ad group of each entity: Google's keyword ids begin with that of the ad group."""
    table = snapshot.entities
    keyword = table.kinds == Kind.KEYWORD.value
    first = [entity.partition("~")[0] if "~" in entity else "" for entity in table.ids.tolist()]
    own = np.where(table.kinds == Kind.AD_GROUP.value, table.ids, np.where(keyword, np.array(first), ""))
    joined: NDArray[np.str_] = np.char.add(np.char.add(table.parents, "/"), own)
    # Ad groups themselves are alike within their campaign.
    return np.where(keyword, joined, table.parents)


def _overruled(snapshot: Snapshot) -> Flags:
    """Ad groups of which a keyword has a bid of its own."""
    table = snapshot.entities
    keyword = (table.kinds == Kind.KEYWORD.value) & table.levers[Lever.CPC_BID].present
    ids = table.ids[keyword]
    told = np.char.find(ids, "~") >= 0
    groups = np.array([entity.partition("~")[0] for entity in ids[told].tolist()], dtype=np.str_)
    # Where ids do not tell the ad group, any of the campaign may be meant.
    among = np.isin(table.ids, groups) | np.isin(table.parents, table.parents[keyword][~told])
    overruled: Flags = (table.kinds == Kind.AD_GROUP.value) & among
    return overruled


def _paused_campaigns(snapshot: Snapshot) -> NDArray[np.str_]:
    table = snapshot.entities
    status = table.levers.get(Lever.STATUS)
    if status is None:
        return table.ids[:0]
    paused: NDArray[np.str_] = table.ids[
        (table.kinds == Kind.CAMPAIGN.value) & status.present & (status.numbers != 1)
    ]
    return paused


def _budgets(snapshot: Snapshot, names: NDArray[np.str_]) -> Floats:
    """Daily budget of each of these campaigns; NaN where it is not in the snapshot."""
    budgets = np.full(len(names), np.nan)
    column = snapshot.entities.levers.get(Lever.DAILY_BUDGET)
    if column is not None:
        campaigns = (snapshot.entities.kinds == Kind.CAMPAIGN.value) & column.present
        place = np.searchsorted(names, snapshot.entities.ids)
        place = np.minimum(place, len(names) - 1)
        own = campaigns & (names[place] == snapshot.entities.ids)
        budgets[place[own]] = column.numbers[own]
    return budgets


def _cost_of_others(snapshot: Snapshot, rows: NDArray[np.intp], names: NDArray[np.str_]) -> Floats:
    """What locked and other bids that stay cost each campaign a day lately."""
    table = snapshot.entities
    column = table.levers[Lever.CPC_BID]
    others = column.present & ~np.isin(np.arange(len(table)), rows) & ~_overruled(snapshot)
    status = table.levers.get(Lever.STATUS)
    if status is not None:
        others &= ~status.present | (status.numbers == 1)
    place = np.minimum(np.searchsorted(names, table.parents), len(names) - 1)
    mine = others & (names[place] == table.parents)
    cost: Floats = np.bincount(place[mine], recent_cost(snapshot)[mine], len(names)).astype(np.float64)
    return cost


def recent_cost(snapshot: Snapshot) -> Floats:
    """Mean cost of a known day of the last week, shape (n_entities,), micros; 0 where none is."""
    last = slice(max(len(snapshot.days) - _RECENT_DAYS, 0), None)
    known = snapshot.metrics.known[:, last]
    cost: Floats = np.where(known, snapshot.metrics.cost_micros[:, last], 0.0).sum(axis=1)
    mean: Floats = cost / np.maximum(known.sum(axis=1), 1)
    return mean


def _amount(
    snapshot: Snapshot, rows: NDArray[np.intp], names: NDArray[np.str_], amounts: Floats, others: float
) -> float:
    """What the movable bids may cost a day.

    Args:
        amounts: Budgets less `others`; what bids cost lately is theirs alone already.
        others: What bids that stay cost a day in the same campaigns.
    """
    portfolio = snapshot.portfolio
    if portfolio is not None and portfolio.daily_pot is not None:
        return max(float(portfolio.daily_pot.micros) - _held(snapshot, names) - others, 0.0)
    known = np.isfinite(amounts)
    if known.any():
        spent = np.bincount(
            np.searchsorted(names, snapshot.entities.parents[rows]), recent_cost(snapshot)[rows], len(names)
        )
        return float(np.where(known, amounts, spent).sum())
    return float(recent_cost(snapshot)[rows].sum())


def _held(snapshot: Snapshot, names: NDArray[np.str_]) -> float:
    """Budgets of delivering campaigns that have no movable bid.

    Rows of campaigns only: a snapshot does not tell which campaigns share a budget, and it may
    be those that are bid for.
    """
    table = snapshot.entities
    column = table.levers.get(Lever.DAILY_BUDGET)
    if column is None:
        return 0.0
    status = table.levers.get(Lever.STATUS)
    campaigns = table.kinds == Kind.CAMPAIGN.value
    delivering = campaigns & column.present & ~np.isin(table.ids, names)
    if status is not None:
        delivering &= ~status.present | (status.numbers == 1)
    return float(column.numbers[delivering].sum())
