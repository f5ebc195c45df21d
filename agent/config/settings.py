"""Settings: the whole of config.toml, typed and frozen."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from agent.config.accounts import AccountSettings
from agent.config.approval import ApprovalSettings
from agent.config.audit import AuditSettings
from agent.config.guardrails import GuardrailSettings
from agent.config.names import Count, NotEmpty, Table
from agent.config.notify import NotifySettings
from agent.config.places import FilePath, LedgerUrl, LocalUrl, Reference
from agent.config.portfolios import PortfolioSettings, RuleFileSettings, StrategySettings
from agent.config.web import WebSettings


class Mode(StrEnum):
    """How far gebot goes by itself; only the wiring reads it."""

    DRY_RUN = "dry-run"
    REVIEW = "review"
    AUTO = "auto"


class ClockSettings(Table):
    """Whose time it is.

    Attributes:
        speed: How many times faster than real time it goes; 1 unless all accounts are simulated.
        follow: Control port of a sandbox whose time is gebot's as well; None: real time.
    """

    speed: Count = 1
    follow: LocalUrl | None = None


class Settings(Table):
    """What `load` makes of config.toml.

    Attributes:
        home: The file's folder; `file` is its name. Both are set by `load`.
        ledger: SQLAlchemy URL; a SQLite path in it is absolute.
        ledger_password: Reference to it; None: PostgreSQL's own ways, or SQLite.
        state: Folder of the JSON log, the dry-run log, the stop file and the locks.
        seed: Of every generator; the same seed and data give the same plan.
        web: None: `gebot run` serves no page.
        notify: Channels on which people are told; empty: none.
    """

    home: Annotated[Path, Field(exclude=True)] = Path()
    file: Annotated[str, Field(exclude=True)] = "config.toml"
    mode: Mode
    ledger: LedgerUrl
    ledger_password: Reference | None = None
    state: Annotated[FilePath, Field(validate_default=True)] = Path("var")
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**63)] = 1
    clock: ClockSettings = ClockSettings()
    accounts: Annotated[tuple[AccountSettings, ...], NotEmpty, Field(alias="account")]
    portfolios: Annotated[tuple[PortfolioSettings, ...], Field(alias="portfolio")] = ()
    strategies: Annotated[tuple[StrategySettings, ...], Field(alias="strategy")] = ()
    rule_files: Annotated[tuple[RuleFileSettings, ...], Field(alias="rules")] = ()
    guardrails: GuardrailSettings = GuardrailSettings()
    approval: ApprovalSettings = ApprovalSettings()
    audit: AuditSettings = AuditSettings()
    web: WebSettings | None = None
    notify: tuple[NotifySettings, ...] = ()

    @property
    def decided(self) -> tuple[AccountSettings, ...]:
        """The accounts that plans are drawn up for: all but those that another one joins."""
        joined = {name for account in self.accounts for name in account.joins}
        return tuple(account for account in self.accounts if account.name not in joined)

    def members_of(self, account: AccountSettings) -> tuple[AccountSettings, ...]:
        """The accounts that this one joins, as it names them."""
        by_name = {one.name: one for one in self.accounts}
        return tuple(by_name[name] for name in account.joins)

    def guardrails_of(self, account: AccountSettings) -> GuardrailSettings:
        """The limits in force for an account."""
        return self.guardrails if account.guardrails is None else account.guardrails
