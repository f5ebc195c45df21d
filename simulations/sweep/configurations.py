"""Configurations: the base with some of its keys changed, each checked as a config.toml is."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.config.accounts import AccountSettings
from agent.config.faults import meant
from agent.config.load import parsed, settings_of
from agent.config.portfolios import PortfolioSettings
from agent.config.settings import Settings
from agent.domain.errors import Mistake, Mistakes
from agent.wiring.parts import desks
from simulations.sweep.file import Sweep
from simulations.sweep.parameters import MOST, Parameter, Value, grid, grid_size, parameters, samples


@dataclass(frozen=True, slots=True)
class Configuration:
    """One setting of everything.

    Attributes:
        values: By the parameters' names; empty for the base.
    """

    values: Mapping[str, Value]
    settings: Settings
    account: AccountSettings


def configurations(sweep: Sweep, path: Path) -> list[Configuration]:
    """The base first, then every one that is to be tried; nothing was run yet.

    Args:
        path: Of the sweep file.

    Raises:
        Mistakes: Everything that is wrong with the base, the parameters and their values.
    """
    base_path = path.parent / sweep.config
    tables, home = parsed(base_path), base_path.absolute().parent
    base = _checked(sweep, tables, home, base_path.name, {})
    varied, mistakes = parameters(sweep, path.name)
    mistakes = [*mistakes, *_without_effect(varied, base, path.name)]
    if not mistakes and sweep.samples is None and grid_size(varied) > MOST:
        many = f"{grid_size(varied):,} combinations"
        mistakes.append(Mistake(path.name, f"makes {many}", f"at most {MOST:,}; samples = 200 draws some"))
    if mistakes:
        raise Mistakes(f"{path.name} cannot be used", mistakes)
    chosen = grid(varied) if sweep.samples is None else samples(varied, sweep.samples, sweep.seed)
    label = f"{base_path.name} as {path.name} varies it"
    alone = [((one,), (value,)) for one in varied if isinstance(one.choices, tuple) for value in one.choices]
    # One value at a time first: a fault in one of them would hide those of the others.
    for some in (alone, [(varied, values) for values in chosen]):
        found = _all_checked(sweep, some, tables=tables, home=home, label=label)
    return [base, *found]


def _all_checked(
    sweep: Sweep,
    chosen: Iterable[tuple[Sequence[Parameter], tuple[Value, ...]]],
    *,
    tables: Mapping[str, Any],
    home: Path,
    label: str,
) -> list[Configuration]:
    """A configuration for each set of parameters and their values."""
    found: list[Configuration] = []
    faults: dict[str, Mistake] = {}
    for varied, values in chosen:
        changed = copy.deepcopy(dict(tables))
        for parameter, value in zip(varied, values, strict=True):
            _put(changed, parameter.path, value, sweep.account)
        names = {parameter.name: value for parameter, value in zip(varied, values, strict=True)}
        try:
            found.append(_checked(sweep, changed, home, label, names))
        except Mistakes as mistakes:
            faults |= {str(one): one for one in mistakes.each()}
    if faults:
        raise Mistakes("some configurations cannot be used", list(faults.values()))
    return found


def _checked(
    sweep: Sweep, tables: Mapping[str, Any], home: Path, label: str, values: Mapping[str, Value]
) -> Configuration:
    settings = settings_of(tables, home, label)
    account = next((one for one in settings.accounts if sweep.account in (None, one.name)), None)
    if account is None:
        names = [one.name for one in settings.accounts]
        fault = Mistake("account", f"was {sweep.account!r}, not in {label}", meant(str(sweep.account), names))
        raise Mistakes("no such account", [fault])
    desks(settings, account, settings.guardrails_of(account))  # builds every strategy and reads every rule
    if _portfolio(settings, account) is None:
        fault = Mistake(
            f"{label}: account {account.name!r}", "has no portfolio", "a [[portfolio]] table is needed"
        )
        raise Mistakes("nothing to decide", [fault])
    return Configuration(values, settings, account)


def _without_effect(varied: Sequence[Parameter], base: Configuration, file: str) -> Iterable[Mistake]:
    """Strategies that do not decide: every one of their options would do equally well."""
    portfolio = _portfolio(base.settings, base.account)
    assert portfolio is not None, "checked"
    kinds = {one.name for one in base.settings.strategies}
    deciding = [name for name in portfolio.deciders if name in kinds]
    for name in dict.fromkeys(one.path[1] for one in varied if one.path[0] == "strategy"):
        if name not in deciding:
            found = f"is no strategy that decides in portfolio {portfolio.name!r}"
            yield Mistake(f"{file}: strategy.{name}", found, meant(name, deciding))


def _portfolio(settings: Settings, account: AccountSettings) -> PortfolioSettings | None:
    """The one that a backtest is about."""
    return next((one for one in settings.portfolios if one.account == account.name), None)


def _put(tables: dict[str, Any], path: tuple[str, ...], value: Value, account: str | None) -> None:
    """Change one key of the raw tables."""
    if path[0] == "strategy":
        item = next(one for one in tables["strategy"] if one.get("name") == path[1])
        item.setdefault("options", {})[path[2]] = value
        return
    chosen = next(one for one in tables["account"] if account in (None, one.get("name")))
    # An account's own limits replace the shared ones as a whole.
    holder = chosen if "guardrails" in chosen else tables
    table = holder.setdefault("guardrails", {})
    for key in path[1:-1]:
        table = table.setdefault(key, {})
    table[path[-1]] = value
