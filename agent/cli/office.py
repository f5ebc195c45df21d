"""What most commands begin with: settings, ledger, clock and the parts of each account."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.config.accounts import AccountSettings
from agent.config.faults import meant
from agent.config.load import load
from agent.config.settings import Settings
from agent.cycle import Parts
from agent.domain.errors import Mistake
from agent.domain.record import PlanRecord
from agent.ports import Clock, Ledger
from agent.wiring.parts import clock, ledger, parts


@dataclass(frozen=True, slots=True)
class Office:
    """Opened settings: the memory, the clock, and the accounts that a command is about."""

    settings: Settings
    memory: Ledger
    clock: Clock
    accounts: tuple[AccountSettings, ...]

    def parts(self, *, write: bool) -> Iterator[tuple[AccountSettings, Parts]]:
        for account in self.accounts:
            yield account, parts(self.settings, account, self.memory, self.clock, write=write)

    def plan(self, prefix: str) -> PlanRecord:
        """The plan that a person named by its first characters.

        Raises:
            Mistake: There is none, or more than one.
        """
        record = self.memory.plan(prefix) if prefix else None
        if record is None:
            raise Mistake(f"plan {prefix!r}", "is no plan, or more than one begins so", "see `gebot review`")
        return record


def open_office(config: Path, account: str | None = None, *, create: bool = True) -> Office:
    """Read the configuration and open the ledger.

    Args:
        account: Name of the only account that is wanted; None: all.
        create: Make the ledger if there is none.

    Raises:
        Mistakes, Mistake: What is wrong with the configuration or the account's name.
        LedgerError: The ledger cannot be opened.
    """
    settings = load(config)
    chosen = tuple(item for item in settings.accounts if account in (None, item.name))
    if not chosen:
        names = [item.name for item in settings.accounts]
        raise Mistake(f"account {account!r}", f"is not in {config}", meant(str(account), names))
    return Office(settings, ledger(settings, create=create), clock(settings), chosen)
