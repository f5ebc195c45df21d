"""Plugins: adapters, strategies and rule files, found by the names in config.toml.

platform = "google_ads"       adapters/google_ads/connect.py, or simulations/<platform>/connect.py
kind     = "thompson_budget"  the class ThompsonBudget of strategies/thompson_budget.py
file     = "rules/my.toml"    a rule file, read by rules/load.py
"""

import importlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from agent.config.accounts import AccountSettings
from agent.config.faults import as_mistake, meant, unknown_key
from agent.config.portfolios import RuleFileSettings, StrategySettings
from agent.domain.errors import Mistake, Mistakes
from agent.domain.ref import AccountId
from agent.ports.clock import Clock
from agent.ports.deciding import Strategy
from agent.ports.platform import Adapter


def load(name: str) -> Any:
    """Import what ``package.module:attribute`` names, for parts that are heavy or stand above."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def module(name: str) -> Any:
    """Import a module by name, for the same reasons."""
    return importlib.import_module(name)


def strategy_kinds() -> list[str]:
    """Names of all strategies that there are, sorted."""
    return sorted(_modules("strategies"))


class Platform:
    """The adapter of one account, its options checked and nothing called yet.

    Raises:
        Mistakes: No such adapter, or options that it does not understand.
    """

    def __init__(self, account: AccountSettings, *, file: str, home: Path) -> None:
        where = f"{file}: account {account.name!r}"
        self.account = account
        self._home = home
        self._module = _connect_module(account.platform, where)
        self._options = _options(self._module.Options, account.options, f"{where}.options")

    @property
    def id(self) -> AccountId:
        """The account as ledger and plans name it, in the platform's plain form."""
        plain = getattr(self._module, "account_id", str)
        return AccountId(self.account.platform, str(plain(self.account.id)))

    def connect(self, credentials: Mapping[str, str], clock: Clock, state: Path | None = None) -> Adapter:
        """Make the adapter; some can only read, and then have no `apply`.

        Args:
            state: Directory for what the adapter must remember; None: nothing outlives the process.

        Raises:
            Mistakes: What the adapter finds wrong with account, options and credentials.
        """
        adapter = self._module.connect(
            self.account.id,
            self._options,
            credentials=credentials,
            clock=clock,
            home=self._home,
            state=state,
        )
        return cast(Adapter, adapter)

    def limits(self, credentials: Mapping[str, str], clock: Clock, state: Path | None) -> str:
        """What is used of the platform's limits, in words; "" where it does not tell. No call."""
        told = getattr(self._module, "limits", None)
        if told is None:
            return ""
        arguments = {"credentials": credentials, "clock": clock, "home": self._home, "state": state}
        return str(told(self.account.id, self._options, **arguments))

    def knows_itself(self) -> bool:
        """Whether its history tells gebot's edits from those of others who use the same way in."""
        knows = getattr(self._module, "knows_itself", None)
        return True if knows is None else bool(knows(self._options))

    def remedies(self) -> Mapping[str, str]:
        """What stands in an error of this platform, and what people should do; empty if it does not say."""
        name = f"{self._module.__package__}.remedies"
        return cast("Mapping[str, str]", load(f"{name}:REMEDIES")) if find_spec(name) else {}

    def fixed_now(self) -> datetime | None:
        """The moment at which the account's data stand still; None: its time goes on."""
        fixed = getattr(self._module, "fixed_now", None)
        return None if fixed is None else cast("datetime | None", fixed(self._options, self._home))


def strategy(settings: StrategySettings, *, file: str) -> Strategy:
    """Build a strategy from its options.

    Raises:
        Mistakes: No such strategy, or options that it does not understand; all of them.
    """
    where = f"{file}: strategy {settings.name!r}"
    name = f"strategies.{settings.kind}"
    kinds = strategy_kinds()
    if settings.kind not in kinds:
        fault = Mistake(f"{where}.kind", f"was {settings.kind!r}", meant(settings.kind, kinds))
        raise Mistakes("no such strategy", [fault])
    class_name = "".join(part.title() for part in settings.kind.split("_"))
    cls = getattr(module(name), class_name, None)
    if cls is None:
        found = f"strategies/{settings.kind}.py has no class {class_name}"
        fault = Mistake(f"{where}.kind", found, "the class is named as its file, in CamelCase")
        raise Mistakes("no such strategy", [fault])
    known = [field.name for field in fields(cls) if field.name != "name"]
    faults = [
        unknown_key(f"{where}.options.{key}", key, known) for key in settings.options if key not in known
    ]
    options = {key: value for key, value in settings.options.items() if key in known}
    try:
        built = TypeAdapter(cls).validate_python({**options, "name": settings.name})
    except ValidationError as error:
        faults += [
            Mistake(
                f"{where}.options.{'.'.join(map(str, one['loc']))}".rstrip("."),
                _sentence(one["msg"]),
            )
            for one in error.errors(include_url=False)
        ]
    if faults:
        raise Mistakes(f"strategy {settings.name} cannot be used", faults)
    return cast(Strategy, built)


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return text[:1].lower() + text[1:]


def rule_file(settings: RuleFileSettings) -> Strategy:
    """Read a rule file.

    Raises:
        Mistakes: Everything that is wrong with it.
    """
    return cast(Strategy, load("rules.load:load")(settings.file))


def _connect_module(platform: str, where: str) -> ModuleType:
    for package in ("adapters", "simulations"):
        name = f"{package}.{platform}"
        if find_spec(name) is not None and find_spec(f"{name}.connect") is not None:
            return importlib.import_module(f"{name}.connect")
    known = [
        name
        for package in ("adapters", "simulations")
        for name in _modules(package)
        if find_spec(f"{package}.{name}.connect") is not None
    ]
    raise Mistakes(
        "no such platform", [Mistake(f"{where}.platform", f"was {platform!r}", meant(platform, known))]
    )


def _options(model: type[BaseModel], options: Mapping[str, object], where: str) -> BaseModel:
    try:
        return model.model_validate(dict(options))
    except ValidationError as error:
        raise Mistakes(
            "options cannot be used",
            [as_mistake(one, model, options, where) for one in error.errors(include_url=False)],
        ) from None


def _modules(package: str) -> list[str]:
    """Modules (and for adapters sub-packages) that stand directly in a package."""
    path = importlib.import_module(package).__path__
    packages_wanted = package != "strategies"
    return [module.name for module in iter_modules(path) if module.ispkg is packages_wanted]
