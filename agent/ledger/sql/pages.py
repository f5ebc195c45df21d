"""Pages: rows of a numbered table, some at a time, so that a reader may stop wherever it likes."""

from collections.abc import Iterator
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, select

_PAGE = 1000
_SHORT_PAGE = 100

Row = TypeVar("Row", bound=SQLModel)


def numbered(session: Session, model: type[Row], above: int = -(2**62)) -> Iterator[Row]:
    """Rows with a higher number than this, lowest first."""
    number: Any = model.number  # type: ignore[attr-defined]  # only for tables that have one
    while True:
        page = session.exec(select(model).where(number > above).order_by(number).limit(_PAGE)).all()
        yield from page
        if len(page) < _PAGE:
            return
        above = page[-1].number  # type: ignore[attr-defined]  # as above


def backwards(session: Session, model: type[Row]) -> Iterator[Row]:
    """All rows, highest number first; for readers that go back a little way."""
    number: Any = model.number  # type: ignore[attr-defined]  # only for tables that have one
    below = 2**62
    while True:
        page = session.exec(
            select(model).where(number < below).order_by(number.desc()).limit(_SHORT_PAGE)
        ).all()
        yield from page
        if len(page) < _SHORT_PAGE:
            return
        below = page[-1].number  # type: ignore[attr-defined]  # as above
