"""Pairs: every point of a day's decision with every fate of a request, and with every point after it."""

from collections.abc import Iterator
from datetime import timedelta

from agent.ledger.memory.ledger import MemoryLedger
from simulations.chaos.books import Tell
from simulations.chaos.fates import Fate
from simulations.chaos.invariants import Book
from simulations.chaos.schedule import Schedule, nothing_told
from simulations.chaos.script import MOST_POINTS, Line, Script, Strike
from simulations.chaos.shape import FIVE

_ONE_DAY = timedelta(hours=20)
_FEW = 4


def groups() -> list[Line]:
    """Every strike at every point, with every fate; what is struck second is found out on the way."""
    return [
        Line(strike, fate, first) for strike in Strike for fate in Fate for first in range(1, MOST_POINTS + 1)
    ]


def played(line: Line, tell: Tell) -> tuple[Book, Script]:
    """Live through a line."""
    script = Script(line)
    ledger = MemoryLedger()
    schedule = Schedule(ledger, script, seed=1, crashes=_FEW, tell=tell, longest=_ONE_DAY, shape=FIVE)
    return schedule.run(), script


def lines(group: Line) -> Iterator[tuple[int, Book]]:
    """The group's lines with their numbers: the second strike at each point that there is.

    None where the first process never comes as far.
    """
    book, script = played(group, nothing_told)
    if not script.struck:
        return
    yield group.number, book
    for second in range(1, min(script.after, MOST_POINTS - 1) + 1):
        line = Line(group.strike, group.fate, group.first, second)
        yield line.number, played(line, nothing_told)[0]


def by_number(number: int, tell: Tell) -> Book:
    """The one line of this number."""
    line = Line.of(number)
    tell(str(line))
    return played(line, tell)[0]
