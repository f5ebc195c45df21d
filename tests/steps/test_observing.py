"""Observing: what was read is known from when it had been read, not from when it was asked for."""

from dataclasses import replace
from datetime import date

import sample
from live import live

from agent import cycle
from agent.domain.advice import Advice
from agent.domain.errors import Unreachable
from agent.domain.metrics import MetricsTable
from simulations.faults import Faulty


def test_two_observers_at_once_do_not_quarrel() -> None:
    """`gebot plan` or `gebot apply` beside the daemon: the slower one finds nothing in its way."""
    account = live()

    class Slow(Faulty):
        def metrics(self, since: date, until: date) -> MetricsTable:
            account.step(seconds=30)
            cycle.look(replace(account.parts, reader=account.adapter))
            account.step(seconds=30)
            return super().metrics(since, until)

    account.give(reader=Slow(account.adapter))

    cycle.look(account.parts)

    snapshot = cycle.known(account.parts)
    assert snapshot is not None
    assert snapshot.freshness.observed_at == account.clock.now()


class Telling(Faulty):
    """A platform that tells what it is given to tell; None: it does not answer."""

    told: Advice | None = None

    def advice(self) -> Advice:
        if self.told is None:
            raise Unreachable("simulated:demo", "no answer")
        return self.told


def test_what_a_platform_tells_is_known_with_the_figures() -> None:
    """Hours that somebody marks there are out of the next plan."""
    account = live()
    platform = Telling(account.adapter)
    account.give(reader=platform)
    platform.told = sample.marked("2026-11-10T08:00/2026-11-10T14:00")

    cycle.look(account.parts)

    snapshot = cycle.known(account.parts)
    assert snapshot is not None
    assert snapshot.advice == platform.told
    assert snapshot.days[snapshot.excluded[0]].tolist() == [date(2026, 11, 10)]


def test_advice_that_cannot_be_read_holds_up_no_figures() -> None:
    """What was told last stays known: hours that were marked do not come back into learning."""
    account = live()
    platform = Telling(account.adapter)
    account.give(reader=platform)
    platform.told = sample.marked("2026-11-10T08:00/2026-11-10T14:00")
    cycle.look(account.parts)
    account.step(hours=1)
    platform.told = None

    cycle.look(account.parts)

    snapshot = cycle.known(account.parts)
    assert snapshot is not None
    assert snapshot.freshness.observed_at == account.clock.now()
    assert snapshot.excluded.any()
