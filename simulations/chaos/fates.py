"""Fates: what becomes of a request on its way to a platform, at it, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable

PROCESSING = timedelta(minutes=5)
"""The longest that a platform takes to carry out what it was sent."""
HISTORY_LAG = timedelta(minutes=3)
"""The longest until its history shows it."""
CLOCKS = timedelta(seconds=30)
"""How far a machine's clock is from the platform's, at most."""
GRACE = timedelta(minutes=10)
"""What the product waits before it settles: longer than all three."""


class Done(StrEnum):
    """What the platform does about one operation."""

    NOW = "now"
    LATER = "later"
    NEVER = "never"


class Told(StrEnum):
    """What the sender hears about one operation."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    NOTHING = "nothing"  # the reply ends before it


@dataclass(frozen=True, slots=True)
class Lot:
    """What befalls one operation."""

    done: Done
    told: Told


class Fate(StrEnum):
    """What befalls a call that may change something."""

    WELL = "well"
    REQUEST_LOST = "request lost"
    REPLY_LOST = "reply lost"
    LATE = "late and unanswered"
    LATE_BUT_ACCEPTED = "accepted and late"
    HOLLOW = "accepted and never done"
    HALF = "server error in the middle"
    REFUSED = "refused"
    CUT_SHORT = "reply cut short"
    MIXED = "each its own"
    RATE_LIMITED = "rate limited"
    DENIED = "access denied"
    UNREACHED = "no connection"
    MISUNDERSTOOD = "refused as a whole"


class ReadFault(StrEnum):
    """What befalls a call that only reads."""

    UNREACHED = "no answer"
    RATE_LIMITED = "rate limited"
    DENIED = "access denied"
    MISUNDERSTOOD = "answer that makes no sense"


_ALL = {
    Fate.WELL: Lot(Done.NOW, Told.ACCEPTED),
    Fate.REQUEST_LOST: Lot(Done.NEVER, Told.UNCLEAR),
    Fate.REPLY_LOST: Lot(Done.NOW, Told.UNCLEAR),
    Fate.LATE: Lot(Done.LATER, Told.UNCLEAR),
    Fate.LATE_BUT_ACCEPTED: Lot(Done.LATER, Told.ACCEPTED),
    Fate.HOLLOW: Lot(Done.NEVER, Told.ACCEPTED),
    Fate.REFUSED: Lot(Done.NEVER, Told.REFUSED),
}
_HALVES = {
    Fate.HALF: (Lot(Done.NOW, Told.UNCLEAR), Lot(Done.NEVER, Told.UNCLEAR)),
    Fate.CUT_SHORT: (Lot(Done.NOW, Told.ACCEPTED), Lot(Done.NOW, Told.NOTHING)),
}
_MIX = (
    Lot(Done.NOW, Told.ACCEPTED),
    Lot(Done.NEVER, Told.REFUSED),
    Lot(Done.NEVER, Told.UNCLEAR),
    Lot(Done.LATER, Told.UNCLEAR),
    Lot(Done.NOW, Told.UNCLEAR),
)


def lots(fate: Fate, n: int, turn: int) -> Sequence[Lot]:
    """What befalls each of so many operations; only of a fate that is not an error.

    Args:
        turn: Where a mixture begins and where a reply is cut, any number.
    """
    if fate in _ALL:
        return [_ALL[fate]] * n
    if fate in _HALVES:
        first, second = _HALVES[fate]
        at = turn % n
        return [first] * at + [second] * (n - at)
    return [_MIX[(turn + place) % len(_MIX)] for place in range(n)]


def error_of(fate: Fate | ReadFault, account: str) -> PlatformError | None:
    """What an adapter raises then; of a call that may change something: nothing was applied."""
    match fate:
        case Fate.RATE_LIMITED | ReadFault.RATE_LIMITED:
            return RateLimited(account, "too many requests", 90.0)
        case Fate.DENIED | ReadFault.DENIED:
            return AccessDenied(account, "the token was withdrawn")
        case Fate.UNREACHED | ReadFault.UNREACHED:
            return Unreachable(account, "no answer")
        case Fate.MISUNDERSTOOD | ReadFault.MISUNDERSTOOD:
            return Misunderstood(account, "the reply made no sense")
        case _:
            return None
