"""Schedule: lives that follow each other through crashes, freezes and edits, and the reckoning at the end."""

from collections.abc import Callable
from datetime import datetime, timedelta

from agent.domain.points import Point
from agent.ports.ledger import Ledger
from simulations.chaos.asking import asks
from simulations.chaos.calm import Calm
from simulations.chaos.chance import Chance, Event, Freeze, PersonAsks, PersonEdits, Stop
from simulations.chaos.fates import HISTORY_LAG, PROCESSING
from simulations.chaos.invariants import Book
from simulations.chaos.judge import judge
from simulations.chaos.life import Life
from simulations.chaos.shape import THREE, Shape
from simulations.chaos.witness import Died
from simulations.chaos.world import World

_MACHINES = ("a", "b")
_STEP = timedelta(seconds=0.6)
_DOWN_AT_LEAST, _DOWN_AT_MOST = timedelta(seconds=1), timedelta(minutes=2)
_NO_TIME = timedelta(0)
_TAKEN_OVER_AFTER = timedelta(minutes=1)
_DEEPEST = 2
"""Processes that stand still at a time, at most."""
_LONGEST = timedelta(days=60)


def nothing_told(words: str) -> None:
    """Nobody replays it."""


class Schedule:
    """One seed's worth of bad luck.

    Args:
        seed: Of the product's own draws.
        crashes: It ends after so many, or when the longest time is over.
        reopened: The ledger as the next process opens it; asked after each crash.
    """

    def __init__(
        self,
        ledger: Ledger,
        chance: Chance,
        *,
        seed: int,
        crashes: int,
        tell: Callable[[str], None] = nothing_told,
        reopened: Callable[[], Ledger] | None = None,
        longest: timedelta = _LONGEST,
        shape: Shape = THREE,
    ) -> None:
        self._world = World(ledger, chance, self._told if tell is not nothing_told else tell, shape)
        self._tell = tell
        self._seed = seed
        self._crashes = crashes
        self._reopened = reopened
        self._longest = longest
        self._lives = 0
        self._frozen = 0

    def run(self) -> Book:
        """Live through it, let all become well, and judge."""
        world = self._world
        until = world.now + self._longest
        machine = 0
        while world.now < until and world.book.counts["crashes"] < self._crashes:
            self._live(machine, until)
            machine = world.chance.pick(len(_MACHINES))
        self._calm_down()
        judge(world)
        return world.book

    def _live(self, machine: int, until: datetime) -> None:
        """One process, until it dies or its time is over."""
        world = self._world
        try:
            self._life(machine).live(until)
        except Died:
            world.book.counts["crashes"] += 1
            world.passes(world.chance.between(_DOWN_AT_LEAST, _DOWN_AT_MOST))
            if self._reopened is not None and not self._frozen:
                world.reopen(self._reopened())

    def _calm_down(self) -> None:
        """No more faults: what was on its way arrives, and one process has the time it needs."""
        world = self._world
        world.tell("all is well from now on")
        world.chance = Calm()
        world.lift_stop()
        world.passes(PROCESSING + HISTORY_LAG)
        self._life(0).settle()

    def _life(self, machine: int) -> Life:
        self._lives += 1
        return Life(
            self._world, self._lives, _MACHINES[machine], self._seed, reached=self._reached, waits=self._waits
        )

    def _reached(self, life: Life, point: Point) -> None:
        world = self._world
        world.tell(f"life {life.number} reached: {point}")
        world.book.counts["points"] += 1
        world.passes(world.chance.between(_NO_TIME, _STEP))
        life.left -= 1
        if life.left <= 0:
            world.tell(f"life {life.number} dies")
            life.dies()
        event = world.chance.at(point)
        match event:
            case Freeze():
                self._freeze(life, point, event)
            case _:
                self._outside(event)

    def _waits(self, span: timedelta) -> None:
        """Between two rounds nothing is done; others may do something."""
        world = self._world
        event = world.chance.idle()
        if event is not None:
            before = world.chance.between(_NO_TIME, span)
            world.passes(before)
            self._outside(event)
            span -= before
        world.passes(span)

    def _outside(self, event: Event | None) -> None:
        match event:
            case PersonAsks():
                asks(self._world)
            case PersonEdits():
                self._world.person_edits(event)
            case Stop():
                self._world.put_up_stop(event)

    def _freeze(self, life: Life, point: Point, freeze: Freeze) -> None:
        """The process stands still, and perhaps another one takes the lead.

        Between the last look and the wire it does not: a client that sleeps there for as long as
        the grace cannot be told from a platform that is as slow. See docs/reliability.md.
        """
        world = self._world
        if point is Point.BEFORE_WIRE or self._frozen >= _DEEPEST:
            return
        world.tell(f"life {life.number} stands still for {freeze.span}")
        world.book.counts["freezes"] += 1
        wakes = world.now + freeze.span
        alone = min(_TAKEN_OVER_AFTER, freeze.span / 4)
        world.passes(alone if freeze.replaced else world.chance.between(alone, freeze.span * 3 / 4))
        self._outside(freeze.meanwhile)
        if freeze.replaced and freeze.span > _TAKEN_OVER_AFTER:
            life.superseded = True
            self._frozen += 1
            while world.now < wakes:
                self._live(1 - _MACHINES.index(life.machine), wakes)
            self._frozen -= 1
        world.passes(wakes - world.now)
        world.tell(f"life {life.number} wakes")

    def _told(self, words: str) -> None:
        self._tell(f"{self._world.now:%d %H:%M:%S} {words}")
