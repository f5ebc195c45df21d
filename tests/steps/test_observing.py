"""Observing: what was read is known from when it had been read, not from when it was asked for."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import sample
from live import live

from agent import cycle
from agent.domain.advice import Advice
from agent.domain.entity import EntityTable, entity_table
from agent.domain.errors import Unreachable
from agent.domain.metrics import MetricsTable
from agent.domain.ref import Kind
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


class Deeper(Faulty):
    """A platform that begins to tell of one ad set in each campaign, which does what its campaign does."""

    deep = False

    def entities(self) -> EntityTable:
        table = super().entities()
        if not self.deep:
            return table
        return entity_table(
            table.account,
            table.ids.tolist() * 2,
            names=table.names.tolist() * 2,
            kinds=[*table.kinds.tolist(), *[Kind.AD_SET.value] * len(table)],
            parents=[*table.parents.tolist(), *table.ids.tolist()],
        )

    def metrics(self, since: date, until: date) -> MetricsTable:
        table = super().metrics(since, until)
        if not self.deep:
            return table
        columns: dict[str, Any] = {
            name: np.concatenate([column, column])
            for name in table.__dataclass_fields__
            if isinstance(column := getattr(table, name), np.ndarray)
        }
        columns["kinds"] = np.concatenate([table.kinds, np.full(len(table), Kind.AD_SET.value)])
        return replace(table, **columns)


def test_a_level_that_is_told_anew_has_its_past() -> None:
    """Days that were read without it are not days on which it cost nothing."""
    account = live()
    platform = Deeper(account.adapter)
    account.give(reader=platform)
    cycle.look(account.parts)
    account.step(hours=1)
    platform.deep = True

    cycle.look(account.parts)

    snapshot = cycle.known(account.parts)
    assert snapshot is not None
    of = {kind: snapshot.entities.kinds == kind.value for kind in (Kind.CAMPAIGN, Kind.AD_SET)}
    cost = snapshot.metrics.cost_micros
    assert cost[of[Kind.AD_SET]].tolist() == cost[of[Kind.CAMPAIGN]].tolist()
