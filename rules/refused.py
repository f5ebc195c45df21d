"""Refused: a value that no rule may have, and how pydantic comes to know of it."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

T = TypeVar("T")


class Refused(Exception):
    """What was found, and what would be right."""

    def __init__(self, found: str, expected: str = "") -> None:
        self.found = found
        self.expected = expected
        super().__init__(f"{found}; {expected}" if expected else found)

    def as_error(self) -> PydanticCustomError:
        """The same as pydantic carries it to the list of all faults."""
        return PydanticCustomError("refused", "{found}", {"found": self.found, "expected": self.expected})


def reader(read: Callable[[Any], T]) -> PlainValidator:
    """Make a field's validator of a function that raises `Refused`."""

    def validate(value: object) -> T:
        try:
            return read(value)
        except Refused as refused:
            raise refused.as_error() from None

    return PlainValidator(validate)
