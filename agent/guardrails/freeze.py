"""Freeze: in the windows of a calendar nothing is changed."""

from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from agent.domain.freeze_window import FreezeWindow
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Deny, Verdict


@dataclass(frozen=True, slots=True)
class Frozen:
    """No change passes while a window of the calendar is open, be it a cut or a pause.

    Of several windows that are open, the one that closes last is named.

    Attributes:
        windows: In the account's local time.
    """

    name: ClassVar[str] = "freeze"
    windows: tuple[FreezeWindow, ...]

    def judge(self, proposal: Proposal, snapshot: Snapshot) -> Verdict:
        if not self.windows:
            return Allow("no freeze windows are set")
        zone = ZoneInfo(snapshot.entities.account.time_zone)
        found = [
            (until, window.name)
            for window in self.windows
            if window.holds(proposal.lever) and (until := window.open_until(snapshot.as_of, zone)) is not None
        ]
        if not found:
            return Allow(lambda: f"none of the {len(self.windows)} freeze windows is open for it")
        until, name = max(found)
        local = until.astimezone(zone)
        return Deny(f"nothing changes until {local:%a %Y-%m-%d %H:%M} ({zone.key}): {name}")
