"""FlightMemory: from when to when each change was in flight, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agent.domain.lever import Lever, number_of
from agent.domain.outcome import State
from agent.domain.plan import Change
from agent.domain.ref import Ref


@dataclass(slots=True)
class FlightMemory:
    """Of one account: what flies now, and what has landed, in the order of landing."""

    _flying: dict[tuple[str, str], tuple[Change, datetime]] = field(default_factory=dict)
    _landed: list[tuple[Change, datetime, datetime]] = field(default_factory=list)

    def step(self, plan_id: str, change: Change, state: State, at: datetime) -> None:
        """Take note of a step of any change."""
        key = (plan_id, change.id)
        if state is State.SENDING:
            self._flying[key] = (change, at)
        elif state is not State.UNKNOWN and key in self._flying:
            self._landed.append((*self._flying.pop(key), at))

    def at(self, as_of: datetime) -> Mapping[tuple[Ref, Lever], int]:
        """The highest target of each lever that was in flight then."""
        found = [change for change, since in self._flying.values() if since <= as_of]
        for change, since, until in reversed(self._landed):
            if until <= as_of:
                break
            if since <= as_of:
                found.append(change)
        flying: dict[tuple[Ref, Lever], int] = {}
        for change in found:
            key = (change.ref, change.lever)
            flying[key] = max(number_of(change.after), flying.get(key, 0))
        return flying
