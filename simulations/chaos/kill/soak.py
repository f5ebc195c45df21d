"""Soak: two instances for an hour, thousands of changes, and a kill every few seconds."""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random

from agent.domain.points import Point
from simulations.chaos.campaigns import quiet
from simulations.chaos.findings import Count, Progress, Result
from simulations.chaos.invariants import Invariant
from simulations.chaos.kill.actor import Actor
from simulations.chaos.kill.campaign import Shown, result
from simulations.chaos.kill.company import Company
from simulations.chaos.kill.growth import Growth, Sample, descriptors, growth, memory, tallies
from simulations.chaos.kill.server import Server, postgresql, temporary
from simulations.chaos.kill.stage import calm_down, next_morning
from simulations.chaos.kill.stores import Store, Stores
from simulations.chaos.kill.words import Order
from simulations.chaos.shape import broad

_SHAPE = broad(30, moves=15)
_PACE_S = 2.0
"""Real seconds for a day of the account at least, on which some 26 changes are sent."""
_KILL_FROM_S, _KILL_TO_S = 5.0, 40.0
_TOLD_EVERY_S = 2.0
_TICK, _SOON, _MORNING = timedelta(minutes=1), timedelta(minutes=8), timedelta(hours=2)
_STEP = timedelta(seconds=0.6)
_HUNTED, _STEADY = 0, 1
"""Machines: whose process is killed again and again, and whose lives through all of it."""


@dataclass(frozen=True, slots=True)
class Soak:
    """A campaign whose one trial lasts `size` seconds."""

    name: str = "soak"
    database: bool = False

    def run(self, size: int, seed: int, jobs: int, progress: Progress) -> Result:
        """See `Campaign`; what is done in the time hangs on the machine."""
        with ExitStack() as stack:
            folder = stack.enter_context(temporary("gebot-soak-"))
            server = stack.enter_context(postgresql()) if self.database else None
            # A process that is started anew has one thread, so that it may fork.
            pool = stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
            done = pool.submit(_soak, size, seed, folder, server)
            began_s = time.monotonic()
            gone = 0
            while not done.done():
                time.sleep(1.0)
                more = min(size, int(time.monotonic() - began_s)) - gone
                gone += more
                progress(more)
            return done.result()


SOAK = Soak()
SOAK_POSTGRESQL = Soak("soak-postgresql", database=True)


class Endurance:
    """Two processes on one ledger, day after day.

    The hunted one leads when it is killed, as a rule: some time before, the lead is taken from the
    steady one, which takes it over at the kill. What the steady one holds tells about the hour.

    Attributes:
        samples: Of the steady process.
        largest_kib: Memory of any process, at most.
    """

    def __init__(self, store: Store, seed: int, seconds: float) -> None:
        self.company = Company(
            store, seed, lambda words: None, reached=self._reached, died=self._died, shape=_SHAPE
        )
        self.world = self.company.world
        self.samples: list[Sample] = []
        self.largest_kib = 0
        self._store = store
        self._random = Random(f"soak {seed}")  # noqa: S311  # luck that can be had again, no secret
        self._began_s = time.monotonic()
        self._until_s = self._began_s + seconds
        self._draw_kill()

    def run(self) -> None:
        """Until the time is over; then let all become well, and judge."""
        try:
            while time.monotonic() < self._until_s:
                self._day()
            self._ends()
            calm_down(self.company)
            self.company.judge()
        finally:
            self.company.disband()

    def _draw_kill(self) -> None:
        now_s = time.monotonic()
        self._kill_s = now_s + self._random.uniform(_KILL_FROM_S, _KILL_TO_S)
        self._hand_over_s = self._random.uniform(now_s, self._kill_s)

    def _day(self) -> None:
        """One tick of both, and the time until the next one is due."""
        began_s = time.monotonic()
        company = self.company
        for machine in {_HUNTED, _STEADY} - {actor.machine for actor in company.actors.values()}:
            company.start(machine)
        while not all(actor.waits for actor in company.actors.values()):
            self._listen(self._until_s + 120.0)
        idle = not self.world.intents.open
        while idle and time.monotonic() < began_s + _PACE_S:
            self._listen(began_s + _PACE_S)
        self._time_passes(idle=idle)

    def _listen(self, until_s: float) -> None:
        """Hear one word, and kill when it is time to."""
        now_s = time.monotonic()
        if now_s >= self._kill_s:
            self._draw_kill()
            for actor in self.company.actors.values():
                if actor.machine == _HUNTED:
                    self.world.book.counts["kills of a leader"] += actor.leads
                    self.company.kill(actor)
        self.company.listen(max(0.001, min(until_s, self._kill_s) - now_s))

    def _time_passes(self, *, idle: bool) -> None:
        world, chance = self.world, self.world.chance
        if idle:
            world.passes(next_morning(self.company) + chance.between(_TICK, _MORNING))
        else:
            world.passes(chance.between(_TICK, _SOON))
        actors = list(self.company.actors.values())
        for actor in actors:
            self._note(actor)
        if time.monotonic() >= self._hand_over_s and any(one.machine == _HUNTED for one in actors):
            self._hand_over_s = self._kill_s  # once between two kills
            self._store.hands_over()
            actors = [one for one in actors if one.machine == _HUNTED]
        for actor in actors:
            self.company.order(actor, Order.GO_ON)

    def _note(self, actor: Actor) -> None:
        now_s = time.monotonic()
        if actor.last is None:
            return
        self.largest_kib = max(self.largest_kib, actor.last.rss_kib)
        age_s = now_s - actor.began_s
        told_s = self.samples[-1].age_s if self.samples else -_TOLD_EVERY_S
        if actor.machine == _STEADY and age_s - told_s >= _TOLD_EVERY_S:
            self.samples.append(Sample(actor.number, age_s, actor.last.rss_kib, actor.last.descriptors))

    def _ends(self) -> None:
        """The steady one must still be the first of its machine."""
        lives = {actor.number for actor in self.company.actors.values() if actor.machine == _STEADY}
        died = not self.samples or self.samples[0].life not in lives
        self.world.book.hold(Invariant.NOT_STUCK, "the process that nobody killed has ended" if died else "")

    def _reached(self, actor: Actor, point: Point) -> None:
        world = self.world
        world.passes(world.chance.between(timedelta(0), _STEP))
        self.company.order(actor, Order.GO_ON)

    def _died(self, actor: Actor) -> None:
        """Its successor is started before the next day."""


def _soak(seconds: int, seed: int, folder: Path, server: Server | None) -> Result:
    with quiet():
        store = Stores(folder, server, "soak").store(database=server is not None)
        endurance = Endurance(store, seed, seconds)
        endurance.run()
    found = result([(seed, Shown(endurance.company, (), store.name))])
    samples = endurance.samples
    size_kib = 0 if store.file is None else store.file.stat().st_size // 1024
    sent = sum(one.sends for one in endurance.world.intents.by_key.values())
    counts = (
        Count("changes sent an hour", round(sent * 3600 / seconds)),
        Count("KiB of memory of any process at most", endurance.largest_kib),
        *_told("KiB of memory", growth(samples, memory)),
        *_told("open files", growth(samples, descriptors)),
        Count("KiB of ledger", size_kib),
    )
    return replace(found, tallies=(*found.tallies, *tallies(samples)), counts=(*found.counts, *counts))


def _told(what: str, grown: Growth | None) -> Iterator[Count]:
    """Of the process that nobody killed."""
    if grown is None:
        return
    yield Count(f"{what} after a quarter of the time", round(grown.first))
    yield Count(f"{what} at the end", round(grown.last))
    yield Count(f"{what} more in an hour", round(grown.an_hour))
    yield Count(f"{what} more in an hour at least", round(grown.low))
    yield Count(f"{what} more in an hour at most", round(grown.high))
