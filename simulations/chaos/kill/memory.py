"""Memory: what processes were told is committed, and whether it still is when all is over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from agent.domain.outcome import State
from agent.domain.story import Stepped
from agent.ports.ledger import Ledger
from simulations.chaos.intents import Intents
from simulations.chaos.kill.stores import Store
from simulations.chaos.kill.words import Writes

KEPT = "nothing that was acknowledged is forgotten"
WHOLE = "the ledger is whole, and its audit chain unbroken"


@dataclass(frozen=True, slots=True)
class _Entry:
    plan_id: str
    change_id: str
    state: State
    at: datetime


@dataclass(slots=True)
class Memory:
    """Commits as they were told; what a death left untold is looked up before anybody acts on it.

    Attributes:
        lost: What was acknowledged and is not there any more, in words.
        broken: What is wrong with the ledger as a whole, in words.
    """

    intents: Intents
    store: Store
    acknowledged: list[_Entry] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    _unsure: list[tuple[int, Writes]] = field(default_factory=list)

    def wrote(self, life: int, writes: Writes) -> None:
        """A process was told that this is committed."""
        self._stands(life, writes)
        self.acknowledged += _entries(writes)

    def unsure(self, life: int, writes: Writes) -> None:
        """A process began to commit this, and nobody heard how it ended."""
        if writes.steps:
            self._unsure.append((life, writes))

    def make_sure(self) -> None:
        """Look up what nobody heard the end of; no process must be about to be forked."""
        if not self._unsure:
            return
        with self.store.opened() as ledger:
            for life, writes in self._unsure:
                if _missing(ledger.steps, _entries(writes)[0]) == "":
                    self._stands(life, writes)
        self._unsure.clear()

    def judge(self, ledger: Ledger, faults: list[str]) -> None:
        """When all is over: is everything there, and is it whole?

        Args:
            faults: What was found broken of the file itself.
        """
        steps = cache(ledger.steps)
        self.lost = [words for entry in self.acknowledged if (words := _missing(steps, entry))]
        gap = ledger.gap()
        self.broken = [*faults, *ledger.faults(), *([] if gap is None else [gap.because])]

    def _stands(self, life: int, writes: Writes) -> None:
        if writes.approved:
            self.intents.approved(writes.plan_id, {change.id: change for change in writes.approved})
        for step in writes.steps:
            self.intents.took(step, life)


def _entries(writes: Writes) -> list[_Entry]:
    """What is to be found in the ledger afterwards."""
    if writes.at is None:
        return []
    return [_Entry(step.plan_id, step.change_id, step.state, writes.at) for step in writes.steps]


def _missing(steps: Callable[[str, str], Sequence[Stepped]], entry: _Entry) -> str:
    """Words when it is not there; "" when it is."""
    told = steps(entry.plan_id, entry.change_id)
    if any((step.state, step.at) == (entry.state, entry.at) for step in told):
        return ""
    return f"change {entry.change_id} of plan {entry.plan_id} was {entry.state} at {entry.at}"
