"""Masks: which fields an update names, and what it sets them to."""

from typing import Any

from agent.domain.money import MICROS
from simulations.journal import Field
from simulations.sandbox.google_ads.fields import leaf_of
from simulations.sandbox.google_ads.refusal import Refusal
from simulations.sandbox.google_ads.resources import Collection

_STATUSES = {2: 1, 3: 0}
_WHERE = ("update_mask", "paths")


def masked(collection: Collection, operation: Any) -> list[str]:
    """The paths of the update mask, each checked and named once.

    Raises:
        Refusal: The mask is empty, or names what cannot be set.
    """
    paths = list(dict.fromkeys(path for path in operation.update_mask.paths if path != "resource_name"))
    if not paths:
        raise Refusal("field_mask_error.FIELD_MASK_MISSING", "The field mask must be provided.")
    for path in paths:
        field = leaf_of(operation.update.DESCRIPTOR, path)
        if field is None:
            raise Refusal("field_mask_error.FIELD_NOT_FOUND", f"There is no field '{path}'.", path=_WHERE)
        if field.is_message and not field.descriptor.is_repeated:
            message = f"'{path}' has subfields; name them one by one."
            raise Refusal("field_mask_error.FIELD_HAS_SUBFIELDS", message, path=_WHERE)
        if path in collection.immutable:
            raise Refusal("request_error.IMMUTABLE_FIELD", f"'{path}' cannot be changed.", path=_WHERE)
        if path in collection.output_only:
            message = f"'{path}' is set by Google alone."
            raise Refusal("field_error.VALUE_MUST_BE_UNSET", message, path=_WHERE)
    return paths


def number_at(resource: Any, path: str, field: Field) -> int | None:
    """The number that a resource has there, in the platform's units; None when it is not set.

    Raises:
        Refusal: It is a status that cannot be set.
    """
    parts = path.split(".")
    for part in parts[:-1]:
        if not resource.HasField(part):
            return None
        resource = getattr(resource, part)
    leaf = parts[-1]
    described = resource.DESCRIPTOR.fields_by_name[leaf]
    if described.has_presence and not resource.HasField(leaf):
        return None
    value = getattr(resource, leaf)
    if field is Field.STATUS:
        if value not in _STATUSES:
            raise Refusal("request_error.INVALID_ENUM_VALUE", "Enum value 'status' cannot be used.")
        return _STATUSES[value]
    return round(value * MICROS) if field in (Field.TARGET_ROAS, Field.MODIFIER) else int(value)
