"""Life: one process of gebot, from taking the lead until it dies, is replaced, or its time is over."""

from collections.abc import Callable
from datetime import datetime, timedelta

from agent import cycle, settling
from agent.daemon.pauses import pause_after
from agent.daemon.rounds import Post, go_round
from agent.domain.errors import GebotError, LedgerError
from agent.domain.points import Point
from simulations.chaos.account import SCHEDULE, parts
from simulations.chaos.chance import skew
from simulations.chaos.link import Link
from simulations.chaos.platform import ACCOUNT
from simulations.chaos.witness import Died, Witness
from simulations.chaos.world import World

_TICK = timedelta(minutes=1)
_SOON = timedelta(minutes=8)
_MORNING = timedelta(hours=2)


class Life:
    """A process on one of two machines. It runs the product's own round, cycle, steps and guardrails.

    Attributes:
        left: How many points it will still reach; it dies at the last of them.
        superseded: Another process took the lead while this one stood still.
    """

    def __init__(
        self,
        world: World,
        number: int,
        machine: str,
        seed: int,
        *,
        reached: Callable[["Life", Point], None],
        waits: Callable[[timedelta], None],
    ) -> None:
        self.left = world.chance.lifetime()
        self.number = number
        self.machine = machine
        self.superseded = False
        self._world = world
        self._waits = waits
        self._skew = skew(world.chance)
        self._witness = Witness(world.ledger, world.intents, world.chance, number)
        self._link = Link(world.platform, world.wire, world.chance, number, world.tell)
        self._post = Post(
            parts(
                self._link,
                self._witness,
                self,
                seed=seed,
                check_stop=self._check_stop,
                reached=lambda point: reached(self, point),
                shape=world.shape,
            ),
            SCHEDULE,
            carries_out=True,
            announce=lambda _what, _record: None,
        )

    def now(self) -> datetime:
        """The time of this machine: a `Clock`."""
        return self._world.now + self._skew

    def live(self, until: datetime) -> None:
        """Lead, and go round until then.

        Raises:
            Died: It was killed.
        """
        epoch = self._lead()
        while self._world.now < until and not self.superseded:
            pause = self.round(epoch)
            self._waits(min(max(pause, self._wait()), until - self._world.now))

    def round(self, epoch: int) -> timedelta:
        """One round. Returns: how long the daemon leaves the account alone."""
        try:
            go_round(self._post, epoch)
        except LedgerError as error:
            self._world.tell(f"round ended: {error}")
            return _TICK
        except GebotError as error:
            self._world.tell(f"round ended: {error}")
            pause = pause_after(error, self.now(), None)
            return _TICK if pause is None else pause.until - self.now()
        return timedelta(0)

    def settle(self) -> None:
        """What a calm hour does: look, carry out what is left, settle all that is open, look again."""
        epoch = self._lead()
        cycle.look(self._post.parts)
        for _ in range(2):
            self.round(epoch)
            self._world.passes(timedelta(minutes=12))
        cycle.look(self._post.parts)

    def dies(self) -> None:
        """End this process at once; nothing of it can act any more.

        Raises:
            Died: Always.
        """
        self._witness.dead = True
        raise Died

    def _lead(self) -> int:
        """Take the lead and take up what a dead process left behind, as the daemon does."""
        while True:
            epoch: int = self._witness.take_lead(ACCOUNT.id, self.machine, self.number, self.now())
            self._link.epoch = epoch
            self._world.tell(f"life {self.number} on {self.machine} leads with epoch {epoch}")
            try:
                self._post.parts.reached(Point.LED)
                settling.recover(self._post.parts, epoch=epoch)
            except LedgerError:
                self._world.passes(_TICK)
                continue
            return epoch

    def _check_stop(self) -> None:
        if self._witness.dead:
            raise Died
        self._world.check_stop()

    def _wait(self) -> timedelta:
        """Minutes while anything is open, else until some time on the next morning."""
        chance, now = self._world.chance, self._world.now
        if self._world.intents.open:
            return chance.between(_TICK, _SOON)
        morning = now.replace(hour=6, minute=0, second=0) + timedelta(days=1)
        return morning - now + chance.between(_TICK, _MORNING)
