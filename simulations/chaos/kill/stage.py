"""Stage: one schedule of real processes: who is killed when, who sleeps, and the calm at the end."""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta

from agent.domain.points import Point
from simulations.chaos.calm import Calm
from simulations.chaos.chance import Freeze, PersonEdits, Stop
from simulations.chaos.fates import HISTORY_LAG, PROCESSING
from simulations.chaos.kill.actor import Actor
from simulations.chaos.kill.company import Company
from simulations.chaos.kill.dooms import NEVER, Dooms
from simulations.chaos.kill.stores import Store
from simulations.chaos.kill.words import Order

_STEP = timedelta(seconds=0.6)
_DOWN_AT_LEAST, _DOWN_AT_MOST = timedelta(seconds=1), timedelta(minutes=2)
_TICK, _SOON, _MORNING = timedelta(minutes=1), timedelta(minutes=8), timedelta(hours=2)
_TAKEN_OVER_AFTER = timedelta(minutes=1)
_CALM_TICK = timedelta(minutes=12)
_CALM_TICKS = 3
_IN_VAIN = 6
"""Ticks without a kill after which a doomed process that has nothing to do is killed from outside."""
_NO_TIME = timedelta(0)


class Stage:
    """One schedule on one ledger.

    Attributes:
        recovery_s: From the start of each process that followed a killed one until it had
            decided on what was due and looked up what became of the unknown.
        recovery_cpu_s: What it computed for that; the rest it waited for a core, or for the platform.
    """

    def __init__(self, store: Store, dooms: Dooms, seed: int, tell: Callable[[str], None]) -> None:
        self.company = Company(store, seed, tell, reached=self._reached, died=self._died)
        self.world = self.company.world
        self.recovery_s: list[float] = []
        self.recovery_cpu_s: list[float] = []
        self._store = store
        self._dooms = list(dooms.of_lives)
        self._n_kills = len(dooms.of_lives)
        self._two = dooms.two
        self._machine = 0
        self._rounds = 0

    def run(self) -> None:
        """Live through it, let all become well, and judge."""
        try:
            while self.world.book.counts["kills"] < self._n_kills:
                self._play()
            calm_down(self.company)
            self.company.judge()
        finally:
            self.company.disband()

    def _play(self) -> None:
        """The next thing that happens."""
        self._staff()
        if all(actor.waits for actor in self.company.actors.values() if actor.wakes is None):
            self._time_passes()
        elif not self.company.listen():
            raise TimeoutError("nothing was heard of processes that should be at work")

    def _staff(self) -> None:
        """Start whoever should run and does not."""
        actors = self.company.actors.values()
        if self._two or any(actor.wakes is not None for actor in actors):
            for machine in {0, 1} - {actor.machine for actor in actors}:
                self._start(machine)
        elif not actors:
            self._start(self._machine)

    def _start(self, machine: int) -> None:
        self.company.start(machine, self._dooms.pop(0) if self._dooms else NEVER)

    def _died(self, actor: Actor) -> None:
        world = self.world
        world.passes(world.chance.between(_DOWN_AT_LEAST, _DOWN_AT_MOST))
        self._machine = world.chance.pick(2)
        self._rounds = 0

    def _reached(self, actor: Actor, point: Point) -> None:
        world = self.world
        actor.points += 1
        world.tell(f"life {actor.number} reached: {point}")
        world.book.counts["points"] += 1
        world.passes(world.chance.between(_NO_TIME, _STEP))
        if point is Point.LOOKED_UP and not actor.recovered:
            actor.recovered = True
            if actor.number > 1:
                self.recovery_s.append(time.monotonic() - actor.began_s)
                self.recovery_cpu_s.append(actor.cpu_s)
        if actor.points == actor.doom.points:
            self.company.order(actor, Order.DIE)
            return
        event = world.chance.at(point)
        match event:
            case Freeze() if point is not Point.BEFORE_WIRE and self._nobody_sleeps:
                self._freeze(actor, event)
                return
            case PersonEdits() | Stop():
                self._outside(event)
        self.company.order(actor, Order.GO_ON)

    def _freeze(self, actor: Actor, freeze: Freeze) -> None:
        """It stands still; another process may take the lead meanwhile, and time passes for all others."""
        world = self.world
        world.tell(f"life {actor.number} stands still for {freeze.span}")
        world.book.counts["freezes"] += 1
        wakes = world.now + freeze.span
        actor.recovered = True  # its time would tell nothing
        self.company.order(actor, Order.STAND_STILL)
        os.waitpid(actor.pid, os.WUNTRACED)
        world.passes(min(_TAKEN_OVER_AFTER, freeze.span / 4))
        if freeze.meanwhile is not None:
            self._outside(freeze.meanwhile)
        actor.wakes = wakes
        if freeze.replaced and freeze.span > _TAKEN_OVER_AFTER:
            self._store.frees_lead()
            time.sleep(self._store.loses_lead_s)
        else:
            world.passes(wakes - world.now)
            self._wake(actor)

    @property
    def _nobody_sleeps(self) -> bool:
        return all(actor.wakes is None for actor in self.company.actors.values())

    def _wake(self, actor: Actor) -> None:
        self.world.tell(f"life {actor.number} wakes")
        actor.wakes = None
        self.company.sync()
        os.kill(actor.pid, signal.SIGCONT)

    def _outside(self, event: PersonEdits | Stop) -> None:
        if isinstance(event, PersonEdits):
            self.world.person_edits(event)
        else:
            self.world.put_up_stop(event)

    def _time_passes(self) -> None:
        """All have done their tick: minutes while anything is open, else until the next morning."""
        world = self.world
        chance, now = world.chance, world.now
        self._rounds += 1
        if world.intents.open:
            span = chance.between(_TICK, _SOON)
        else:
            span = next_morning(self.company) + chance.between(_TICK, _MORNING)
        asleep = [(one, one.wakes) for one in self.company.actors.values() if one.wakes is not None]
        world.passes(min([span, *(wakes - now for _, wakes in asleep)]))
        for actor, wakes in asleep:
            if world.now >= wakes:
                self._wake(actor)
        for actor in self.company.actors.values():
            if actor.waits:
                if self._rounds > _IN_VAIN and actor.doom is not NEVER:
                    self.company.kill(actor)
                self.company.order(actor, Order.GO_ON)


def next_morning(company: Company) -> timedelta:
    """How long it is until six o'clock."""
    now = company.world.now
    return now.replace(hour=6, minute=0, second=0) + timedelta(days=1) - now


def calm_down(company: Company) -> None:
    """No more faults: all are killed, what was on its way arrives, and one process has the time it needs."""
    world = company.world
    company.kill_all()
    world.tell("all is well from now on")
    world.chance = Calm()
    world.lift_stop()
    world.passes(PROCESSING + HISTORY_LAG)
    last = company.start(0)
    ticks = 0
    while last.line in company.actors:
        if not company.listen():
            raise TimeoutError("nothing was heard of the process that should settle all")
        if last.waits:
            ticks += last.leads
            world.passes(_CALM_TICK)
            last.ends = ticks == _CALM_TICKS
            company.order(last, Order.END if last.ends else Order.GO_ON)
