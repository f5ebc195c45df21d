"""Invariants: what must be true whatever breaks, and the book in which each occasion is put down."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Invariant(StrEnum):
    """Each is tried on every occasion on which it could break."""

    ONCE = "nothing is sent twice for one intent"
    WORD_FIRST = "nothing is sent that was not committed before"
    EPOCH = "nothing is sent with an old epoch"
    STOP = "nothing is sent after a stop"
    EXPIRY = "nothing is sent after its plan expired"
    PERSON = "no edit is overwritten by what was sent after it could be seen"
    CAP = "no cap is exceeded, with all that is in flight"
    TRUE_ENTRY = "the ledger says of each change what the platform did"
    NOT_LOST = "every approved change comes to an end, with a reason"
    NOT_STUCK = "nothing is stuck once all is well again"
    ALARM = "gebot halts itself only over what is not as it should be"
    AT_REST = "at rest the ledger shows what stands on the platform"


@dataclass(frozen=True, slots=True)
class Breach:
    """One occasion on which an invariant did not hold."""

    invariant: Invariant
    words: str


@dataclass(slots=True)
class Book:
    """What one schedule has shown. It is filled while the schedule runs."""

    trials: Counter[Invariant] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    breaches: list[Breach] = field(default_factory=list)
    intents: int = 0
    applied: int = 0

    def hold(self, invariant: Invariant, words: str = "") -> None:
        """Put down one occasion; words say how the invariant broke, none that it held."""
        self.trials[invariant] += 1
        if words:
            self.breaches.append(Breach(invariant, words))
