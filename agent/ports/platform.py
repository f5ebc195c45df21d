"""Platform: what the agent asks of an ad platform, for reading and for changing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.hours import HourlyMetrics
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Edit, Receipt
from agent.domain.plan import Change
from agent.domain.ref import Ref


class Reader(Protocol):
    """The half of an adapter that cannot change anything.

    Every method may raise `Unreachable`, `RateLimited`, `AccessDenied` or `Misunderstood`.
    """

    def account(self) -> Account: ...

    def entities(self) -> EntityTable:
        """All entities that are not removed, sorted."""
        ...

    def metrics(self, since: date, until: date) -> MetricsTable:
        """Daily metrics of these days, both included, in the account's time zone."""
        ...

    def hours(self, since: date, until: date) -> HourlyMetrics:
        """Hourly figures of campaigns on these days, both included, in the account's time zone.

        Empty where the platform has none.
        """
        ...

    def advice(self) -> Advice:
        """What the platform itself tells about how its figures should be read."""
        ...

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        """Values as they stand right now, past every cache; unknown ones are left out."""
        ...

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        """Ask the platform to validate without applying; one receipt for each, in order."""
        ...

    def history(self, since: datetime) -> Sequence[Edit]:
        """Who changed what since then (UTC), oldest first."""
        ...


class Adapter(Reader, Protocol):
    """One account of one platform."""

    def apply(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        """Set absolute values, once; one receipt for each, in order.

        Never tries again by itself. When it raises, nothing was applied; whenever that is
        not certain the receipt is `Ambiguous`. Setting what already stands is accepted.
        """
        ...
