"""Sessions: who is signed in, by a secret that only their browser holds."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.domain.errors import LedgerError
from agent.domain.person import Person, Session, SessionKind
from agent.domain.seal import Seal
from agent.ports.clock import Clock
from agent.ports.people import People

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is written down when a session was last used: a write for each request is too many."""

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Sessions:
    """Begins, finds and ends sessions. Times are real ones, however fast an embedded account's go.

    Attributes:
        idle: A session that was not used for so long is over.
        stay: A session is over so long after it began.
    """

    people: People
    seal: Seal
    clock: Clock
    idle: timedelta
    stay: timedelta

    def begin(self, person: Person) -> str:
        """Sign somebody in. Returns: the secret for the browser, a new one each time."""
        secret, now = secrets.token_urlsafe(_SECRET_BYTES), self.clock.now()
        session = Session(id_of(secret), person.name, person.changed_at, now, now, now + self.stay)
        self.people.begin(session.sealed(self.seal))
        return secret

    def token(self, person: Person, lasts: timedelta) -> str:
        """A secret for a program, which may read and write nothing."""
        secret, now = secrets.token_urlsafe(_SECRET_BYTES), self.clock.now()
        token = Session(
            id_of(secret), person.name, person.changed_at, now, now, now + lasts, SessionKind.TOKEN
        )
        self.people.begin(token.sealed(self.seal))
        return secret

    def of(self, secret: str, kind: SessionKind) -> Session | None:
        """Whose secret this is; None where it is nobody's, any more, or was not sealed by us.

        Raises:
            LedgerError: The ledger did not answer.
        """
        session = self.people.session(id_of(secret))
        now = self.clock.now()
        if session is None or session.kind is not kind or not session.bears(self.seal):
            return None
        if not self._lasts(session, now):
            return None
        person = self.people.person(session.name)
        if person is None or person.disabled or person.changed_at != session.of:
            return None
        if not person.bears(self.seal):
            return None
        return self._seen(session, now)

    def end(self, secret: str) -> None:
        """Sign out; nobody may be signed in by it."""
        self.people.end(id_of(secret))

    def _lasts(self, session: Session, now: datetime) -> bool:
        if not session.begun_at <= now < session.ends_at:
            return False
        return session.kind is SessionKind.TOKEN or now < session.seen_at + self.idle

    def _seen(self, session: Session, now: datetime) -> Session:
        if now < session.seen_at + SEEN_EVERY:
            return session
        seen = replace(session, seen_at=now).sealed(self.seal)
        try:
            self.people.renew(seen)
        except LedgerError:
            return session  # busy: a page is shown all the same, and the next one tries again
        return seen


def id_of(secret: str) -> str:
    """What the ledger knows a session by."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
