"""Agency: an account with a ledger on disk that can be backed up and put back."""

import shutil
from pathlib import Path

import canaries
from live import Live, live

from agent.daemon.leader import FileLeases
from agent.daemon.restored import take_up_restored
from agent.domain.errors import Halted
from agent.domain.seal import Seal
from agent.folder import folder_of
from agent.ledger.anchor import Anchor
from agent.ledger.open import open_ledger
from agent.ports.ledger import Ledger

SEAL = Seal(canaries.of("audit key in memory").encode())


class Agency:
    """An account with a ledger on disk that can be backed up and put back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "ledger.db"
        self.anchor = Anchor(folder / "anchor")
        self.account: Live = live(("1.1", "0.8", None))
        self.ledger = self.open()

    def open(self) -> Ledger:
        ledger = open_ledger(f"sqlite:///{self.path}", seal=SEAL, anchor=self.anchor)
        self.account.give(ledger=ledger, seal=SEAL, check_stop=self.check_stop)
        self.ledger = ledger
        return ledger

    def check_stop(self) -> None:
        halt = self.ledger.halted(self.account.parts.account)
        if halt is not None:
            raise Halted(halt.because)

    def back_up(self) -> None:
        self.ledger.close()
        shutil.copy(self.path, self.folder / "backup.db")
        self.open()

    def put_back(self) -> None:
        self.ledger.close()
        for path in self.folder.glob("ledger.db*"):
            path.unlink()
        shutil.copy(self.folder / "backup.db", self.path)
        self.open()

    def start(self) -> list[str]:
        leases = FileLeases(self.folder)
        folder = folder_of(self.folder / "folder.id")
        try:
            return take_up_restored(self.ledger, [self.account.parts], self.account.clock, folder, leases)
        finally:
            leases.release()

    def halted(self) -> bool:
        return self.ledger.halted(self.account.parts.account) is not None
