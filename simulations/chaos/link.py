"""Link: one process's adapter to the platform, with all that befalls requests."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np

from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value, value_of
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Accepted, Ambiguous, Edit, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Ref
from simulations.chaos.account import no_metrics
from simulations.chaos.chance import Chance, lag, lateness
from simulations.chaos.fates import Done, Lot, Told, error_of, lots
from simulations.chaos.platform import ACCOUNT, Number, Operation, Platform
from simulations.chaos.wire import Sender, Wire

_ROUND_TRIP = timedelta(seconds=1)
_AT_ONCE = timedelta(0)


class Link:
    """An `Adapter` over the one platform; reads fail by chance, sends meet their fate."""

    def __init__(
        self, platform: Platform, wire: Wire, chance: Chance, life: int, tell: Callable[[str], None]
    ) -> None:
        self._platform = platform
        self._wire = wire
        self._chance = chance
        self._life = life
        self._tell = tell
        self._seen: Mapping[Ref, Number] = dict(platform.stands)
        self.epoch = 0

    def account(self) -> Account:
        self._reads()
        return ACCOUNT

    def entities(self) -> EntityTable:
        self._reads()
        self._seen = dict(self._platform.stands)
        return self._platform.table()

    def metrics(self, since: date, until: date) -> MetricsTable:
        self._reads()
        return no_metrics(np.datetime64(since, "D"), np.datetime64(until, "D"))

    def hours(self, since: date, until: date) -> HourlyMetrics:
        raise NotImplementedError("nobody asks for hours here")

    def advice(self) -> Advice:
        self._reads()
        return NO_ADVICE

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        self._reads()
        stands = self._platform.stands
        return {(ref, lever): value_of(lever, stands[ref], "EUR") for ref, lever in levers}

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return [Accepted() for _ in changes]

    def history(self, since: datetime) -> Sequence[Edit]:
        self._reads()
        return self._platform.history(since)

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        operations = self._wire.leaves(changes, Sender(self._life, self.epoch, self._seen))
        fate = self._chance.fate()
        self._tell(f"sends {len(changes)} change(s): {fate}")
        self._platform.passes(self._chance.between(_AT_ONCE, _ROUND_TRIP))
        error = error_of(fate, str(ACCOUNT.id))
        if error is not None:
            raise error
        befell = lots(fate, len(operations), self._chance.pick(60))
        for operation, lot in zip(operations, befell, strict=True):
            self._do(operation, lot)
        heard = [lot for lot in befell if lot.told is not Told.NOTHING]
        return [_receipt(lot) for lot in heard]

    def _reads(self) -> None:
        fault = self._chance.read_fault()
        if fault is not None:
            self._tell(f"reads: {fault}")
            raise error_of(fault, str(ACCOUNT.id)) or AssertionError(fault)

    def _do(self, operation: Operation, lot: Lot) -> None:
        if lot.done is Done.NEVER:
            return
        after = lateness(self._chance) if lot.done is Done.LATER else _AT_ONCE
        self._platform.carries_out(operation, after, lag(self._chance))


def _receipt(lot: Lot) -> Receipt:
    match lot.told:
        case Told.ACCEPTED:
            return Accepted()
        case Told.REFUSED:
            return Refused("the budget is not to be changed just now")
        case _:
            return Ambiguous("no reply")
