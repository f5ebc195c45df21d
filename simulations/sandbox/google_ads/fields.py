"""Fields: names of Google Ads fields, checked against the API's own message descriptors."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from simulations.sandbox.google_ads.gaql import Literal
from simulations.sandbox.google_ads.messages import descriptor_of
from simulations.sandbox.google_ads.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Field:
    """A leaf below a message.

    Attributes:
        parts: Attribute names from the message to the leaf.
        descriptor: Of the leaf, as protobuf describes it.
    """

    path: str
    parts: tuple[str, ...]
    descriptor: Any

    @property
    def is_message(self) -> bool:
        return self.descriptor.message_type is not None

    @property
    def is_number(self) -> bool:
        return self.descriptor.cpp_type in (1, 2, 3, 4, 5, 6)

    def write(self, message: Any, value: Any) -> None:
        """Set the leaf; enums by name, messages by copy, lists as a whole."""
        self.writer()(message, value)

    def writer(self) -> Callable[[Any, Any], None]:
        """What `write` does, worked out once for many messages."""
        descriptor, parents, leaf = self.descriptor, self.parts[:-1], self.parts[-1]
        enum = descriptor.enum_type
        numbers = {} if enum is None else {name: each.number for name, each in enum.values_by_name.items()}

        def holder(message: Any) -> Any:
            for part in parents:
                message = getattr(message, part)
            return message

        if descriptor.is_repeated and enum is not None:
            return lambda message, value: getattr(holder(message), leaf).extend(
                numbers[name] for name in value
            )
        if descriptor.is_repeated:
            return lambda message, value: getattr(holder(message), leaf).extend(value)
        if self.is_message:
            return lambda message, value: getattr(holder(message), leaf).CopyFrom(value)
        if enum is not None:
            return lambda message, value: setattr(holder(message), leaf, numbers[value])
        if len(parents) == 1:  # nearly all
            root = parents[0]
            return lambda message, value: setattr(getattr(message, root), leaf, value)
        return lambda message, value: setattr(holder(message), leaf, value)

    def checked(self, literal: Literal) -> Literal:
        """A literal of a query, as a value of this field.

        Raises:
            Refusal: It cannot be compared with the field.
        """
        enum = self.descriptor.enum_type
        if enum is not None and (literal not in enum.values_by_name or literal in ("UNSPECIFIED", "UNKNOWN")):
            raise Refusal(
                "query_error.BAD_ENUM_CONSTANT", f"Invalid enum value cannot be included: {literal}."
            )
        if self.is_number and not isinstance(literal, int | float):
            try:
                return float(literal) if "." in literal else int(literal)
            except ValueError:
                raise Refusal("query_error.BAD_NUMBER", f"{self.path} was compared with {literal}.") from None
        return literal


@cache
def row_field(path: str) -> Field:
    """A field of a result row, such as "campaign_budget.amount_micros".

    Raises:
        Refusal: The API has no such field.
    """
    field = leaf_of(descriptor_of("services.GoogleAdsRow"), path)
    if field is None or "." not in path:
        raise Refusal("query_error.UNRECOGNIZED_FIELD", f"Unrecognized field in the query: '{path}'.")
    return field


def leaf_of(message: Any, path: str) -> Field | None:
    """The leaf of this path below a message descriptor; None when there is none.

    Reserved words carry an underscore in the SDK: "campaign_budget.type" is `type_`.
    """
    parts: list[str] = []
    descriptor = None
    for part in path.split("."):
        if message is None:
            return None
        fields = message.fields_by_name
        name = part if part in fields else f"{part}_"
        if name not in fields:
            return None
        descriptor = fields[name]
        message = None if descriptor.is_repeated else descriptor.message_type
        parts.append(name)
    return Field(path, tuple(parts), descriptor)
