"""Wire: each send is held against the invariants before the platform hears of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.domain.plan import Change
from agent.domain.ref import Ref
from agent.ports.ledger import Ledger
from simulations.chaos.fates import CLOCKS
from simulations.chaos.intents import Intents, Key
from simulations.chaos.invariants import Book, Invariant
from simulations.chaos.platform import ACCOUNT, Mutation, Number, Operation, Platform

SEEN_TOO_LATE = timedelta(seconds=5)
"""A stop that is this young when a request leaves could not be heeded any more."""
LAST_LOOK = timedelta(seconds=30)
"""How old the last comparison may be then: nobody promises to heed a younger edit (docs/reliability.md)."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and what it could know.

    Attributes:
        seen: Budgets as it last observed the account.
    """

    life: int
    epoch: int
    seen: Mapping[Ref, Number]


@dataclass(slots=True)
class Wire:
    """Between all processes and the platform.

    Attributes:
        stopped_at: When the stop that is in force was put up; None: there is none.
        landings: Late writes that came to stand on an edit that nobody could know of when they were sent.
    """

    platform: Platform
    ledger: Ledger
    intents: Intents
    book: Book
    stopped_at: datetime | None = None
    landings: list[Mutation] = field(default_factory=list)
    _sends: int = 0
    _expire: dict[str, datetime] = field(default_factory=dict)

    def leaves(self, changes: Sequence[Change], sender: Sender) -> list[Operation]:
        """A request leaves the machine: put down whether it may."""
        self._sends += 1
        book, now = self.book, self.platform.now
        leads = self.ledger.epoch(ACCOUNT.id)
        book.hold(
            Invariant.EPOCH, "" if sender.epoch == leads else f"epoch {sender.epoch} sent, {leads} leads"
        )
        stopped = self.stopped_at is not None and now - self.stopped_at > SEEN_TOO_LATE
        book.hold(Invariant.STOP, f"stopped since {self.stopped_at}" if stopped else "")
        self._hold_caps(changes, sender)
        return [self._operation(change, sender) for change in changes]

    def took_effect(self, mutation: Mutation) -> None:
        """The platform has set a value."""
        operation = mutation.by
        if operation is None or operation.intent is None:
            return
        intent = self.intents.by_key[operation.intent]
        intent.effects += 1
        intent.void = intent.void or mutation.before == mutation.after
        if mutation.before != operation.change.before.micros:  # type: ignore[union-attr]  # budgets alone
            self.landings.append(mutation)

    def _operation(self, change: Change, sender: Sender) -> Operation:
        book, key = self.book, self.intents.worded(change.id, sender.life)
        book.hold(Invariant.WORD_FIRST, "" if key else f"{change.id} was sent without a word")
        if key is not None:
            intent = self.intents.by_key[key]
            intent.sends += 1
            twice = intent.sends > 1 or intent.words > 1
            book.hold(Invariant.ONCE, f"{change.id} was sent {intent.sends} times" if twice else "")
            self._hold_expiry(key)
        self._hold_person(change)
        return Operation(self._sends, change, key)

    def _hold_expiry(self, key: Key) -> None:
        """By the platform's clock, from which the sender's may differ."""
        if key[0] not in self._expire:
            record = self.ledger.plan(key[0])
            assert record is not None, "its word was written"
            self._expire[key[0]] = record.plan.expires_at
        late = self.platform.now - self._expire[key[0]] > CLOCKS + SEEN_TOO_LATE
        words = f"{key[1]} was sent after {self._expire[key[0]]}" if late else ""
        self.book.hold(Invariant.EXPIRY, words)

    def _hold_person(self, change: Change) -> None:
        """What a person has set, and what stood long enough to be seen, stands."""
        last = next((one for one in reversed(self.platform.journal) if one.ref == change.ref), None)
        overwritten = (
            last is not None
            and last.by is None
            and last.after not in (change.before.micros, change.after.micros)  # type: ignore[union-attr]
        )
        if last is None or not overwritten:
            self.book.hold(Invariant.PERSON)
            return
        could_be_seen = self.platform.now - last.at > LAST_LOOK + SEEN_TOO_LATE
        self.book.counts["edits by people overwritten in the last half minute"] += not could_be_seen
        words = f"{change.id} was sent onto what a person set at {last.at}"
        self.book.hold(Invariant.PERSON, words if could_be_seen else "")

    def _hold_caps(self, changes: Sequence[Change], sender: Sender) -> None:
        """What the sender saw, what may be on its way and what it sends: each budget at its highest.

        On its way is what the platform has taken, and whatever the ledger cannot tell the fate of.
        """
        worst = dict(sender.seen)
        raises = False
        doubtful = [intent.change for intent in self.intents.in_doubt]
        for change in (*changes, *self.platform.on_its_way(), *doubtful):
            worst[change.ref] = max(worst[change.ref], change.after.micros)  # type: ignore[union-attr]
        for change in changes:
            raises = raises or change.after.micros > sender.seen[change.ref]  # type: ignore[union-attr]
        if not raises:
            return
        total = sum(worst.values())
        shape = self.platform.shape
        over = total > shape.pot or total * ACCOUNT.over_delivery > shape.ceiling
        self.book.hold(Invariant.CAP, f"{total} of {shape.pot} micros at worst" if over else "")
