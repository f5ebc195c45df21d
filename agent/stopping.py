"""Stopping: halt and resume, everything or one account; the one way for command line and page."""

from collections.abc import Callable
from dataclasses import dataclass

from agent import stop
from agent.config.faults import meant
from agent.config.settings import Settings
from agent.domain.errors import GebotError, Mistake, Mistakes
from agent.domain.record import Halt
from agent.domain.ref import AccountId
from agent.ports.ledger import Ledger
from agent.wiring import halts
from agent.wiring.joined import joined_of
from agent.wiring.parts import clock

_PLACES = 2  # where a halt of everything is written down: the stop file and the ledger; either is enough


@dataclass(frozen=True, slots=True)
class Stopping:
    """What is stopped with: the settings, and a way to the ledger, which need not be open yet."""

    settings: Settings
    ledger: Callable[[], Ledger]

    def halt(self, by: str, because: str) -> list[str]:
        """Stop everything. Returns: who could not be told, one sentence each; empty when all were.

        Raises:
            GebotError: Neither the stop file nor the ledger could be written: nothing was halted.
        """
        untold = []
        try:
            stop.put_up(self.settings.state, f"halted by {by}: {because}")
        except OSError as error:
            untold.append(f"the stop file could not be written: {error}")
        try:
            self.ledger().halt(Halt(by, clock(self.settings).now(), because))
        except (GebotError, Mistakes) as error:
            untold.append(f"the ledger could not be told, so other machines go on: {error}")
        if len(untold) == _PLACES:
            raise GebotError(f"nothing was halted; end the agent itself; {'; '.join(untold)}")
        return untold

    def halt_account(self, name: str, by: str, because: str) -> None:
        """Stop one account, by its name in the configuration.

        Raises:
            LedgerError: The ledger could not be told: nothing was halted.
            Mistake: There is no such account.
        """
        account = self._id(name)
        self.ledger().halt(Halt(by, clock(self.settings).now(), because, account))

    def resume(self, by: str) -> list[str]:
        """End the halt of everything. Returns: what stays halted, one sentence each.

        Raises:
            LedgerError, Mistake: The ledger could not be told: nothing was resumed.
        """
        memory = self.ledger()
        memory.resume(by, clock(self.settings).now())
        stop.take_down(self.settings.state)
        return [
            f"{still.account} stays {halts.words(still)}; {halts.way_out(self.settings, still)} ends that"
            for still in memory.halts()
        ]

    def resume_account(self, name: str, by: str) -> str:
        """End the halt of one account. Returns: what still stops everything, "" when nothing does.

        Raises:
            LedgerError, Mistake: As `resume`; or there is no such account.
        """
        memory, account = self.ledger(), self._id(name)
        memory.resume(by, clock(self.settings).now(), account)
        halt = next((one for one in memory.halts() if one.account is None), None)
        return stop.reason_to_stop(self.settings.state) if halt is None else halts.words(halt)

    def _id(self, name: str) -> AccountId:
        for account in self.settings.decided:
            if account.name == name:
                return joined_of(self.settings, account).id
        right = meant(name, [account.name for account in self.settings.decided])
        raise Mistake(f"account {name!r}", f"is not in {self.settings.file}", right)
