"""The audit chain in the database: one entry for each transaction that decided something."""

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from agent.domain.audit import Entry, Gap, Head
from agent.domain.errors import LedgerError
from agent.domain.seal import Seal, canonical
from agent.ledger.anchor import Anchor
from agent.ledger.events import Event, Json, digest, restored
from agent.ledger.moments import micros, moment
from agent.ledger.sql.before import all_that_stood
from agent.ledger.sql.database import Database
from agent.ledger.sql.decided_tables import AuditRow
from agent.ledger.sql.pages import numbered

_START = Head(0, "", datetime(1970, 1, 1, tzinfo=UTC))


class Chain:
    """Appends to the chain, each entry sealed together with the one before it.

    Without a seal there is no chain: for ledgers of simulations and tests.
    """

    def __init__(self, seal: Seal | None, anchor: Anchor | None) -> None:
        self.seal = seal
        self.anchor = anchor
        self._seen = _START

    @contextmanager
    def deciding(self, database: Database, *, sends: bool = False) -> "Iterator[Deciding]":
        """A write whose end is anchored once it is committed.

        Args:
            sends: Something is about to go onto the wire: refuse where it cannot be anchored.

        Raises:
            LedgerError: As `Database.write` does, or this is not the ledger that it was a moment
                ago; nothing was written. Or the anchor could not be: what was decided stands.
        """
        if self.seal is None:
            with database.write() as session:
                yield Deciding(session, None, _START, {})
            return
        if sends and self.anchor is not None:
            self.anchor.check()
        with database.write() as session:
            before = self._checked_head(session)
            anchored = self.anchor is not None and (before.number == 0 or self.anchor.is_begun())
            if sends and self.anchor is not None and not anchored:
                raise LedgerError(
                    f"the anchor {self.anchor.path} of the ledger is not there; gebot sends nothing until "
                    "it was started again and has held the ledger against the platform"
                )
            stood = all_that_stood(session) if before.number == 0 else {}
            deciding = Deciding(session, self.seal, before, stood)
            yield deciding
        self._seen = deciding.head
        # An anchor that is missing shows that the ledger was moved: only `take_up` begins it anew.
        if self.anchor is not None and anchored and deciding.head is not before:
            self.anchor.append(deciding.head)

    def take_up(self, database: Database, because: str, at: datetime) -> None:
        """Go on from here: what was anchored before counts no more, and the chain says why.

        Raises:
            LedgerError: The chain bears the seal of another key, or cannot be written.
        """
        if self.seal is None:
            return
        lost = None if self.anchor is None else self.anchor.last()
        with database.write() as session:
            before = self._checked_head(session)
            deciding = Deciding(
                session, self.seal, before, all_that_stood(session) if not before.number else {}
            )
            deciding.tell(restored(because, "" if lost is None else lost.seal, at))
        self._seen = deciding.head
        if self.anchor is not None:
            self.anchor.append(deciding.head, afresh=True)

    def _checked_head(self, session: Session) -> Head:
        """The last entry. What this process has seen last must still be there."""
        seen = self._seen
        if not seen.number:
            return self._first_head(session)
        rows = session.exec(
            select(AuditRow.number, AuditRow.seal, AuditRow.at_us)
            .where(AuditRow.number >= seen.number)
            .order_by(col(AuditRow.number))
        ).all()
        if not rows or (rows[0][0], rows[0][1]) != (seen.number, seen.seal):
            raise LedgerError(
                f"ledger: entry {seen.number} of the audit chain is not the one that was written; "
                "if a backup was put back, start gebot again"
            )
        number, seal, at_us = rows[-1]
        return Head(number, seal, moment(at_us))

    def _first_head(self, session: Session) -> Head:
        """The last entry, which must bear our seal: with another key nothing is appended."""
        row = session.exec(select(AuditRow).order_by(col(AuditRow.number).desc()).limit(1)).one_or_none()
        if row is None:
            return _START
        before = seal_of(session, row.number - 1) or ""
        if self.seal is not None and not entry_holds(row, before, self.seal):
            raise LedgerError(
                f"ledger: entry {row.number} of the audit chain does not bear the seal of this key; put back "
                "the key that it was sealed with, or see `gebot audit verify`"
            )
        return Head(row.number, row.seal, moment(row.at_us))


@dataclass(slots=True)
class Deciding:
    """A transaction that decides something, and tells the chain what.

    Attributes:
        head: Where the chain ends with what was told.
        stood: What the ledger held before this transaction, where it is the chain's first.
    """

    session: Session
    seal: Seal | None
    head: Head
    stood: Mapping[str, Json]

    def tell(self, event: Event) -> None:
        """Append what was decided; it becomes true together with the decision."""
        if self.seal is None:
            return
        if self.head.number == 0:
            self._append(Event(event.at, "begin", self.stood), self.seal)
        self._append(event, self.seal)

    def _append(self, event: Event, seal: Seal) -> None:
        number, at = self.head.number + 1, self.head.at if event.at is None else event.at
        body = zlib.compress(canonical(event.content), level=1)
        mark = seal.sign(sealed_content(self.head.seal, number, micros(at), event.what, body))
        self.session.add(AuditRow(number=number, at_us=micros(at), what=event.what, body=body, seal=mark))
        self.session.flush()
        self.head = Head(number, mark, at)


def sealed_content(before: str, number: int, at_us: int, what: str, body: bytes) -> list[str | int]:
    """What the seal of an entry is over."""
    return ["audit", before, number, at_us, what, digest(body)]


def entry_holds(row: AuditRow, before: str, seal: Seal) -> bool:
    """Whether the entry is this key's, behind the one with that seal."""
    return seal.holds(sealed_content(before, row.number, row.at_us, row.what, row.body), row.seal)


def head(session: Session) -> Head | None:
    """Where the chain ends; None where there is none."""
    row = session.exec(
        select(AuditRow.number, AuditRow.seal, AuditRow.at_us).order_by(col(AuditRow.number).desc()).limit(1)
    ).one_or_none()
    return None if row is None else Head(row[0], row[1], moment(row[2]))


def gap(session: Session, chain: Chain) -> Gap | None:
    """What is missing between the chain and its anchor; None when nothing is."""
    if chain.seal is None or chain.anchor is None:
        return None
    last = chain.anchor.last()  # before the session looks: what others anchor later is no gap
    ends = head(session)
    if last is None:
        if ends is None:
            chain.anchor.append(_START)  # from now on, no anchor means that it was lost
            return None
        return Gap(f"no anchor of the ledger was found at {chain.anchor.path}", ends.at, moved=True)
    if last.number == 0 or seal_of(session, last.number) == last.seal:
        return None
    if ends is None or ends.number < last.number:
        found = (
            "is empty" if ends is None else f"ends with entry {ends.number} of {ends.at:%Y-%m-%d %H:%M} UTC"
        )
        because = f"the ledger {found}, but entry {last.number} of {last.at:%Y-%m-%d %H:%M} UTC was anchored"
    else:
        because = f"entry {last.number} of the ledger is not the one that was anchored"
    return Gap(because, last.at if ends is None else min(ends.at, last.at), moved=False)


def seal_of(session: Session, number: int) -> str | None:
    """The seal of one entry; None when there is none."""
    return session.exec(select(AuditRow.seal).where(AuditRow.number == number)).one_or_none()


def entries(session: Session, plan_id: str | None = None) -> Iterator[Entry]:
    """All, or those about one plan, oldest first; what cannot be read has no content."""
    for row in numbered(session, AuditRow):
        if plan_id is None or plan_id in row.what.split(" ")[1:]:
            yield entry_of(row)


def entry_of(row: AuditRow) -> Entry:
    """The entry that a row stands for."""
    what, *plans = row.what.split(" ")
    try:
        content = zlib.decompress(row.body).decode()
        json.loads(content)
    except (zlib.error, ValueError):
        content = "null"
    return Entry(row.number, moment(row.at_us), what, tuple(plans), content, digest(row.body), row.seal)
