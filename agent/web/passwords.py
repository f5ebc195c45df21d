"""Passwords: argon2id hashes, checked in the same time whether or not there is such a person."""

from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 200

# 19 MiB, 2 passes, 1 lane: the parameters of OWASP's cheat sheet (2024) for argon2id.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_AT_ONCE = Semaphore(2)
"""Each check takes memory and a core; whoever tries many at once waits, and the page lives on."""

_NOBODY = _HASHER.hash("no person has this password")


def hashed(password: str) -> str:
    """The argon2id hash of a password, with a salt of its own."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether it is the password; None, for somebody unknown, takes as long to say no."""
    with _AT_ONCE:
        try:
            _HASHER.verify(_NOBODY if stored is None else stored, password[:MOST_CHARACTERS])
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def weakness(password: str, name: str) -> str:
    """What is wrong with a new password; "" when it may be taken."""
    if len(password) < LEAST_CHARACTERS:
        return (
            f"{LEAST_CHARACTERS} characters or more are right, such as four words that do not belong together"
        )
    if len(password) > MOST_CHARACTERS:
        return f"{MOST_CHARACTERS} characters or fewer are right"
    if len(set(password)) < 5 or password.casefold() in (
        name.casefold() * 20,
        "correct horse battery staple",
    ):
        return "one that is harder to guess is right"
    return ""
