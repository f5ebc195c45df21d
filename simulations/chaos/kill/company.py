"""Company: the processes that run, and the line on which each is heard; the platform is on this side."""

import os
import signal
import time
from collections.abc import Callable

from agent import stop
from agent.domain.errors import PlatformError
from agent.domain.points import Point
from simulations.chaos.chance import Luck, skew
from simulations.chaos.invariants import Invariant
from simulations.chaos.judge import judge
from simulations.chaos.kill.actor import Actor
from simulations.chaos.kill.dooms import NEVER, Doom
from simulations.chaos.kill.memory import Memory
from simulations.chaos.kill.process import SharedTime, fork
from simulations.chaos.kill.stores import Glimpses, Store
from simulations.chaos.kill.words import (
    Answer,
    Asks,
    Broke,
    Heard,
    Line,
    Order,
    Raised,
    Reached,
    Refused,
    TickOver,
    Word,
    Writes,
    Wrote,
    waiting,
)
from simulations.chaos.link import Link
from simulations.chaos.shape import THREE, Shape
from simulations.chaos.world import World

_HUNG_S = 120.0


class Company:
    """Processes on one ledger, of which any may be killed at any instant.

    Args:
        reached: Told of each point; it gives the process its next order.
        died: Told of each process that was killed.

    Attributes:
        actors: Those that live, by their line.
    """

    def __init__(
        self,
        store: Store,
        seed: int,
        tell: Callable[[str], None],
        *,
        reached: Callable[[Actor, Point], None],
        died: Callable[[Actor], None],
        shape: Shape = THREE,
    ) -> None:
        self.world = World(Glimpses(store), Luck(seed), self._told, shape)
        self.memory = Memory(self.world.intents, store)
        self.actors: dict[Line, Actor] = {}
        self._store = store
        self._seed = seed
        self._tell = tell
        self._reached = reached
        self._killed = died
        self._time = SharedTime()
        self._lives = 0
        self._inbox: list[tuple[Heard, Actor]] = []

    def start(self, machine: int, doom: Doom = NEVER) -> Actor:
        """Fork a process; it begins its first tick at once."""
        world = self.world
        self._lives += 1
        ahead = skew(world.chance)
        self.sync()
        began_s = time.monotonic()
        pid, line = fork(
            self._store.machine(ahead), self._time, self._seed, shape=world.shape, others=list(self.actors)
        )
        link = Link(world.platform, world.wire, world.chance, self._lives, world.tell)
        actor = self.actors[line] = Actor(self._lives, machine, pid, line, link, doom, began_s)
        world.tell(f"life {actor.number} starts on machine {machine}; it is to die {doom}")
        return actor

    def listen(self, longest_s: float = _HUNG_S) -> bool:
        """Heed what was said first of all that was said, or kill whose time has come.

        Returns: False when so many seconds went by in silence.
        """
        lived = len(self.actors)
        heard = self._next(longest_s)
        if heard is not None:
            self._hears(heard[0].said, heard[1])
            return True
        return len(self.actors) < lived or self._strike()

    def order(self, actor: Actor, order: Order) -> None:
        """Tell a process that waits what to do."""
        actor.waits = False
        self.sync()
        actor.line.say(order)

    def kill(self, actor: Actor) -> None:
        os.kill(actor.pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """Kill all; what they said before still counts."""
        for actor in self.actors.values():
            self.kill(actor)
        while self.actors or self._inbox:
            heard = self._next(_HUNG_S)
            if heard is not None and isinstance(heard[0].said, Wrote | Refused):
                self._hears(heard[0].said, heard[1])

    def sync(self) -> None:
        """Let the processes see what time it is, and whether there is a stop file."""
        self._time.put(self.world.now)
        state = self._store.state
        if self.world.stop_file is not bool(stop.reason_to_stop(state)):
            (stop.put_up(state, "by chance") if self.world.stop_file else stop.take_down(state))

    def judge(self) -> None:
        """Hold the ledger against the platform and against what was acknowledged; nobody lives any more."""
        self.memory.make_sure()
        with self._store.opened() as ledger:
            self.world.reopen(ledger)
            judge(self.world)
            self.memory.judge(ledger, self._store.faults())

    def disband(self) -> None:
        """Leave no process behind, whatever happened here."""
        for actor in self.actors.values():
            os.kill(actor.pid, signal.SIGKILL)
            os.waitpid(actor.pid, 0)
            actor.line.socket.close()
        self.actors.clear()

    def _next(self, longest_s: float) -> tuple[Heard, Actor] | None:
        """What was said first; None: it was silent until somebody's time had come."""
        dues = [one.began_s + one.doom.after_s for one in self.actors.values() if one.doom.after_s]
        patience_s = min([longest_s, *(due - time.monotonic() for due in dues)])
        for line in waiting(list(self.actors), 0.0 if self._inbox else patience_s):
            actor = self.actors[line]
            heard = line.hear()
            if heard is None:
                self._died(actor)
            else:
                self._inbox.append((heard, actor))
        if not self._inbox:
            return None
        first = min(self._inbox, key=lambda one: one[0])
        self._inbox.remove(first)
        return first

    def _strike(self) -> bool:
        """Kill those whose time has come, whatever they are doing. Returns: whether there was any."""
        now_s = time.monotonic()
        for actor in self.actors.values():
            if actor.doom.after_s and actor.began_s + actor.doom.after_s <= now_s:
                actor.doom = NEVER
                self.kill(actor)
                return True
        return False

    def _died(self, actor: Actor) -> None:
        """Take leave of a process of which nothing more will be heard."""
        _, status = os.waitpid(actor.pid, 0)
        actor.line.socket.close()
        del self.actors[actor.line]
        if actor.writes is not None:
            self.memory.unsure(actor.number, actor.writes)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            self.world.tell(f"life {actor.number} was killed")
            self.world.book.counts["kills"] += 1
            self._killed(actor)
        elif not actor.ends:
            words = f"life {actor.number} ended by itself, status {status}"
            self.world.book.hold(Invariant.NOT_STUCK, words)

    def _hears(self, word: Word, actor: Actor) -> None:
        match word:
            case Reached(point, cpu_s):
                actor.cpu_s = cpu_s
                self._reached(actor, point)
            case Asks(call, arguments):
                self.memory.make_sure()
                actor.line.say(self._asked(actor, call, arguments))
            case Writes():
                self.memory.make_sure()
                actor.writes = word
                self.order(actor, Order.GO_ON)
            case Wrote() | Refused():
                assert actor.writes is not None, "it was announced"
                writes, actor.writes = actor.writes, None
                self._ended(actor, writes, word)
            case TickOver():
                actor.waits, actor.leads, actor.last = True, word.leads, word
                actor.recovered = True  # or another one leads, and this one has nothing to do
                if word.failed:
                    self.world.tell(f"life {actor.number}: {word.failed}")
            case Broke(words):
                self.world.tell(words)

    def _ended(self, actor: Actor, writes: Writes, word: Wrote | Refused) -> None:
        if isinstance(word, Refused):
            self.memory.unsure(actor.number, writes)
            return
        self.memory.wrote(actor.number, writes)
        if word.epoch is not None:
            actor.link.epoch = word.epoch

    def _asked(self, actor: Actor, call: str, arguments: tuple[object, ...]) -> Answer | Raised:
        try:
            return Answer(getattr(actor.link, call)(*arguments))
        except PlatformError as error:
            return Raised.of(error)
        finally:
            self.sync()

    def _told(self, words: str) -> None:
        self._tell(f"{self.world.now:%d %H:%M:%S} {words}")
