"""Telling: a thread of its own that tells people what befell, so that no chat server holds up a tick."""

import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from types import TracebackType

import structlog

from agent import stop
from agent.clock import SystemClock
from agent.config.settings import Settings
from agent.daemon.leaders import SILENT_AFTER
from agent.domain.errors import GebotError, LedgerError, Mistakes
from agent.domain.notice import Letter
from agent.notify.courier import Courier, Send
from agent.notify.notices import NEWS_FOR, Watched, notices
from agent.notify.plain_words import plain_words
from agent.office import Office
from agent.ports.clock import Clock
from agent.wiring import memory
from agent.wiring.joined import joined_of
from agent.wiring.memory import folders_of
from agent.wiring.plugins import load
from agent.wiring.sealing import seal_of

_log = structlog.get_logger()

EVERY_S = 15.0
_AFTER_TROUBLE_S = 60.0
_FAREWELL_S = 2.0
_TOLD_OF_FOR = 7 * NEWS_FOR


class Telling:
    """Looks and tells while the block runs; whatever fails in it, the daemon goes on."""

    def __init__(self, office: Office, *, every_s: float = EVERY_S) -> None:
        self._office = office
        self._every_s = every_s
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telling", daemon=True)

    def __enter__(self) -> "Telling":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.set()
        self._thread.join(_FAREWELL_S)

    def _run(self) -> None:
        sender = load("agent.notify.sending:Sender")()
        wait_s = 0.0
        while not self._ends.wait(wait_s):
            wait_s = self._every_s
            try:
                with post_office(self._office, sender.send) as post:
                    while not self._ends.wait(wait_s):
                        post.round(self._ends)
            except (GebotError, Mistakes) as error:
                _log.warning("telling.failed", error=str(error))
                wait_s = _AFTER_TROUBLE_S
            except Exception as error:  # noqa: BLE001  # words of other people's code may hold an address
                _log.error("telling.failed", error=type(error).__name__)
                wait_s = _AFTER_TROUBLE_S


def telling(office: Office) -> AbstractContextManager[object]:
    """The thread that tells people, where there is any channel."""
    return Telling(office) if office.settings.notify else nullcontext()


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What a round of telling needs: an office of its own connections, and a courier."""

    office: Office
    courier: Courier

    def __enter__(self) -> "PostOffice":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.courier.outbox.close()
        self.office.memory.close()

    def round(self, ends: threading.Event | None = None) -> int:
        """Write what is new, bring what is due. Returns: how many messages were taken.

        Raises:
            LedgerError: The ledger did not answer; what was written is brought later.
            Mistakes: As the wiring does.
        """
        self.courier.write(notices(self._watched()))
        return self.courier.deliver(ended=(ends or threading.Event()).is_set)

    def _watched(self) -> Watched:
        settings = self.office.settings
        return Watched(
            self.office.memory,
            {joined_of(settings, one).id: plain_words(one.name) for one in self.office.accounts},
            settings.approval.board,
            seal_of(settings),
            self.office.clock.now(),
            stop.reason_to_stop(settings.state, folders_of(settings)),
            SILENT_AFTER * settings.clock.speed,
        )


def post_office(office: Office, send: Send, wall: Clock | None = None) -> PostOffice:
    """Open ledger and outbox anew, apart from those of the office, whose clock and settings are used.

    Args:
        wall: Real time; None: the system's.

    Raises:
        LedgerError, Mistake: As opening a ledger does.
    """
    settings = office.settings
    own = Office(settings, memory.ledger(settings, create=False), office.clock, office.accounts)
    try:
        outbox = memory.outbox(settings)
    except BaseException:
        own.memory.close()
        raise
    return PostOffice(own, Courier(settings.notify, outbox, send, wall or SystemClock(), link_of(settings)))


def link_of(settings: Settings) -> str:
    """What links to the page begin with; "" where it is not served."""
    return "" if settings.web is None else settings.web.address


def untold(settings: Settings) -> list[Letter]:
    """What waits to be told, and what of the last days was given up; empty where nothing can be asked."""
    if not settings.notify:
        return []
    try:
        outbox = memory.outbox(settings)
    except (LedgerError, Mistakes, GebotError):
        return []
    try:
        return list(outbox.untold(SystemClock().now() - _TOLD_OF_FOR))
    except LedgerError:
        return []
    finally:
        outbox.close()
