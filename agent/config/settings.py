"""Settings: the whole of config.toml, typed and frozen."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from agent.config.accounts import AccountSettings
from agent.config.approval import ApprovalSettings
from agent.config.guardrails import GuardrailSettings
from agent.config.names import Count, NotEmpty, Table
from agent.config.places import FilePath, LedgerUrl, Reference
from agent.config.portfolios import PortfolioSettings, RuleFileSettings, StrategySettings


class Mode(StrEnum):
    """How far gebot goes by itself; only the wiring reads it."""

    DRY_RUN = "dry-run"
    REVIEW = "review"
    AUTO = "auto"


class ClockSettings(Table):
    """How many times faster than real time the clock runs; 1 unless all accounts are simulated."""

    speed: Count = 1


class Settings(Table):
    """What `load` makes of config.toml.

    Attributes:
        home: The file's folder; `file` is its name. Both are set by `load`.
        ledger: SQLAlchemy URL; a SQLite path in it is absolute.
        ledger_password: Reference to it; None: PostgreSQL's own ways, or SQLite.
        state: Folder of the JSON log, the dry-run log, the stop file and the locks.
        seed: Of every generator; the same seed and data give the same plan.
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

    def guardrails_of(self, account: AccountSettings) -> GuardrailSettings:
        """The limits in force for an account."""
        return self.guardrails if account.guardrails is None else account.guardrails
