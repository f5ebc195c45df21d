"""Where hours cannot be marked, a person is told what could be."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest
from live import live

from agent.cli import exclude
from agent.domain.errors import Mistake
from agent.domain.lever import Lever, Status, Value
from agent.domain.marked_hours import MarkedHours
from agent.domain.ref import Ref
from simulations.faults import Faulty


class Strict(Faulty):
    """A platform that has no such hours."""

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        return {}


def test_hours_that_a_platform_cannot_mark_are_named_with_its_limits() -> None:
    """Three weeks are refused because they are too long, and not because nothing can be marked."""
    account = live()
    account.give(reader=Strict(account.adapter))
    hours = MarkedHours(datetime(2026, 11, 1), datetime(2026, 11, 22))

    with pytest.raises(Mistake, match=r"2026-11-01T00:00/2026-11-22T00:00.*14 days at most"):
        exclude._wishes(account.parts, [account.parts.account], hours, Status.ENABLED, "broken tag")
