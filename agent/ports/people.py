"""People: what the page asks of its memory about who may sign in, and who is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from agent.domain.person import Person, Session


class People(Protocol):
    """Who may sign in and who is signed in. Whoever reads looks at the seal; the memory does not.

    Every method is one transaction. Raises `LedgerError` when the store is locked, unreachable
    or damaged; nothing was written then.
    """

    def person(self, name: str) -> Person | None: ...

    def people(self) -> Sequence[Person]:
        """All of them by name, those who are shut out too."""
        ...

    def keep(self, person: Person) -> None:
        """Keep the person, in the place of whoever had this name; all their sessions end."""
        ...

    def session(self, id_: str) -> Session | None: ...

    def begin(self, session: Session) -> None:
        """Keep a new session; those that have ended by its beginning are forgotten."""
        ...

    def renew(self, session: Session) -> None:
        """Keep the session as it is now, if it has not been ended in the meantime."""
        ...

    def end(self, id_: str) -> None:
        """Forget the session, if there is one."""
        ...

    def sessions(self, name: str, now: datetime) -> Sequence[Session]:
        """Those of a person that have not reached their end, newest first."""
        ...

    def close(self) -> None: ...
