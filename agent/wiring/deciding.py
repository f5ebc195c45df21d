"""Deciding: what portfolios and deciders find in an account, and what they cannot do there."""

from collections.abc import Iterator

import numpy as np

from agent.config.accounts import AccountSettings
from agent.config.guardrails import GuardrailSettings
from agent.config.settings import Settings
from agent.domain.entity import Account, EntityTable, Flags
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.steps.decide import Desk
from agent.wiring.finding import Finding, Grade

_WHERE_LEVERS_ARE = {
    Lever.CPC_BID: (
        "bids exist under manual bidding only, and below campaigns: `levels` in [account.options] names "
        "what gebot looks at there"
    ),
    Lever.BID_CAP: "bid caps exist where the bid strategy has one",
    Lever.TARGET_CPA: "targets exist where the bidding strategy has one",
    Lever.TARGET_ROAS: "targets exist where the bidding strategy has one",
}


def idle_deciders(
    settings: Settings, account: AccountSettings, desks: tuple[Desk, ...], table: EntityTable
) -> list[Finding]:
    """Portfolios that nothing matches, and deciders whose levers are not there or not let."""
    limits = settings.guardrails_of(account)
    found: list[Finding] = []
    for desk, rows in zip(desks, _rows(desks, table), strict=True):
        where = f"{settings.file}: portfolio {desk.portfolio.name!r}"
        n = int(rows.sum())
        if n == 0:
            to_do = "you: compare `campaigns`, `labels`, `exclude` and the portfolios before it"
            found.append(Finding(where, Grade.WARNING, "nothing in the account matches it", to_do))
            continue
        found.append(Finding(where, Grade.OK, f"{n} of {len(table)} entities are its own"))
        for decider in desk.deciders:
            levers = getattr(decider.strategy, "levers", ())
            found += _idle(f"{where}: {decider.name}", levers, rows, table, limits)
    return found


def foreign_money(settings: Settings, account: AccountSettings, facts: Account) -> Iterator[Finding]:
    """Limits and pots in another currency than the account's would deny everything."""
    limits = settings.guardrails_of(account)
    amounts: dict[str, Money | None] = {"guardrails.account_ceiling": limits.account_ceiling}
    for lever in Lever:
        table = limits.of(lever)
        for bound in ("floor", "ceiling"):
            amount = getattr(table, bound, None)
            if isinstance(amount, Money):
                amounts[f"guardrails.{lever}.{bound}"] = amount
    for portfolio in settings.portfolios:
        if portfolio.account == account.name:
            amounts[f"portfolio {portfolio.name!r}.daily_pot"] = portfolio.daily_pot
            amounts[f"portfolio {portfolio.name!r}.target_cpa"] = portfolio.target_cpa
            if portfolio.month is not None:
                amounts[f"portfolio {portfolio.name!r}.month.budget"] = portfolio.month.budget
    for key, amount in amounts.items():
        if amount is not None and amount.currency != facts.currency:
            found = f"was {amount}; account {account.name!r} has {facts.currency}"
            yield Finding(f"{settings.file}: {key}", Grade.FAULT, found, "you: write it in that currency")


def too_low(settings: Settings, account: AccountSettings, facts: Account) -> Iterator[Finding]:
    """A floor below what the platform accepts: cuts end above it."""
    limits = settings.guardrails_of(account).daily_budget
    least = Money(facts.min_daily_budget_micros, facts.currency)
    floor = None if limits is None else limits.floor
    if floor is not None and floor.currency == least.currency and floor < least:
        found = f"is {floor}; the platform accepts daily budgets of {least} or more: cuts end there"
        yield Finding(
            f"{settings.file}: guardrails.daily_budget.floor", Grade.WARNING, found, "you: raise it to that"
        )


def _idle(
    where: str, levers: tuple[Lever, ...], rows: Flags, table: EntityTable, limits: GuardrailSettings
) -> Iterator[Finding]:
    there = [lever for lever in levers if _is_there(lever, rows, table)]
    absent = [lever for lever in levers if lever not in there]
    if levers and not there:
        found = f"can do nothing here: no entity of it has {_listed(absent)}"
        hints = dict.fromkeys(_WHERE_LEVERS_ARE[lever] for lever in absent if lever in _WHERE_LEVERS_ARE)
        yield Finding(where, Grade.WARNING, found, "; ".join(hints))
        return
    not_let = [lever for lever in there if limits.of(lever) is None]
    if not_let:
        tables = ", ".join(f"[guardrails.{lever}]" for lever in not_let)
        found = f"sets {_listed(not_let)}, which the guardrails leave alone"
        yield Finding(where, Grade.WARNING, found, f"you: add {tables}, if it should")


def _is_there(lever: Lever, rows: Flags, table: EntityTable) -> bool:
    column = table.levers.get(lever)
    return column is not None and bool((column.present & rows).any())


def _rows(desks: tuple[Desk, ...], table: EntityTable) -> list[Flags]:
    """Which rows each portfolio holds; a row belongs to the first that does."""
    names, free = table.names.tolist(), np.ones(len(table), dtype=bool)
    found = []
    for desk in desks:
        held = [desk.membership.holds(name, labels) for name, labels in zip(names, table.labels, strict=True)]
        rows = np.array(held, dtype=bool) & free
        free &= ~rows
        found.append(rows)
    return found


def _listed(levers: list[Lever]) -> str:
    return " or ".join(levers)
