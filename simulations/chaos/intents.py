"""Intents: every change that was approved, what the ledger was told of it, and what was sent for it."""

from dataclasses import dataclass, field
from typing import TypeAlias

from agent.domain.outcome import State, Step
from agent.domain.plan import Change

Key: TypeAlias = tuple[str, str]
"""Plan id and change id."""
_IN_DOUBT = (State.SENDING, State.UNKNOWN)


@dataclass(slots=True)
class Intent:
    """One approved change.

    Attributes:
        state: As it was last committed.
        because: With it.
        words: How often SENDING was committed.
        worded: When that was, counted in words of this schedule.
        by_life: The process that committed it.
        sends: How often it went over the wire.
        effects: How often the platform set it.
        void: The platform set what stood already.
    """

    change: Change
    state: State
    because: str = ""
    words: int = 0
    worded: int = 0
    by_life: int = 0
    sends: int = 0
    effects: int = 0
    void: bool = False


@dataclass(slots=True)
class Intents:
    """All of one schedule.

    Attributes:
        alarms: Why gebot halted itself.
    """

    by_key: dict[Key, Intent] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)
    _words: int = 0
    _open: dict[Key, Intent] = field(default_factory=dict)
    _of_change: dict[str, list[Key]] = field(default_factory=dict)

    def approved(self, plan_id: str, changes: dict[str, Change]) -> None:
        """These changes may go."""
        for change_id, change in changes.items():
            key = (plan_id, change_id)
            if key not in self.by_key:
                self.by_key[key] = self._open[key] = Intent(change, State.APPROVED)
                self._of_change.setdefault(change_id, []).append(key)

    def took(self, step: Step, life: int) -> None:
        """The ledger has committed a step."""
        key = (step.plan_id, step.change_id)
        intent = self.by_key.get(key)
        if intent is None:
            return
        intent.state, intent.because = step.state, step.because
        if step.state.open:
            self._open[key] = intent
        else:
            self._open.pop(key, None)
        if step.state is State.SENDING:
            self._words += 1
            intent.words += 1
            intent.worded = self._words
            intent.by_life = life

    def worded(self, change_id: str, life: int) -> Key | None:
        """The intent for this change whose word this life has given last; None: there is none."""
        keys = self._of_change.get(change_id, ())
        found = [(self.by_key[key].worded, key) for key in keys if self.by_key[key].by_life == life]
        return max(found)[1] if found else None

    @property
    def open(self) -> list[Intent]:
        return list(self._open.values())

    @property
    def in_doubt(self) -> list[Intent]:
        """Those of which nobody can tell just now whether they stand, or will."""
        return [intent for intent in self.open if intent.state in _IN_DOUBT]
