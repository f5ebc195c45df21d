"""SqlPeople: who may sign in to the page and who is signed in, in a database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select

from agent.domain.person import Person, Session, SessionKind
from agent.ledger.moments import micros, moment
from agent.ledger.sql.database import Database
from agent.ledger.sql.people_tables import PersonRow, SessionRow


class SqlPeople:
    """Keeps the promises of `People`; safe among threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        self._database.close()

    def person(self, name: str) -> Person | None:
        with self._database.read() as session:
            row = session.get(PersonRow, name)
            return None if row is None else _person(row)

    def people(self) -> Sequence[Person]:
        with self._database.read() as session:
            return [_person(row) for row in session.exec(select(PersonRow).order_by(col(PersonRow.name)))]

    def keep(self, person: Person) -> None:
        row = PersonRow(
            name=person.name,
            hash=person.password,
            changed_us=micros(person.changed_at),
            disabled=int(person.disabled),
            signature=person.signature,
        )
        with self._database.write() as session:
            session.merge(row)
            session.exec(delete(SessionRow).where(col(SessionRow.name) == person.name))

    def session(self, id_: str) -> Session | None:
        with self._database.read() as session:
            row = session.get(SessionRow, id_)
            return None if row is None else _session(row)

    def begin(self, session: Session) -> None:
        row = SessionRow(
            id=session.id,
            name=session.name,
            kind=session.kind.value,
            of_us=micros(session.of),
            begun_us=micros(session.begun_at),
            seen_us=micros(session.seen_at),
            ends_us=micros(session.ends_at),
            signature=session.signature,
        )
        with self._database.write() as writing:
            writing.exec(delete(SessionRow).where(col(SessionRow.ends_us) <= micros(session.begun_at)))
            writing.add(row)

    def renew(self, session: Session) -> None:
        now = {"seen_us": micros(session.seen_at), "signature": session.signature}
        with self._database.write() as writing:
            writing.exec(update(SessionRow).where(col(SessionRow.id) == session.id).values(now))

    def end(self, id_: str) -> None:
        with self._database.write() as session:
            session.exec(delete(SessionRow).where(col(SessionRow.id) == id_))

    def sessions(self, name: str, now: datetime) -> Sequence[Session]:
        found = (
            select(SessionRow)
            .where(SessionRow.name == name, SessionRow.ends_us > micros(now))
            .order_by(col(SessionRow.begun_us).desc())
        )
        with self._database.read() as session:
            return [_session(row) for row in session.exec(found)]


def _person(row: PersonRow) -> Person:
    return Person(row.name, row.hash, moment(row.changed_us), bool(row.disabled), row.signature)


def _session(row: SessionRow) -> Session:
    moments = (moment(us) for us in (row.of_us, row.begun_us, row.seen_us, row.ends_us))
    of, begun_at, seen_at, ends_at = moments
    kind = SessionKind(row.kind)
    return Session(row.id, row.name, of, begun_at, seen_at, ends_at, kind, row.signature)
