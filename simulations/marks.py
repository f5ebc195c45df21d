"""Marks: hours that somebody has marked at the platform, of which the market knows nothing."""

from collections.abc import Sequence

from agent.domain.advice import Window
from agent.domain.marked_hours import MarkedHours
from simulations.groups import OF_HOURS, Slot
from simulations.journal import Field, PlatformEdit

_UNMARKED = {Field.EXCLUSION: 0, Field.MODIFIER: 1_000_000}


class Marks:
    """Data exclusions and seasonality adjustments as they stand."""

    def __init__(self, time_zone: str) -> None:
        self._time_zone = time_zone
        self._numbers: dict[Slot, int] = {}

    def take(self, edits: Sequence[PlatformEdit]) -> None:
        """Take further edits; those of other things are left out."""
        for edit in edits:
            if edit.kind in OF_HOURS:
                self._numbers[Slot(edit.kind, edit.id, edit.field)] = edit.after

    def number(self, slot: Slot) -> int:
        """0 or 1, or a modifier in millionths; of hours that nobody marked 0 and 1_000_000."""
        return self._numbers.get(slot, _UNMARKED[slot.field])

    def windows(self) -> tuple[Window, ...]:
        """Those in force, by kind and id."""
        marked = [slot for slot, number in self._numbers.items() if number != _UNMARKED[slot.field]]
        return tuple(self._window(slot) for slot in sorted(marked, key=lambda slot: (slot.kind, slot.id)))

    def _window(self, slot: Slot) -> Window:
        hours = MarkedHours.parse(slot.id)
        assert hours is not None, "only well-formed hours are marked"
        return Window(
            kind=slot.kind,
            id=slot.id,
            name=slot.id,
            since=hours.since_utc(self._time_zone),
            until=hours.until_utc(self._time_zone),
            channels=hours.channels,
            modifier_millionths=self._numbers[slot] if slot.field is Field.MODIFIER else 1_000_000,
        )
