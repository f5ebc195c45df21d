"""Column types that mean the same in SQLite's STRICT tables and in PostgreSQL."""

from typing import Any

from sqlalchemy import REAL, BigInteger, Double, Integer, LargeBinary, Text
from sqlalchemy.types import TypeEngine
from sqlmodel import Field

WHOLE = BigInteger().with_variant(Integer(), "sqlite")  # 64 bits in both
REALS: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")  # 64 bits in both
TEXT = Text()
BYTES = LargeBinary()

PACKED = {"sqlite_strict": True, "sqlite_with_rowid": False}
"""A narrow table that lies sorted by its key, so that reading a range of keys is one scan."""

STRICT = {"sqlite_strict": True}


def whole(**options: Any) -> Any:
    return Field(sa_type=WHOLE, **options)


def real(**options: Any) -> Any:
    return Field(sa_type=REALS, **options)


def text(**options: Any) -> Any:
    return Field(sa_type=TEXT, **options)


def content(**options: Any) -> Any:
    return Field(sa_type=BYTES, **options)
