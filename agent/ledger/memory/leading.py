"""LeadMemory: who leads which account, who lives, and who stopped it, in memory."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from agent.domain.record import FORGOTTEN_AFTER, Halt, Halting, Heartbeat
from agent.domain.ref import AccountId
from agent.ledger.haltings import HaltWord, haltings_of


class LeadMemory:
    """Epochs and halts by account, signs of life by process."""

    def __init__(self) -> None:
        self._epochs: Counter[AccountId] = Counter()
        self._beats: dict[tuple[str, int], Heartbeat] = {}
        self._halts: dict[AccountId | None, Halt] = {}
        self._words: list[HaltWord] = []

    def epoch(self, account: AccountId) -> int:
        """The epoch of whoever leads the account; 0 before anybody did."""
        return self._epochs[account]

    def take_lead(self, account: AccountId) -> int:
        """Raise the account's epoch by one."""
        self._epochs[account] += 1
        return self._epochs[account]

    def beat(self, heartbeat: Heartbeat) -> None:
        """Keep the sign of life, in the place of the last one of its process."""
        self._beats[heartbeat.host, heartbeat.pid] = heartbeat
        oldest = heartbeat.at - FORGOTTEN_AFTER
        self._beats = {process: beat for process, beat in self._beats.items() if beat.at >= oldest}

    def leave(self, host: str, pid: int) -> None:
        """Forget a process."""
        self._beats.pop((host, pid), None)

    def heartbeats(self) -> Sequence[Heartbeat]:
        """Newest first."""
        return sorted(self._beats.values(), key=lambda beat: beat.at, reverse=True)

    def halt(self, halt: Halt) -> None:
        self._halts[halt.account] = halt
        self._words.append(HaltWord(halt.account, halt.at, halt.by, halt))

    def resume(self, by: str, at: datetime, account: AccountId | None) -> None:
        self._halts.pop(account, None)
        self._words.append(HaltWord(account, at, by))

    def halted(self, account: AccountId | None) -> Halt | None:
        """The halt in force for everything, else for this account."""
        return self._halts.get(None) or self._halts.get(account)

    def halts(self) -> Sequence[Halt]:
        """That of everything first, then those of accounts in their order."""
        return sorted(self._halts.values(), key=Halt.order)

    def haltings(self, account: AccountId) -> Sequence[Halting]:
        """What stopped this account or everything."""
        return haltings_of([word for word in self._words if word.account in (None, account)])
