"""Person and Session: who may sign in to the page, and who is signed in; each row is sealed."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from agent.domain.seal import Seal


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in; what they may do then stands in config.toml.

    Attributes:
        password: An argon2id hash, never the password.
        changed_at: When the password was set, or the person shut out or let in again (UTC):
            what they were signed in to before counts no more.
        signature: The seal of a key that the ledger does not hold; "" before it was sealed.
    """

    name: str
    password: str
    changed_at: datetime
    disabled: bool = False
    signature: str = ""

    def content(self) -> list[str | bool]:
        """All that the signature is over."""
        return ["person", self.name, self.password, _text(self.changed_at), self.disabled]

    def sealed(self, seal: Seal) -> "Person":
        return replace(self, signature=seal.sign(self.content()))

    def bears(self, seal: Seal) -> bool:
        """Whether it is signed with this key and stands as it was signed."""
        return seal.holds(self.content(), self.signature)


class SessionKind(StrEnum):
    """How somebody comes in."""

    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105  # a word, no secret: for programs, which read and write nothing


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody is signed in.

    Attributes:
        id: SHA-256 of the secret that the browser holds, as hex: who reads the ledger cannot sign in.
        name: Of the person.
        of: The person's `changed_at` when it began; once that moved, the session is worthless.
        seen_at: When it was last used (UTC), to the minute or so.
        ends_at: When it ends, used or not (UTC).
    """

    id: str
    name: str
    of: datetime
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime
    kind: SessionKind = SessionKind.BROWSER
    signature: str = ""

    def content(self) -> list[str]:
        """All that the signature is over."""
        moments = (self.of, self.begun_at, self.seen_at, self.ends_at)
        return ["session", self.id, self.name, self.kind.value, *map(_text, moments)]

    def sealed(self, seal: Seal) -> "Session":
        return replace(self, signature=seal.sign(self.content()))

    def bears(self, seal: Seal) -> bool:
        """Whether it is signed with this key and stands as it was signed."""
        return seal.holds(self.content(), self.signature)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
