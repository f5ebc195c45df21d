"""Orders: what an operation asks for, once it has passed every check."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.domain.lever import Status
from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.sandbox.google_ads.refusal import Refusal
from simulations.sandbox.google_ads.resources import Collection

_SWITCHES = (Field.STATUS, Field.EXCLUSION)


@dataclass(frozen=True, slots=True)
class Item:
    """One operation of a request, and what it is about."""

    collection: Collection
    operation: Any

    @property
    def resource_name(self) -> str:
        """Of what it changes; "" when it creates."""
        what = self.operation.WhichOneof("operation")
        if what == "remove":
            return str(self.operation.remove)
        return str(self.operation.update.resource_name) if what == "update" else ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One number to be set.

    Attributes:
        mask: Which field of the resource it is, or "create" and "remove" of marked hours.
        number: None clears it, which only idle values can be.
        idle: It is kept and has no effect.
    """

    mask: str
    kind: Kind
    id: str
    field: Field
    number: int | None
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """An operation that may be carried out.

    Attributes:
        name: What marked hours shall be called; None: as they are.
    """

    resource_name: str
    settings: tuple[Setting, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A mutate request apart from its operations.

    Attributes:
        refused: Operations that are refused whatever they ask.
    """

    customer: str
    who: str
    request_id: str
    validate_only: bool
    partial_failure: bool
    reply_lost: bool
    refused: Mapping[int, Refusal]


def shown(field: Field, number: int | None) -> int | str | None:
    """A number in the words of the journal."""
    return str(Status(number)) if field in _SWITCHES and number in (0, 1) else number
