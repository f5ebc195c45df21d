"""Welcome: who may sign in, kept and changed; and a first person for the simulated account."""

import secrets
import unicodedata
from dataclasses import dataclass, replace
from datetime import timedelta

from agent.clock import SystemClock
from agent.config.settings import Settings
from agent.domain.board import known_as
from agent.domain.errors import Mistake
from agent.domain.person import Person
from agent.domain.seal import Seal
from agent.ports.people import People
from agent.web import passwords
from agent.web.sessions import Sessions
from agent.wiring import memory
from agent.wiring.sealing import seal_of

FIRST = "demo"
"""Who may sign in to a page of simulated accounts before anybody was let in."""

_SIMULATED = "simulated"
_MOST_CHARACTERS = 100
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


@dataclass(frozen=True, slots=True)
class Welcome:
    """Lets people in and shuts them out."""

    people: People
    seal: Seal

    def all(self) -> list[Person]:
        """Everybody whose row is sealed by us."""
        return [one for one in self.people.people() if one.bears(self.seal)]

    def add(self, name: str, password: str) -> Person:
        """Let somebody in.

        Raises:
            Mistake: There is somebody of that name, or name or password cannot be taken.
        """
        name = _name(name)
        for other in self.all():
            if known_as(other.name) == known_as(name):
                right = f"`gebot user password {other.name}` sets a new password"
                raise Mistake(f"user {other.name!r}", "is there already", right)
        return self._kept(name, password)

    def set_password(self, name: str, password: str) -> Person:
        """A new password; the person may sign in again if they were shut out, and all sessions end.

        Raises:
            Mistake: There is nobody of that name, or the password cannot be taken.
        """
        return self._kept(self.found(name).name, password)

    def disable(self, name: str) -> None:
        """Shut somebody out, at once.

        Raises:
            Mistake: There is nobody of that name.
        """
        person = replace(self.found(name), disabled=True, changed_at=SystemClock().now())
        self.people.keep(person.sealed(self.seal))

    def token(self, name: str, lasts: timedelta) -> str:
        """A secret with which a program reads as this person.

        Raises:
            Mistake: There is nobody of that name, or they are shut out.
        """
        person = self.found(name)
        if person.disabled:
            raise Mistake(
                f"user {name!r}", "may not sign in", f"`gebot user password {name}` lets them in again"
            )
        return Sessions(self.people, self.seal, SystemClock(), lasts, lasts).token(person, lasts)

    def found(self, name: str) -> Person:
        """The person of this name, however it is spelled.

        Raises:
            Mistake: There is none.
        """
        for person in self.all():
            if known_as(person.name) == known_as(name):
                return person
        names = ", ".join(one.name for one in self.all())
        right = f"{names} are" if names else "`gebot user add` lets somebody in"
        raise Mistake(f"user {name!r}", "is not there", right)

    def first(self, settings: Settings) -> str:
        """Let the first person in where nothing but simulated money can be moved.

        Returns: Their password, which is made by chance and told this once; "" where somebody may
        sign in already, an account is real, or others than this machine reach the page.
        """
        web = settings.web
        simulated = all(one.platform == _SIMULATED for one in settings.accounts)
        if not simulated or web is None or not web.is_local or self.people.people():
            return ""
        password = pronounceable()
        self.add(_first_name(settings), password)
        return password

    def _kept(self, name: str, password: str) -> Person:
        wrong = passwords.weakness(password, name)
        if wrong:
            raise Mistake("the password", "cannot be taken", wrong)
        person = Person(name, passwords.hashed(password), SystemClock().now()).sealed(self.seal)
        self.people.keep(person)
        return person


def welcome(settings: Settings) -> Welcome:
    """Open what is kept of people.

    Raises:
        LedgerError, Mistake: The ledger or its key cannot be read.
    """
    return Welcome(memory.people(settings), seal_of(settings))


def pronounceable() -> str:
    """A password of chance that can be typed from a screen: 73 bits, such as ``kibosa-tenuli-...``."""
    return "-".join("".join(_syllable() for _ in range(3)) for _ in range(4))


def _syllable() -> str:
    return secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS)


def _first_name(settings: Settings) -> str:
    """Somebody of [approval] who may do much, where it names anybody."""
    approval = settings.approval
    return next(iter((*approval.admins, *approval.approvers)), FIRST)


def _name(name: str) -> str:
    name = unicodedata.normalize("NFC", name)
    if not name or name != name.strip() or not name.isprintable() or len(name) > _MOST_CHARACTERS:
        right = f"printable text without blanks at its ends, at most {_MOST_CHARACTERS} characters, is right"
        raise Mistake("the name", repr(name[:60]), right)
    return name
