"""Courier: writes letters once, and tries to bring them until a channel takes them or a day is over."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import structlog
from pydantic import SecretStr

from agent.config.credentials import resolve
from agent.config.notify import NotifySettings
from agent.domain.errors import Mistake
from agent.domain.notice import Letter, Notice
from agent.notify.message import Message, message_of
from agent.ports.clock import Clock
from agent.ports.outbox import Outbox

_log = structlog.get_logger()

GIVEN_UP_AFTER = timedelta(days=1)
_OURS_FOR = timedelta(minutes=5)
"""Who died while it sent has it back after so long; longer than any attempt takes."""

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)

Send = Callable[[str, SecretStr, Message], str]
"""Channel, address and message to what went wrong; "" when it was taken."""


@dataclass(frozen=True, slots=True)
class Courier:
    """Between what is to be told and the channels.

    A letter may come twice when we die between the channel's yes and our writing it down; both
    bear the same key then. It is never lost but by being given up.

    Attributes:
        link: Where the page is; "": there is none.
        wall: Real time, by which it is sent, whatever the accounts' clock does.
    """

    channels: Sequence[NotifySettings]
    outbox: Outbox
    send: Send
    wall: Clock
    link: str = ""

    def write(self, notices: Iterable[Notice]) -> int:
        """Keep a letter for each channel that wants it. Returns: how many are new."""
        now = self.wall.now()
        letters = [
            Letter(channel.name, notice, due, due)
            for notice in notices
            for channel in self.channels
            if channel.wants(notice)
            for due in (channel.first_due(now),)
        ]
        return self.outbox.put(letters) if letters else 0

    def deliver(self, *, ended: Callable[[], bool] = lambda: False) -> int:
        """Bring what is due; who fails is left alone until the next round. Returns: messages told."""
        now, told = self.wall.now(), 0
        by_name = {channel.name: channel for channel in self.channels}
        for name, letters in groupby(self.outbox.due(now), key=lambda letter: letter.channel):
            channel = by_name.get(name)
            if channel is None:
                self._give_up(list(letters), "there is no such channel any more")
                continue
            for message in _messages(channel, list(letters)):
                if ended():
                    return told
                if not self._brought(channel, message):
                    break
                told += 1
        return told

    def _brought(self, channel: NotifySettings, letters: Sequence[Letter]) -> bool:
        now = self.wall.now()
        if not self.outbox.claim(letters, now + _OURS_FOR):
            return True  # another one has it
        try:
            message = message_of(letters, self.link, _there(channel.template))
            trouble = self.send(channel.name, resolve(channel.url, f"notify {channel.name!r}.url"), message)
        except Mistake as mistake:
            trouble = str(mistake)
        now = self.wall.now()
        if not trouble:
            self.outbox.told(letters, now)
            _log.info("notice.told", channel=channel.name, notices=len(letters))
            return True
        if now >= letters[0].first_due_at + GIVEN_UP_AFTER:
            self._give_up(letters, trouble)
        else:
            attempts = letters[0].attempts
            wait = min(_FIRST_WAIT * (1 << min(attempts, 20)), _LONGEST_WAIT)
            self.outbox.put_off(letters, now + wait, trouble)
            _log.warning("notice.not_told", channel=channel.name, because=trouble, attempts=attempts + 1)
        return False

    def _give_up(self, letters: Sequence[Letter], trouble: str) -> None:
        self.outbox.give_up(letters, self.wall.now(), trouble)
        _log.error("notice.given_up", channel=letters[0].channel, because=trouble, notices=len(letters))


def untold_lines(letters: Sequence[Letter], account: str, now: datetime) -> list[str]:
    """What people were not told of this account, or of all, a line for each channel; for `gebot status`.

    Args:
        letters: Those that wait and those that were given up, by any order.
        now: Of the wall.
    """
    lines = []
    ours = [one for one in letters if one.notice.account in ("", account)]
    for name in sorted({one.channel for one in ours}):
        late = [one for one in ours if one.channel == name and one.trouble and one.given_up_at is None]
        lost = [one for one in ours if one.channel == name and one.given_up_at is not None]
        if lost:
            why = max(lost, key=lambda one: one.given_up_at or now).trouble
            were = "were" if len(lost) > 1 else "was"
            lines.append(f"{_counted(lost)} did not reach {name!r} and {were} given up: {why}")
        if late:
            have = "have" if len(late) > 1 else "has"
            lines.append(f"{_counted(late)} {have} not reached {name!r} yet: {late[-1].trouble}")
    return lines


def _messages(channel: NotifySettings, letters: Sequence[Letter]) -> list[list[Letter]]:
    """A digest's letters together, all else one by one."""
    if channel.digest is None:
        return [[letter] for letter in letters]
    return [list(some) for _, some in groupby(letters, key=lambda letter: letter.first_due_at)]


def _there(template: Path | None) -> Path | None:
    """A template of people's own that is not there any more silences nobody."""
    return template if template is not None and template.is_file() else None


def _counted(letters: Sequence[Letter]) -> str:
    return f"{len(letters)} notice{'s' if len(letters) != 1 else ''}"
