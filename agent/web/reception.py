"""Reception: all that a request may need, opened once when the page starts."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from starlette.requests import HTTPConnection

from agent.clock import SystemClock
from agent.config.web import WebSettings
from agent.daemon.standing import AccountStatus, standing_of, who_leads
from agent.domain.board import Board
from agent.domain.errors import LedgerError
from agent.domain.person import Person
from agent.domain.seal import Seal
from agent.office import Office
from agent.ports.clock import Clock
from agent.ports.people import People
from agent.stopping import Stopping
from agent.web import passwords
from agent.web.sessions import Sessions
from agent.web.throttle import Throttle
from agent.wiring import memory
from agent.wiring.sealing import seal_of

_A_MOMENT_S = 1.0


@dataclass(slots=True)
class Glance:
    """How the accounts were a moment ago: many who look at once ask ledger and locks once."""

    _at_s: float = -math.inf
    _seen: list[AccountStatus] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def at(self, office: Office) -> list[AccountStatus]:
        with self._lock:
            if time.monotonic() - self._at_s >= _A_MOMENT_S:
                self._seen = standing_of(office, who_leads(office))
                self._at_s = time.monotonic()
            return self._seen


@dataclass(frozen=True, slots=True)
class Reception:
    """The office behind the page, and who may come in.

    Attributes:
        clock: Real time, for sessions; `office.clock` is that of the accounts.
    """

    office: Office
    people: People
    seal: Seal
    clock: Clock
    throttle: Throttle = field(default_factory=Throttle)
    glance: Glance = field(default_factory=Glance)

    @classmethod
    def opened(cls, open_office: Callable[[], Office], clock: Clock | None = None) -> "Reception":
        """Open it all.

        Raises:
            GebotError, Mistakes: What is wrong with configuration, key or ledger.
        """
        office = open_office()
        return cls(office, memory.people(office.settings), seal_of(office.settings), clock or SystemClock())

    @property
    def web(self) -> WebSettings:
        return self.office.settings.web or WebSettings()

    @property
    def board(self) -> Board:
        return self.office.settings.approval.board

    @property
    def sessions(self) -> Sessions:
        return Sessions(self.people, self.seal, self.clock, self.web.idle, self.web.stay)

    @property
    def stopping(self) -> Stopping:
        return Stopping(self.office.settings, lambda: self.office.memory)

    def known(self, name: str, password: str) -> Person | None:
        """Who this is; None where name or password is wrong, which takes as long in any case."""
        person = self.people.person(name)
        if person is not None and (person.disabled or not person.bears(self.seal)):
            person = None
        right = passwords.matches(None if person is None else person.password, password)
        return person if right else None

    def is_empty(self) -> bool:
        """Whether nobody may sign in at all yet."""
        try:
            return not any(one.bears(self.seal) and not one.disabled for one in self.people.people())
        except LedgerError:
            return False

    def standing(self) -> list[AccountStatus]:
        """How the accounts are, looked up once a second at most.

        Raises:
            LedgerError, Mistakes: It cannot be told.
        """
        return self.glance.at(self.office)

    def close(self) -> None:
        self.people.close()
        self.office.memory.close()


def reception_of(request: HTTPConnection) -> Reception:
    """The reception of the app that this request came to."""
    found = request.app.state.reception
    assert isinstance(found, Reception)
    return found
