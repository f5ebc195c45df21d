"""Replay: draw up each morning's plan from a ledger that holds nothing later than that morning.

The ledger grows with the days, so the plans are honest by construction; `look_ahead` then asks
the grown ledger for the same mornings again and finds whoever looked further.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent import cycle
from agent.clock import SteppedClock
from agent.config.accounts import AccountSettings
from agent.config.digest import policy_digest
from agent.config.settings import Settings
from agent.domain.entity import EntityTable
from agent.domain.plan import Plan
from agent.ledger.memory.ledger import MemoryLedger
from agent.parts import Parts
from agent.ports.ledger import Ledger
from agent.steps.approve import Nobody
from agent.steps.decide import Decider, Desk
from agent.wiring.fencing import fence
from agent.wiring.parts import desks
from simulations.replay.closed import Closed
from simulations.replay.past import Past, record
from simulations.replay.unwatched import UnwatchedLedger
from simulations.replay.watch import Watch, Watched


@dataclass(frozen=True, slots=True)
class Morning:
    """One morning of the past.

    Attributes:
        plan: What would have been proposed.
        entities: The account as it was known and stood then.
    """

    day: date
    plan: Plan
    entities: EntityTable


class Replay:
    """The engine of one account over its past."""

    def __init__(
        self,
        settings: Settings,
        account: AccountSettings,
        past: Past,
        new_ledger: Callable[[], Ledger] | None = None,
    ) -> None:
        """Build the deciders and guardrails of config.toml; nothing is drawn up yet.

        Args:
            new_ledger: Makes the empty ledger that the readings are recorded into; in memory
                when None.

        Raises:
            Mistakes: What is wrong with strategies and rule files.
        """
        limits = settings.guardrails_of(account)
        self.past = past
        self.ledger = _ledger_for(past) if new_ledger is None else new_ledger()
        self.watch = Watch(past.files)
        self._recorded = 0
        self._made_from = (settings, account, past, new_ledger)
        self._parts = Parts(
            account=past.account.id,
            reader=Closed(past.account),
            writer=None,
            ledger=self.ledger,
            clock=SteppedClock(past.readings[0].at),
            desks=tuple(self._watched(desk) for desk in desks(settings, account, limits)),
            fence=fence(limits),
            approver=Nobody(),
            policy=policy_digest(settings),
            seed=settings.seed,
            history_days=account.schedule.history_days,
            reread_days=account.schedule.reread_days,
            max_age=limits.max_metrics_age,
            expires_after=settings.approval.expires_after,
            grace=timedelta(),
            check_stop=lambda: None,
        )

    def appoint(self, deciders: Sequence[Decider]) -> None:
        """Let these decide in every portfolio, in this order, in the place of those of config.toml."""
        named = tuple(self._watched(replace(desk, deciders=tuple(deciders))) for desk in self._parts.desks)
        self._parts = replace(self._parts, desks=named)

    def mornings(self, moments: Sequence[datetime]) -> Iterator[Morning]:
        """Draw up the plan of each moment, oldest first, recording what was seen up to it and no more."""
        for moment in moments:
            self.record(until=moment)
            found = self.morning(moment)
            if found is not None:
                yield found

    def record(self, *, until: datetime) -> None:
        """Take the readings up to a moment into the ledger."""
        readings = self.past.readings
        while self._recorded < len(readings) and readings[self._recorded].at <= until:
            record(self.ledger, self.past.account.id, readings[self._recorded])
            self._recorded += 1

    def morning(self, moment: datetime) -> Morning | None:
        """Draw up the plan of a moment from the ledger as it is; None before anything was seen."""
        parts = self.parts_at(moment)
        plan = cycle.draw_up(parts)
        if plan is None:
            return None
        entities = self.ledger.entities(self.past.account.id, moment)
        assert entities is not None, "there is a plan"
        return Morning(self.local_day(moment), plan, entities)

    def fresh(self) -> "Replay":
        """The same with an empty ledger."""
        return Replay(*self._made_from)

    def parts_at(self, moment: datetime) -> Parts:
        """The parts of a cycle at that moment."""
        history_days = self._parts.history_days
        if self.past.first_day is not None:
            history_days = min(history_days, (self.local_day(moment) - self.past.first_day).days)
        return replace(self._parts, clock=SteppedClock(moment), history_days=history_days)

    def local_day(self, moment: datetime) -> date:
        """The date in the account's time zone."""
        return moment.astimezone(ZoneInfo(self.past.account.time_zone)).date()

    def _watched(self, desk: Desk) -> Desk:
        deciders = (Decider(one.name, Watched(one.name, one.strategy, self.watch)) for one in desk.deciders)
        return replace(desk, deciders=tuple(deciders))


def _ledger_for(past: Past) -> Ledger:
    return MemoryLedger() if past.levers_watched else UnwatchedLedger()
