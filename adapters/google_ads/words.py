"""Words: enum values of the API as lower-case words. Pure."""

from typing import Any


def word(message: Any, field: str) -> str:
    """Name of an enum value, lower case; "" when it was not set or is not known to this version."""
    return word_of(message, field, getattr(message, field))


def word_of(message: Any, field: str, number: int) -> str:
    """Name of one number of an enum field that may be repeated."""
    value = message.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number.get(number)
    return value.name.lower() if value is not None and number > 1 else ""
