"""World: all that outlives a process: the platform, the ledger, the stop, and what was put down so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.domain.errors import Halted
from agent.domain.record import Halt
from agent.ports.ledger import Ledger
from simulations.chaos.chance import Chance, EditTo, PersonEdits, Stop, lag
from simulations.chaos.intents import Intent, Intents
from simulations.chaos.invariants import Book
from simulations.chaos.platform import ACCOUNT, Mutation, Platform
from simulations.chaos.shape import THREE, Shape
from simulations.chaos.wire import Wire

_CENT = ACCOUNT.unit_micros
_LOOKED_INTO = timedelta(minutes=30)


@dataclass(slots=True)
class World:
    """One schedule's surroundings.

    Attributes:
        tell: Told of each event, for whoever replays the schedule.
        stops_until: When the stop in force is to be lifted; None: there is none.
    """

    ledger: Ledger
    chance: Chance
    tell: Callable[[str], None]
    shape: Shape = THREE
    book: Book = field(default_factory=Book)
    intents: Intents = field(default_factory=Intents)
    platform: Platform = field(init=False)
    wire: Wire = field(init=False)
    stop_file: bool = False
    stops_until: datetime | None = None
    _alarms: int = 0

    def __post_init__(self) -> None:
        self.platform = Platform(self._on_mutation, self.shape)
        self.wire = Wire(self.platform, self.ledger, self.intents, self.book)

    @property
    def now(self) -> datetime:
        return self.platform.now

    def passes(self, span: timedelta) -> None:
        """Let time pass; whoever stopped gebot lifts that in time, and looks into what gebot halted for."""
        if span > timedelta(0):
            self.platform.passes(span)
        if len(self.intents.alarms) > self._alarms and self.stops_until is None:
            self._alarms = len(self.intents.alarms)
            self.tell(f"gebot halted itself: {self.intents.alarms[-1]}")
            self.wire.stopped_at, self.stops_until = self.now, self.now + _LOOKED_INTO
        if self.stops_until is not None and self.now >= self.stops_until:
            self.lift_stop()

    def check_stop(self) -> None:
        """As the product's own: the file, else the ledger.

        Raises:
            Halted: Either says so.
        """
        if self.stop_file:
            raise Halted("the stop file is there")
        halt = self.ledger.halted(ACCOUNT.id)
        if halt is not None:
            raise Halted(f"halted by {halt.by}: {halt.because}")

    def reopen(self, ledger: Ledger) -> None:
        """From now on this is the ledger."""
        self.ledger = self.wire.ledger = ledger

    def put_up_stop(self, stop: Stop) -> None:
        """Somebody stops gebot; a stop that is in force stays as it is."""
        if self.stops_until is not None:
            return
        self.tell(f"stopped by {'file' if stop.by_file else 'the ledger'} for {stop.span}")
        self.wire.stopped_at, self.stops_until = self.now, self.now + stop.span
        self.book.counts["stops"] += 1
        if stop.by_file:
            self.stop_file = True
        else:
            self.ledger.halt(Halt("a person", self.now, "to look at it first"))

    def lift_stop(self) -> None:
        """Allow changes again."""
        if self.stops_until is not None:
            self.tell("the stop is lifted")
            self.ledger.resume("a person", self.now)
            self.ledger.resume("a person", self.now, ACCOUNT.id)
        self.stop_file, self.stops_until, self.wire.stopped_at = False, None, None

    def person_edits(self, edit: PersonEdits) -> None:
        """Somebody sets a budget, often where an open change comes from or goes to, in doubt at best."""
        ref, number = self.shape.campaigns[self.chance.pick(len(self.shape.campaigns))], self._anything()
        waiting = self.intents.in_doubt or self.intents.open
        if waiting and edit.to is not EditTo.ANYTHING:
            intent = waiting[self.chance.pick(len(waiting))]
            ref = intent.change.ref
            number = number if edit.to is EditTo.ELSEWHERE else _number(intent, edit.to)
        self.tell(f"a person sets {ref.id} to {number} ({edit.to}); it stood at {self.platform.stands[ref]}")
        self.book.counts["edits by people"] += 1
        self.platform.person_sets(ref, number, lag(self.chance))

    def _anything(self) -> int:
        """Up to what a campaign began with: a person who breaks the pot is not the question here."""
        half = min(self.shape.opening) // 2 // _CENT
        return (half + self.chance.pick(half)) * _CENT

    def _on_mutation(self, mutation: Mutation) -> None:
        if mutation.by is not None:
            self.tell(f"the platform sets {mutation.ref.id} to {mutation.after} (was {mutation.before})")
        self.wire.took_effect(mutation)


def _number(intent: Intent, to: EditTo) -> int:
    change = intent.change
    value = change.before if to is EditTo.BASE else change.after
    return value.micros  # type: ignore[union-attr]  # budgets alone are steered here
