"""Check: try out what the settings name, and collect every fault."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from agent.config.accounts import AccountSettings
from agent.config.credentials import missing
from agent.config.settings import Mode, Settings
from agent.domain.entity import Account
from agent.domain.errors import GebotError, Mistake, Mistakes
from agent.domain.money import Money
from agent.wiring import parts as build
from agent.wiring.joined import joined_of
from agent.wiring.plugins import rule_file, strategy

PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried and how it came out."""

    where: str
    ok: bool
    found: str


def findings(settings: Settings) -> list[Finding]:
    """Everything that can be tried without changing anything; the platforms are called once each."""
    file = settings.file
    found: list[Finding] = []
    for item in settings.strategies:
        found += _tried(f"{file}: strategy {item.name!r}", item.kind, partial(strategy, item, file=file))
    for rules in settings.rule_files:
        found += _tried(f"{file}: rules {rules.name!r}", str(rules.file.name), partial(rule_file, rules))
    write = settings.mode is not Mode.DRY_RUN
    absent = missing(settings, write=write)
    found += [_finding(mistake) for mistake in absent]
    if not absent:
        found.append(Finding(f"{file}: credentials", ok=True, found="all there"))
    found += _tried(f"{file}: ledger", "can be opened", partial(build.ledger, settings))
    told = set(found)
    for account in settings.accounts:
        found += [finding for finding in _reached(settings, account, write=write) if finding not in told]
    return found


def _reached(settings: Settings, account: AccountSettings, *, write: bool) -> list[Finding]:
    """Ask the platform who the account is, and hold its currency against the limits'."""
    where = f"{settings.file}: account {account.name!r}"
    try:
        joined = joined_of(settings, account)
        adapter = build.adapter(settings, joined, build.clock(settings), write=write, patience_s=PATIENCE_S)
        facts = adapter.account()
    except (GebotError, Mistakes) as error:
        return _faults(where, error)
    reached = f"reached {facts.name!r}: {facts.currency}, {facts.time_zone}"
    if write and not hasattr(adapter, "apply"):
        reached += "; it can only be read, so what is approved is never carried out"
    return [Finding(where, ok=True, found=reached), *_foreign_money(settings, account, facts)]


def _foreign_money(settings: Settings, account: AccountSettings, facts: Account) -> list[Finding]:
    """Limits and pots in another currency than the account's would deny everything."""
    limits = settings.guardrails_of(account)
    amounts: dict[str, Money | None] = {"guardrails.account_ceiling": limits.account_ceiling}
    for name in ("daily_budget", "cpc_bid", "bid_cap", "target_cpa"):
        table = getattr(limits, name)
        if table is not None:
            amounts[f"guardrails.{name}.floor"] = table.floor
            amounts[f"guardrails.{name}.ceiling"] = table.ceiling
    for portfolio in settings.portfolios:
        if portfolio.account == account.name:
            amounts[f"portfolio {portfolio.name!r}.daily_pot"] = portfolio.daily_pot
            amounts[f"portfolio {portfolio.name!r}.target_cpa"] = portfolio.target_cpa
            if portfolio.month is not None:
                amounts[f"portfolio {portfolio.name!r}.month.budget"] = portfolio.month.budget
    return [
        Finding(
            f"{settings.file}: {key}",
            ok=False,
            found=f"was {amount}; account {account.name!r} has {facts.currency}",
        )
        for key, amount in amounts.items()
        if amount is not None and amount.currency != facts.currency
    ]


def _tried(where: str, good: str, attempt: Callable[[], object]) -> list[Finding]:
    try:
        attempt()
    except (GebotError, Mistakes) as error:
        return _faults(where, error)
    return [Finding(where, ok=True, found=good)]


def _faults(where: str, error: Exception) -> list[Finding]:
    match error:
        case Mistakes():
            return [_finding(one) for one in error.each()]
        case Mistake():
            return [_finding(error)]
    return [Finding(where, ok=False, found=str(error))]


def _finding(mistake: Mistake) -> Finding:
    sentence = f"{mistake.found}; {mistake.expected}" if mistake.expected else mistake.found
    return Finding(mistake.where, ok=False, found=sentence)
