"""Policies in the database: what a digest stands for, so that an old plan can be drawn up again."""

from sqlmodel import Session, select

from agent.ledger.sql.decided_tables import PolicyRow


def record_policy(session: Session, digest: str, body: bytes) -> bool:
    """Keep it once. Returns: whether it was new."""
    new = session.get(PolicyRow, digest) is None
    if new:
        session.add(PolicyRow(digest=digest, body=body))
    return new


def policy(session: Session, digest: str) -> bytes | None:
    """What was kept under the digest."""
    return session.exec(select(PolicyRow.body).where(PolicyRow.digest == digest)).one_or_none()
