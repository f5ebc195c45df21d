"""What most commands begin with: settings, ledger, clock and the parts of each account."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from agent import logs
from agent.config.accounts import AccountSettings
from agent.config.faults import meant
from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.errors import Mistake
from agent.domain.record import PlanRecord
from agent.domain.ref import AccountId
from agent.parts import Parts
from agent.ports.ledger import Ledger
from agent.wiring.joined import joined_of
from agent.wiring.memory import READ_PATIENCE_S, ledger
from agent.wiring.parts import AgentClock, clock, parts

PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Office:
    """Opened settings: the memory, the clock, and the accounts that a command is about."""

    settings: Settings
    memory: Ledger
    clock: AgentClock
    accounts: tuple[AccountSettings, ...]

    def parts(
        self,
        *,
        write: bool,
        patience_s: float | None = PATIENCE_S,
        hurry: Callable[[], bool] = lambda: False,
    ) -> Iterator[tuple[AccountSettings, Parts]]:
        """The parts of each account; a person who waits is not asked to wait long.

        Args:
            hurry: As the wiring takes it.

        Raises:
            Mistakes: As the wiring does.
        """
        for account in self.accounts:
            made = parts(
                self.settings,
                account,
                self.memory,
                self.clock,
                write=write,
                patience_s=patience_s,
                hurry=hurry,
            )
            yield account, made

    def parts_of(self, id_: AccountId, *, write: bool = False) -> Parts:
        """The parts of the account of this name in ledger and plans.

        Raises:
            Mistake: config.toml has no such account.
            Mistakes: As the wiring does.
        """
        for account in self.accounts:
            if joined_of(self.settings, account).id == id_:
                made = self.settings, account, self.memory, self.clock
                return parts(*made, write=write, patience_s=PATIENCE_S)
        raise Mistake(str(id_), f"is not in {self.settings.file}", "an account that gebot works for is right")

    def account_ids(self) -> frozenset[AccountId]:
        """The accounts as ledger and plans name them.

        Raises:
            Mistakes: As the wiring does.
        """
        return frozenset(joined_of(self.settings, account).id for account in self.accounts)

    def plan(self, prefix: str) -> PlanRecord:
        """The plan that a person named by its first characters.

        Raises:
            Mistake: There is none, or more than one.
        """
        record = self.memory.plan(prefix) if prefix else None
        if record is None:
            raise Mistake(f"plan {prefix!r}", "is no plan, or more than one begins so", "see `gebot review`")
        return record


def open_office(
    config: Path,
    account: str | None = None,
    *,
    create: bool = True,
    terminal: TextIO | None = None,
    busy_timeout_s: float = READ_PATIENCE_S,
) -> Office:
    """Read the configuration and open the ledger.

    Args:
        account: Name of the only account that is wanted; None: all.
        create: Make the ledger if there is none.
        terminal: Where events are told to people; None: in the log file alone.
        busy_timeout_s: How long the ledger is waited for while somebody else has locked it.

    Raises:
        Mistakes, Mistake: What is wrong with the configuration or the account's name.
        LedgerError: The ledger cannot be opened.
    """
    settings = load(config)
    keep_log(settings, terminal=terminal)
    chosen = tuple(item for item in settings.decided if account in (None, item.name))
    if not chosen:
        names = [item.name for item in settings.decided]
        raise Mistake(f"account {account!r}", f"is not in {config}", meant(str(account), names))
    return Office(
        settings, ledger(settings, create=create, busy_timeout_s=busy_timeout_s), clock(settings), chosen
    )


def keep_log(settings: Settings, *, terminal: TextIO | None = None) -> None:
    """Log to the state folder, which is made if it is not there.

    Raises:
        Mistake: It cannot be made.
    """
    try:
        logs.configure(settings.state, terminal=terminal)
    except OSError as error:
        found = f"{settings.state} cannot be made: {error.strerror}"
        raise Mistake(f"{settings.file}: state", found, "a folder that gebot may write to is right") from None
