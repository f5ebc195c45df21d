"""Stage: where an adapter is put to the test; whoever writes an adapter writes one of these."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from agent.domain.lever import Lever, Value
from agent.domain.ref import Ref
from agent.ports.platform import Adapter, Reader


class Ability(StrEnum):
    """What a stage can do beyond reading; a check that needs more than there is gets skipped."""

    WRITE = "apply changes"
    REHEARSE = "have the platform validate changes without applying them"
    HISTORY = "tell who changed what"
    HOURS = "tell hourly figures"
    MARK_HOURS = "make data exclusions"
    PAUSE = "pause a campaign that has a budget"
    LOCK = "hold something that gebot must leave alone"
    ADVANCE = "move its clock"
    EDIT = "edit as somebody else"
    COUNT_COST = "say what a day cost by the platform's own books"
    OPEN_EMPTY = "open an account without campaigns"
    OPEN_UNBEGUN = "open an account without metrics"
    OPEN_PAGES = "open an account of hundreds of campaigns"
    OPEN_LARGE = "open an account of ten thousand campaigns"
    # Trouble that it can make
    LOSE_REPLY = "lose the reply of a write"
    LOSE_REQUEST = "lose a write on its way"
    REFUSE_ONE = "refuse one operation of a write"
    LIMIT_READS = "limit the rate of reads"
    LIMIT_WRITES = "limit the rate of writes"
    BREAK_OFF = "break off an answer in the middle"
    VANISH = "be unreachable"
    DENY = "deny access"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that befalls the calls from now on, until the scene is mended.

    Lost replies, lost requests and refused operations befall the next write alone, whatever
    is read before it.

    Attributes:
        what: One of the abilities to make trouble.
        seconds: How long the platform asks to wait, where it limits the rate.
        operation: Place, in the batch that is applied, of the change that is refused.
    """

    what: Ability
    seconds: float = 0.0
    operation: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """What account a check wants: fresh, edited by nobody, with all that the platform has.

    With the campaigns come the kinds below and beside them (shared budgets, ad groups, ad sets,
    keywords), every lever that the platform knows where a few campaigns suffice for that, and
    an entity that gebot must leave alone.

    Attributes:
        now: UTC; the clock stands still.
        campaigns: About so many.
        history_days: Days of metrics before today.
    """

    currency: str = "EUR"
    time_zone: str = "America/New_York"
    now: datetime = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    campaigns: int = 12
    history_days: int = 16

    def __str__(self) -> str:
        """What is unusual about it; "" when nothing is."""
        mine = {field.name: getattr(self, field.name) for field in fields(self)}
        usual = {field.name: field.default for field in fields(self)}
        told = {"campaigns": "{} campaigns", "history_days": "{} days", "now": "{:%H:%M} UTC"}
        return ", ".join(
            told.get(name, "{}").format(value) for name, value in mine.items() if value != usual[name]
        )


USUAL = Opening()


class Scene(Protocol):
    """One account that was opened for one check, with the adapter under test on it.

    Whoever lacks an ability leaves out what belongs to it.
    """

    @property
    def abilities(self) -> frozenset[Ability]:
        """Those of its stage."""
        ...

    @property
    def reader(self) -> Reader:
        """The adapter under test."""
        ...

    @property
    def writer(self) -> Adapter:
        """The same, where it can write."""
        ...

    @property
    def unit_micros(self) -> int:
        """The smallest step of the account's money by the platform's own rules."""
        ...

    @property
    def secrets(self) -> Sequence[str]:
        """What the adapter signs in with: must be said nowhere."""
        ...

    def now(self) -> datetime:
        """The platform's time, UTC."""
        ...

    def standing(self, ref: Ref, lever: Lever) -> int | None:
        """What stands at the platform itself, past the adapter, as in a lever column (`WRITE`)."""
        ...

    def writes(self) -> int:
        """How often the platform was asked to change something; lost ones count (`LOSE_REPLY`)."""
        ...

    def cost_micros(self, day: date) -> int:
        """What the campaigns cost on that day of the account's zone (`COUNT_COST`)."""
        ...

    def advance(self, span: timedelta) -> None:
        """Move the clock forward (`ADVANCE`)."""
        ...

    def edit(self, ref: Ref, lever: Lever, value: Value) -> None:
        """Change something as a person would, past the adapter (`EDIT`)."""
        ...

    def make(self, trouble: Trouble) -> None: ...

    def mend(self) -> None:
        """End all trouble; a limit that it brought about is over, too."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class Stage(Protocol):
    """Opens accounts for checks."""

    @property
    def name(self) -> str: ...

    @property
    def abilities(self) -> frozenset[Ability]: ...

    def open(self, opening: Opening) -> Scene: ...
