"""Learning: which campaigns a platform's bidding is learning anew, because of an edit lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulations.journal import Field, PlatformEdit
from simulations.objections import Rulebook

_LARGE = (Field.AMOUNT, Field.LIFETIME_AMOUNT, Field.BID_CAP, Field.TARGET_CPA, Field.TARGET_ROAS)


@dataclass(frozen=True, slots=True)
class Learning:
    """For how long after a change of more than `beyond` of a budget or target, as a share of it."""

    days: int = 7
    beyond: float = 0.2


def learners(
    edits: Sequence[PlatformEdit], now: datetime, learning: Learning, rulebook: Rulebook
) -> frozenset[str]:
    """Ids of the campaigns that are learning; none under manual bidding.

    Args:
        edits: Oldest first.
    """
    since = now - timedelta(days=learning.days)
    found: set[str] = set()
    for edit in reversed(edits):
        if edit.at <= since:
            break
        if edit.field in _LARGE and abs(edit.after - edit.before) > learning.beyond * edit.before:
            found.update(rulebook.owners(edit.kind, edit.id))
    return frozenset(found - rulebook.manual)
