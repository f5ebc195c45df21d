"""Table of what people are to be told. Moments are microseconds (UTC)."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from agent.ledger.sql.columns import STRICT, text, whole


class LetterRow(SQLModel, table=True):
    """A notice on its way to one channel; `body` is the notice as JSON, 0 stands for never."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_due", "told_us", "given_up_us", "due_us"), STRICT)

    channel: str = text(primary_key=True)
    key: str = text(primary_key=True)
    body: str = text()
    first_due_us: int = whole()
    due_us: int = whole()
    attempts: int = whole()
    told_us: int = whole()
    given_up_us: int = whole()
    trouble: str = text()
