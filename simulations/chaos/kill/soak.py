"""Soak: two instances for an hour, thousands of changes, and a kill every few seconds."""

import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from agent.domain.points import Point
from simulations.chaos.campaigns import quiet
from simulations.chaos.findings import Count, Progress, Result
from simulations.chaos.kill.actor import Actor
from simulations.chaos.kill.campaign import Shown, result
from simulations.chaos.kill.company import Company
from simulations.chaos.kill.server import Server, postgresql, temporary
from simulations.chaos.kill.stage import calm_down, next_morning
from simulations.chaos.kill.stores import Store, Stores
from simulations.chaos.kill.words import Order

_PACE_S = 0.34
"""Real seconds for a day of the account at least, on which about two changes are sent."""
_KILL_FROM_S, _KILL_TO_S = 5.0, 40.0
_UNDISTURBED = 1 / 6
"""Share of the time, at the end, in which nobody is killed: in it memory is measured at its longest."""
_TOLD_EVERY_S = 2.0
_TICK, _SOON, _MORNING = timedelta(minutes=1), timedelta(minutes=8), timedelta(hours=2)
_STEP = timedelta(seconds=0.6)
_WARM_S = 20.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process held at a moment of its life."""

    life: int
    age_s: float
    rss_kib: int
    descriptors: int


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
    """Two processes on one ledger, day after day."""

    def __init__(self, store: Store, seed: int, seconds: float) -> None:
        self.company = Company(store, seed, lambda words: None, reached=self._reached, died=self._died)
        self.world = self.company.world
        self.samples: list[Sample] = []
        self.recovery_s: list[float] = []
        self._random = Random(f"soak {seed}")  # noqa: S311  # luck that can be had again, no secret
        self._began_s = time.monotonic()
        self._kills_until_s = self._began_s + seconds * (1 - _UNDISTURBED)
        self._until_s = self._began_s + seconds
        self._next_kill_s = self._began_s + self._random.uniform(_KILL_FROM_S, _KILL_TO_S)
        self._told_s: dict[int, float] = {}

    def run(self) -> None:
        """Until the time is over; then let all become well, and judge."""
        try:
            while time.monotonic() < self._until_s:
                self._day()
            calm_down(self.company)
            self.company.judge()
        finally:
            self.company.disband()

    def _day(self) -> None:
        """One tick of both, and the time until the next one is due."""
        began_s = time.monotonic()
        company = self.company
        for machine in {0, 1} - {actor.machine for actor in company.actors.values()}:
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
        if now_s >= self._next_kill_s:
            self._next_kill_s = now_s + self._random.uniform(_KILL_FROM_S, _KILL_TO_S)
            if now_s < self._kills_until_s and self.company.actors:
                leaders = [actor for actor in self.company.actors.values() if actor.leads]
                self.company.kill(self._random.choice(leaders or list(self.company.actors.values())))
        self.company.listen(max(0.001, min(until_s, self._next_kill_s) - now_s))

    def _time_passes(self, *, idle: bool) -> None:
        world, chance = self.world, self.world.chance
        if idle:
            world.passes(next_morning(self.company) + chance.between(_TICK, _MORNING))
        else:
            world.passes(chance.between(_TICK, _SOON))
        for actor in self.company.actors.values():
            self._note(actor)
            self.company.order(actor, Order.GO_ON)

    def _note(self, actor: Actor) -> None:
        now_s = time.monotonic()
        if actor.last is None or now_s - self._told_s.get(actor.number, 0.0) < _TOLD_EVERY_S:
            return
        self._told_s[actor.number] = now_s
        self.samples.append(
            Sample(actor.number, now_s - actor.began_s, actor.last.rss_kib, actor.last.descriptors)
        )

    def _reached(self, actor: Actor, point: Point) -> None:
        world = self.world
        world.passes(world.chance.between(timedelta(0), _STEP))
        if point is Point.LOOKED_UP and not actor.recovered:
            actor.recovered = True
            self.recovery_s.append(time.monotonic() - actor.began_s)
        self.company.order(actor, Order.GO_ON)

    def _died(self, actor: Actor) -> None:
        """Its successor is started before the next day."""


def slope(samples: Sequence[Sample], value: Any) -> float:
    """How much a value grows in a minute of a process's life, each life for itself (least squares)."""
    ages: list[float] = []
    values: list[float] = []
    for life in {one.life for one in samples}:
        own = [one for one in samples if one.life == life and one.age_s >= _WARM_S]
        if len(own) > 1:
            ages += list(np.array([one.age_s for one in own]) - np.mean([one.age_s for one in own]))
            values += list(np.array([value(one) for one in own]) - np.mean([value(one) for one in own]))
    spread = float(np.dot(ages, ages))
    return 60 * float(np.dot(ages, values)) / spread if spread else 0.0


def _soak(seconds: int, seed: int, folder: Path, server: Server | None) -> Result:
    with quiet():
        store = Stores(folder, server, "soak").store(database=server is not None)
        endurance = Endurance(store, seed, seconds)
        endurance.run()
    found = result([(seed, Shown(endurance.company, endurance.recovery_s, store.name))])
    size_kib = 0 if store.file is None else store.file.stat().st_size // 1024
    last = [one for one in endurance.samples if one.life == max(each.life for each in endurance.samples)]
    counts = (
        Count("KiB more memory in a minute of a life", round(slope(endurance.samples, _memory))),
        Count("KiB of memory at the end of the longest life", last[-1].rss_kib if last else 0),
        Count("open files at most", max((one.descriptors for one in endurance.samples), default=0)),
        Count("open files more in an hour of a life", round(60 * slope(endurance.samples, _descriptors))),
        Count("KiB of ledger", size_kib),
    )
    return replace(found, counts=(*found.counts, *counts))


def _memory(sample: Sample) -> float:
    return sample.rss_kib


def _descriptors(sample: Sample) -> float:
    return sample.descriptors
