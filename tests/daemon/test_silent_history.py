"""A change history that cannot be read stops all sending, and says so."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from live import Live, live

from agent import cycle, settling
from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, Unreachable
from agent.domain.outcome import Edit, State, Step
from simulations.faults import Faulty


class Forgetful(Faulty):
    """Its change history cannot be read while `error` is set."""

    error: PlatformError | None = None

    def history(self, since: datetime) -> Sequence[Edit]:
        if self.error is not None:
            raise self.error
        return super().history(since)


def unsettled() -> tuple[Live, Forgetful]:
    """An account with a change of which nobody knows what became, an hour ago."""
    account = live(("1.1", "0.8", None))
    platform = Forgetful(account.adapter)
    account.give(reader=platform)
    ledger, plan = account.parts.ledger, account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    ledger.advance([Step(plan.id, plan.changes[0].id, State.SENDING)], account.clock.now(), epoch=0)
    account.step(hours=1)
    return account, platform


@pytest.mark.parametrize("kind", [Unreachable, AccessDenied, Misunderstood])
def test_a_history_that_cannot_be_read_says_that_it_stops_all_sending(kind: type[PlatformError]) -> None:
    """Who acts next stays the same; what it means is told, and what the platform said."""
    account, platform = unsettled()
    platform.error = kind("simulated:demo", "no such field")

    with pytest.raises(kind) as caught:
        settling.settle(account.parts, epoch=0)

    assert str(caught.value).count("simulated:demo") == 1
    assert all(words in str(caught.value) for words in ("nothing is sent", "no such field", "history"))
