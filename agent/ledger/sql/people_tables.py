"""Tables of who may sign in to the page, and who is signed in. Moments are microseconds (UTC)."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from agent.ledger.sql.columns import STRICT, text, whole


class PersonRow(SQLModel, table=True):
    """Somebody who may sign in; `signature` is over the whole row."""

    __tablename__ = "person"
    __table_args__ = STRICT

    name: str = text(primary_key=True)
    hash: str = text()
    changed_us: int = whole()
    disabled: int = whole()
    signature: str = text()


class SessionRow(SQLModel, table=True):
    """Somebody who is signed in; `id` is a digest of the secret, `signature` is over the whole row."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_name", "name"), STRICT)

    id: str = text(primary_key=True)
    name: str = text()
    kind: str = text()
    of_us: int = whole()
    begun_us: int = whole()
    seen_us: int = whole()
    ends_us: int = whole()
    signature: str = text()
