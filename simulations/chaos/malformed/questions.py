"""Questions: any one of those that gebot asks an adapter, drawn by chance."""

from datetime import date, datetime, timedelta
from random import Random

from agent.domain.outcome import Accepted, Ambiguous, Refused
from agent.domain.plan import Change
from agent.ports.platform import Adapter


def ask(adapter: Adapter, change: Change, now: datetime, rng: Random) -> None:
    """Ask one question.

    Raises:
        AssertionError: A write was not answered by one receipt.
    """
    match rng.randrange(8):
        case 0:
            adapter.account()
        case 1:
            adapter.entities()
        case 2:
            adapter.metrics(date(2026, 11, 1), date(2026, 11, 21))
        case 3:
            adapter.hours(date(2026, 11, 20), date(2026, 11, 21))
        case 4:
            adapter.advice()
        case 5:
            adapter.history(now - timedelta(days=5))
        case 6:
            adapter.read([(change.ref, change.lever)])
        case _:
            receipts = adapter.apply([change]) if rng.random() < 0.7 else adapter.rehearse([change])
            if [type(one) for one in receipts] not in ([Accepted], [Refused], [Ambiguous]):
                raise AssertionError(f"receipts were {receipts}")
