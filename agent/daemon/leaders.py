"""Leaders: which daemon leads which account, which ones wait, and which have gone silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.daemon.leader import FileLeases
from agent.domain.record import Heartbeat
from agent.domain.ref import AccountId
from agent.office import Office
from agent.wiring.memory import leases

SILENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Leaders:
    """Who leads, by the leases themselves; what they last did, by their signs of life.

    Attributes:
        taken: Accounts that any process leads right now.
        beats: Newest first.
        patience: How old a sign of life may be.
    """

    taken: frozenset[AccountId]
    beats: Sequence[Heartbeat]
    now: datetime
    patience: timedelta

    def of(self, account: AccountId) -> Heartbeat | None:
        """The last sign of life of who leads the account, or led it last."""
        return next((beat for beat in self.beats if account in beat.accounts), None)

    def living(self) -> list[Heartbeat]:
        return [beat for beat in self.beats if self.now - beat.at <= self.patience]

    def problem(self, account: AccountId) -> str:
        """What is wrong with who leads the account; "" when nothing is."""
        beat = self.of(account)
        seen = "" if beat is None else f"{beat.at:%Y-%m-%d %H:%M} UTC"
        if account not in self.taken:
            return "the agent does not run" + (f" (last seen {seen})" if seen else "")
        if beat is not None and self.now - beat.at > self.patience:
            return f"the agent has been silent since {seen}"
        return ""

    def lines(self) -> list[str]:
        """Each daemon that lives in a line, where there is more than one."""
        living = self.living()
        if len(living) < 2:
            return []
        return [
            f"{beat.host} (process {beat.pid}) {_leads(beat)}; last seen {beat.at:%H:%M:%S} UTC"
            for beat in sorted(living, key=lambda beat: (beat.host, beat.pid))
        ]


def leaders(office: Office, accounts: Sequence[AccountId]) -> Leaders:
    """Ask the leases and the ledger.

    Raises:
        LedgerError: The database did not answer.
    """
    asked = leases(office.settings) or FileLeases(office.settings.state)
    try:
        taken = asked.taken(accounts)
    finally:
        asked.release()
    patience = SILENT_AFTER * office.settings.clock.speed
    return Leaders(taken, office.memory.heartbeats(), office.clock.now(), patience)


def _leads(beat: Heartbeat) -> str:
    if not beat.accounts:
        return "waits: others lead"
    return "leads " + ", ".join(map(str, beat.accounts))
