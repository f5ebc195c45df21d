"""Outages: the ledger is locked, stands still or is restarted while a process works; it must outlive that."""

import sqlite3
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Timer

from agent.domain.points import Point
from simulations.chaos.campaigns import quiet
from simulations.chaos.findings import Count, Progress, Result, Tally, merged
from simulations.chaos.invariants import Invariant
from simulations.chaos.kill.actor import Actor
from simulations.chaos.kill.campaign import Shown, result
from simulations.chaos.kill.company import Company
from simulations.chaos.kill.server import Server, postgresql, temporary
from simulations.chaos.kill.stage import calm_down, next_morning
from simulations.chaos.kill.stores import Store, Stores
from simulations.chaos.kill.words import Order

OUTLIVES = "a process outlives the ledger's outage"
SAYS = "a process that a lock is kept from tells who waits for what"
ONE_CALL = "while the ledger is out one call leaves at most"
_FROZEN_S = 5.0
_AT_ONCE = 8
_TICKS = 60
"""After so many a point that was not reached is left out."""
_WELL = 3
_TICK, _SOON, _MORNING = timedelta(minutes=1), timedelta(minutes=8), timedelta(hours=2)
_STEP = timedelta(seconds=0.6)


class How(StrEnum):
    """What befalls the ledger."""

    LOCKED = "locked"  # SQLite: another program holds the write lock
    FROZEN = "frozen"  # PostgreSQL: all its processes stand still
    CRASHED = "crashed"  # PostgreSQL: killed, and started again


TRIALS = tuple((how, point) for how in How for point in Point)


@dataclass(frozen=True, slots=True)
class Outages:
    """A campaign each of whose trials is one outage that begins at one point.

    Attributes:
        locked_s: How long the lock is held.
        busy_timeout_s: How long the product waits for it, at each call.
    """

    name: str = "outages"
    locked_s: float = 60.0
    busy_timeout_s: float = 30.0

    def run(self, size: int, seed: int, jobs: int, progress: Progress) -> Result:
        """See `Campaign`: so many places of the list, from this one on; they wait more than they work."""
        trials = [number % len(TRIALS) for number in range(seed, seed + size)]
        one = partial(_trial, locked_s=self.locked_s, busy_timeout_s=self.busy_timeout_s)
        results = []
        with ExitStack() as stack:
            folder = stack.enter_context(temporary("gebot-outage-"))
            asks = any(TRIALS[number][0] is not How.LOCKED for number in trials)
            server = stack.enter_context(postgresql()) if asks else None
            # A process that is started anew has one thread, so that it may fork. One server: one at a time.
            of_files = stack.enter_context(ProcessPoolExecutor(_AT_ONCE, mp_context=get_context("spawn")))
            of_server = stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
            asked = [
                (of_files if TRIALS[number][0] is How.LOCKED else of_server).submit(
                    one, number, folder, server
                )
                for number in trials
            ]
            for done in asked:
                results.append(done.result())
                progress(1)
        return merged(results)


OUTAGES = Outages()


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an outage befalls a process, and how long it lasts if it is not over at once."""

    store: Store
    server: Server | None
    hold_s: float


class Ordeal:
    """One process, day after day, and one outage.

    Attributes:
        began: The point was reached.
        calls: Sends that left during the outage.
        said: What the process told of it, in words.
        outlived: It is the same process still, and does its ticks again.
    """

    def __init__(self, how: How, point: Point, stage: Stage, seed: int) -> None:
        store = stage.store
        self.company = Company(
            store, seed, lambda words: None, reached=self._reached, died=lambda actor: None
        )
        self.began = self.outlived = False
        self.calls = self._before = 0
        self.said = ""
        self._how, self._point, self._stage = how, point, stage
        self._timer: Timer | None = None
        self._lock: sqlite3.Connection | None = None

    def run(self) -> None:
        """Until the point was reached and all is well again; then judge."""
        company = self.company
        well = 0
        try:
            actor = company.start(0)
            for _ in range(_TICKS):
                self._tick(actor)
                if actor.line not in company.actors:
                    break
                if self.began and actor.last is not None:
                    self.said = self.said or actor.last.failed
                    well = 0 if actor.last.failed or self._is_on else well + 1
                if well == _WELL:
                    break
                self._time_passes(actor)
            self.outlived = well == _WELL
            if self._timer is not None:
                self._timer.join()
            calm_down(company)
            company.judge()
        finally:
            if self._timer is not None:
                self._timer.join()
            company.disband()

    @property
    def _is_on(self) -> bool:
        return self._timer is not None and self._timer.is_alive()

    def _tick(self, actor: Actor) -> None:
        while actor.line in self.company.actors and not actor.waits:
            if not self.company.listen():
                raise TimeoutError("nothing was heard of a process that should be at work")

    def _time_passes(self, actor: Actor) -> None:
        world, chance = self.company.world, self.company.world.chance
        if self._is_on or world.intents.open:
            world.passes(chance.between(_TICK, _SOON))
        else:
            world.passes(next_morning(self.company) + chance.between(_TICK, _MORNING))
        self.company.order(actor, Order.GO_ON)

    def _reached(self, actor: Actor, point: Point) -> None:
        world = self.company.world
        world.passes(world.chance.between(timedelta(0), _STEP))
        if point is self._point and not self.began:
            self.began = True
            self._begin()
        self.company.order(actor, Order.GO_ON)

    def _begin(self) -> None:
        self._before = self._sent()
        if self._how is How.LOCKED:
            assert self._stage.store.file is not None, "a lock is one of a file"
            self._lock = sqlite3.connect(
                self._stage.store.file, isolation_level=None, check_same_thread=False
            )
            self._lock.execute("BEGIN IMMEDIATE")
        else:
            assert self._stage.server is not None, "there is a server"
            (self._stage.server.freeze if self._how is How.FROZEN else self._stage.server.crash)()
        if self._how is not How.CRASHED:
            self._timer = Timer(self._stage.hold_s, self._end)
            self._timer.start()

    def _end(self) -> None:
        self.calls = self._sent() - self._before
        if self._lock is not None:
            self._lock.close()
        elif self._stage.server is not None:
            self._stage.server.thaw()

    def _sent(self) -> int:
        return self.company.world.book.trials[Invariant.EPOCH]


def _trial(
    number: int, folder: Path, server: Server | None, *, locked_s: float, busy_timeout_s: float
) -> Result:
    """In a worker: one outage."""
    how, point = TRIALS[number]
    if how is not How.LOCKED and server is None:
        return Result((), counts=(Count("outages left out: there is no server", 1),))
    began_s = time.monotonic()
    with quiet():
        stores = Stores(folder, server, f"outage_{number}", busy_timeout_s)
        store = stores.store(database=how is not How.LOCKED)
        ordeal = Ordeal(
            how, point, Stage(store, server, locked_s if how is How.LOCKED else _FROZEN_S), number
        )
        ordeal.run()
    found = result([(number, Shown(ordeal.company, (), store.name))])
    if not ordeal.began:
        return replace(found, counts=(Count(f"not reached: {point}", 1),))
    tallies = [
        _tally(OUTLIVES, number, holds=ordeal.outlived),
        _tally(ONE_CALL, number, holds=ordeal.calls <= 1),
    ]
    if how is How.LOCKED:
        tallies.append(_tally(SAYS, number, holds="locked" in ordeal.said))
    seconds = round(time.monotonic() - began_s)
    counts = (*found.counts, Count(f"{how}", 1), Count("seconds of trials", seconds))
    return replace(found, tallies=(*found.tallies, *tallies), counts=counts)


def _tally(invariant: str, number: int, *, holds: bool) -> Tally:
    return Tally(invariant, 1, int(not holds), () if holds else (number,))
