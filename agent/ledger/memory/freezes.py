"""FreezeMemory: since when the conversions of one account cannot be believed, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from agent.domain.record import Freeze


@dataclass(slots=True)
class FreezeMemory:
    """All freezes of one account, oldest first; only the last may be in force."""

    _all: list[Freeze] = field(default_factory=list)

    def freeze(self, found: Freeze) -> None:
        """Append the freeze, unless one is in force."""
        if not self._all or self._all[-1].ended is not None:
            self._all.append(found)

    def thaw(self, by: str, at: datetime) -> None:
        """End the freeze in force."""
        if self._all and self._all[-1].ended is None:
            self._all[-1] = replace(self._all[-1], ended=at, by=by)

    def at(self, as_of: datetime) -> Sequence[Freeze]:
        """As they were known at that moment."""
        known = [one for one in self._all if one.at <= as_of]
        return [
            replace(one, ended=None, by="") if one.ended is not None and one.ended > as_of else one
            for one in known
        ]
