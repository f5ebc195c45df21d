"""Names: texts and numbers that config.toml may hold, and the strict form that all models share."""

import re
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agent.config.faults import fault

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)


_Item = TypeVar("_Item")


class Table(BaseModel):
    """A table of config.toml: frozen, and a key that nobody reads is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


def _text(value: str) -> str:
    if not value or not value.isprintable() or value != value.strip():
        raise fault("printable text without blanks at its ends is right")
    return value


def _name(value: str) -> str:
    if len(_text(value)) > 100:
        raise fault("at most 100 characters are right")
    return value


def _account_id(value: str) -> str:
    if "/" in _name(value):
        raise fault("an id without '/' is right")
    return value


def _identifier(value: str) -> str:
    if not _IDENTIFIER.fullmatch(value):
        raise fault("small letters, digits and _ are right")
    return value


def _not_empty(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    if not items:
        raise fault("at least one is right")
    return items


Text = Annotated[str, AfterValidator(_text)]
"""Printable, not empty, no blanks at its ends."""

Name = Annotated[str, AfterValidator(_name)]
"""A text that people call something by, at most 100 characters."""

PlatformAccount = Annotated[str, AfterValidator(_account_id)]
"""An account's id on its platform; a slash would break the names of what is in it."""

Identifier = Annotated[str, AfterValidator(_identifier)]
"""The name of a module: adapters and strategies are imported by it, so nothing else may pass."""

Count = Annotated[int, Field(strict=True, gt=0, le=1_000_000_000)]
"""A whole number above zero."""

NotEmpty = AfterValidator(_not_empty)
"""For lists that mean nothing when they are empty. Unlike a length it waits for sound items."""
