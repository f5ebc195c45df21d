"""SqlOutbox: what people are to be told, in a database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from agent.domain.notice import Event, Letter, Notice
from agent.ledger.moments import micros, moment
from agent.ledger.sql.database import Database
from agent.ledger.sql.outbox_tables import LetterRow


class SqlOutbox:
    """Keeps the promises of `Outbox`; safe among threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        self._database.close()

    def put(self, letters: Sequence[Letter]) -> int:
        new = 0
        with self._database.write() as session:
            for letter in letters:
                if session.get(LetterRow, (letter.channel, letter.notice.key)) is None:
                    session.add(_row(letter))
                    session.flush()  # of two with one key, the second is not new
                    new += 1
        return new

    def due(self, now: datetime) -> Sequence[Letter]:
        found = (
            select(LetterRow)
            .where(LetterRow.told_us == 0, LetterRow.given_up_us == 0, LetterRow.due_us <= micros(now))
            .order_by(col(LetterRow.channel), col(LetterRow.first_due_us), col(LetterRow.key))
        )
        with self._database.read() as session:
            return [_letter(row) for row in session.exec(found)]

    def claim(self, letters: Sequence[Letter], until: datetime) -> bool:
        with self._database.write() as session:
            for letter in letters:
                taken = session.exec(
                    _of(letter)
                    .where(
                        col(LetterRow.told_us) == 0,
                        col(LetterRow.given_up_us) == 0,
                        col(LetterRow.due_us) == micros(letter.due_at),
                    )
                    .values(due_us=micros(until), attempts=letter.attempts + 1)
                )
                if taken.rowcount != 1:
                    session.rollback()
                    return False
        return True

    def told(self, letters: Sequence[Letter], at: datetime) -> None:
        self._set(letters, {"told_us": micros(at), "trouble": ""})

    def put_off(self, letters: Sequence[Letter], until: datetime, trouble: str) -> None:
        self._set(letters, {"due_us": micros(until), "trouble": trouble})

    def give_up(self, letters: Sequence[Letter], at: datetime, trouble: str) -> None:
        self._set(letters, {"given_up_us": micros(at), "trouble": trouble})

    def untold(self, since: datetime) -> Sequence[Letter]:
        given_up = col(LetterRow.given_up_us)
        found = (
            select(LetterRow)
            .where(LetterRow.told_us == 0, (given_up == 0) | (given_up >= micros(since)))
            .order_by(col(LetterRow.first_due_us), col(LetterRow.channel), col(LetterRow.key))
        )
        with self._database.read() as session:
            return [_letter(row) for row in session.exec(found)]

    def _set(self, letters: Sequence[Letter], values: Mapping[str, int | str]) -> None:
        with self._database.write() as session:
            for letter in letters:
                session.exec(_of(letter).values(**values))


def _of(letter: Letter):  # type: ignore[no-untyped-def]  # SQLAlchemy's own
    return update(LetterRow).where(
        col(LetterRow.channel) == letter.channel, col(LetterRow.key) == letter.notice.key
    )


def _row(letter: Letter) -> LetterRow:
    return LetterRow(
        channel=letter.channel,
        key=letter.notice.key,
        body=json.dumps(asdict(letter.notice), default=str, ensure_ascii=False),
        first_due_us=micros(letter.first_due_at),
        due_us=micros(letter.due_at),
        attempts=letter.attempts,
        told_us=0,
        given_up_us=0,
        trouble=letter.trouble,
    )


def _letter(row: LetterRow) -> Letter:
    return Letter(
        row.channel,
        _notice(json.loads(row.body)),
        moment(row.first_due_us),
        moment(row.due_us),
        row.attempts,
        moment(row.told_us) if row.told_us else None,
        moment(row.given_up_us) if row.given_up_us else None,
        row.trouble,
    )


def _notice(body: Mapping[str, object]) -> Notice:
    def texts(key: str) -> tuple[str, ...]:
        found = body[key]
        assert isinstance(found, list)
        return tuple(map(str, found))

    return Notice(
        Event(str(body["event"])),
        str(body["key"]),
        datetime.fromisoformat(str(body["at"])),
        str(body["account"]),
        str(body["title"]),
        texts("lines"),
        str(body["plan_id"]),
        texts("to"),
    )
