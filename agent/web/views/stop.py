"""What the pages to stop and to resume show."""

from dataclasses import dataclass

from agent.office import Office
from agent.wiring import halts
from agent.wiring.joined import joined_of


@dataclass(frozen=True, slots=True)
class HaltLine:
    """A halt in force; `account` as config.toml names it, "" for everything."""

    account: str
    words: str


@dataclass(frozen=True, slots=True)
class StopView:
    """What may be stopped, and what is."""

    accounts: tuple[str, ...]
    halts: tuple[HaltLine, ...]
    stopped: str


def stop_view(office: Office, stopped: str) -> StopView:
    """Ask the ledger.

    Raises:
        LedgerError: It did not answer.
    """
    names = {str(joined_of(office.settings, one).id): one.name for one in office.accounts}
    lines = tuple(
        HaltLine(
            "" if one.account is None else names.get(str(one.account), str(one.account)), halts.words(one)
        )
        for one in office.memory.halts()
    )
    return StopView(tuple(names.values()), lines, stopped)
