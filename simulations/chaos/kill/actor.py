"""Actor: one process of a schedule, as it is seen from outside."""

from dataclasses import dataclass
from datetime import datetime

from simulations.chaos.kill.dooms import Doom
from simulations.chaos.kill.words import Line, TickOver, Writes
from simulations.chaos.link import Link


@dataclass(slots=True)
class Actor:
    """One process, as it is seen from here.

    Attributes:
        waits: Its tick is over.
        wakes: When it is to go on; None: it does not stand still.
        writes: What it is about to commit.
        last: What it told at the end of its last tick.
        recovered: It has gone round once, or stood still meanwhile.
        cpu_s: What it had computed when it last reached a point.
        ends: It was told to.
    """

    number: int
    machine: int
    pid: int
    line: Line
    link: Link
    doom: Doom
    began_s: float
    points: int = 0
    waits: bool = False
    leads: bool = False
    wakes: datetime | None = None
    writes: Writes | None = None
    last: TickOver | None = None
    recovered: bool = False
    cpu_s: float = 0.0
    ends: bool = False
