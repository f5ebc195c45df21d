"""Observing: what was read is known from when it had been read, not from when it was asked for."""

from dataclasses import replace
from datetime import date

from live import live

from agent import cycle
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
