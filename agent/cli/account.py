"""The one account that a backtest is about."""

from pathlib import Path

from agent.config.accounts import AccountSettings
from agent.config.faults import meant
from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.errors import Mistake


def account_of(config: Path, name: str | None) -> tuple[Settings, AccountSettings]:
    """The settings and the account of that name; the first one when none is named.

    Raises:
        Mistakes, Mistake: What is wrong with the configuration or the name.
    """
    settings = load(config)
    chosen = next((item for item in settings.accounts if name in (None, item.name)), None)
    if chosen is None:
        names = [item.name for item in settings.accounts]
        raise Mistake(f"account {name!r}", f"is not in {config}", meant(str(name), names))
    return settings, chosen
