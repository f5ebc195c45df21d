"""Mutate: operations on budgets and campaigns, checked and carried out as Google would."""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.domain.lever import Status
from agent.domain.money import Money
from simulations.platform import Fault as PlatformFault
from simulations.platform import Objection, Platform
from simulations.sandbox.google_ads.fields import leaf_of
from simulations.sandbox.google_ads.refusal import PerDayMinimum, Refusal
from simulations.sandbox.shared.journal import Journal, Mutation, Result

MAX_OPERATIONS = 10_000
_STATUSES = {2: Status.ENABLED, 3: Status.PAUSED}
_CODES = {
    PlatformFault.NOT_FOUND: "mutate_error.RESOURCE_NOT_FOUND",
    PlatformFault.NOT_ABOVE_ZERO: "campaign_budget_error.NEGATIVE_MONEY_AMOUNT",
    PlatformFault.BELOW_MINIMUM: "campaign_budget_error.BUDGET_BELOW_PER_DAY_MINIMUM",
    PlatformFault.NOT_MULTIPLE_OF_UNIT: "campaign_budget_error.NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT",
    PlatformFault.LOCKED: "campaign_error.CANNOT_MODIFY_FOR_TRIAL_CAMPAIGN",
}


@dataclass(frozen=True, slots=True)
class Collection:
    """A kind of resource that can be mutated.

    Attributes:
        path: The middle of its resource names.
        field: Of the resource in requests, results and rows.
        leaf: The one field that the sandbox stores.
        immutable: Fields that Google never lets anybody change.
    """

    path: str
    field: str
    leaf: str
    immutable: tuple[str, ...]


BUDGETS = Collection("campaignBudgets", "campaign_budget", "amount_micros", ("id", "period", "type"))
CAMPAIGNS = Collection(
    "campaigns", "campaign", "status", ("id", "advertising_channel_type", "experiment_type", "base_campaign")
)


@dataclass(frozen=True, slots=True)
class Order:
    """An operation that passed every check: set the leaf of a resource to a number."""

    resource_name: str
    id: str
    number: int


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


class Mutator:
    """Changes the platform, one request at a time, and writes the journal."""

    def __init__(self, platform: Platform, journal: Journal) -> None:
        self._platform = platform
        self._journal = journal
        self._lock = threading.Lock()

    def run(self, collection: Collection, operations: Sequence[Any], call: Call) -> Mapping[int, Refusal]:
        """Check all operations, then store those that may be stored.

        Returns:
            The refusal of each refused operation by its index. Without `partial_failure`
            nothing was stored when there is any.
        """
        with self._lock:
            checked = self._checked_all(collection, operations, call)
            refusals = {index: each for index, each in checked.items() if isinstance(each, Refusal)}
            spoiled = bool(refusals) and not call.partial_failure
            entries = []
            for index, operation in enumerate(operations):
                order = checked[index]
                if isinstance(order, Refusal):
                    result, why = Result.REFUSED, order.code
                elif spoiled:
                    result, why = Result.REFUSED, "another operation was refused"
                else:
                    result, why = Result.VALIDATED if call.validate_only else Result.COMMITTED, ""
                entries.append(self._entry(collection, operation, call, result, why))
                if isinstance(order, Order) and result is Result.COMMITTED:
                    self._store(collection, order, call.who)
            self._journal.add(entries)
            return refusals

    def _checked_all(
        self, collection: Collection, operations: Sequence[Any], call: Call
    ) -> dict[int, Order | Refusal]:
        checked: dict[int, Order | Refusal] = {}
        names: set[str] = set()
        for index, operation in enumerate(operations):
            try:
                order = self._checked(collection, operation, call.customer)
                if order.resource_name in names:
                    raise Refusal(
                        "mutate_error.ID_EXISTS_IN_MULTIPLE_MUTATES",
                        "Each resource may stand in a request only once.",
                    )
                names.add(order.resource_name)
                checked[index] = call.refused.get(index, order)
            except Refusal as refusal:
                checked[index] = refusal
        return checked

    def _checked(self, collection: Collection, operation: Any, customer: str) -> Order:
        what = operation.WhichOneof("operation")
        if what is None:
            raise Refusal("request_error.OPERATION_REQUIRED", "The operation is empty.")
        if what != "update":
            raise Refusal("mutate_error.MUTATE_NOT_ALLOWED", f"The sandbox does not {what} anything.")
        resource = operation.update
        self._check_mask(collection, operation)
        match = re.fullmatch(rf"customers/(\d+)/{collection.path}/(\d+)", resource.resource_name)
        if match is None:
            raise Refusal(
                "request_error.RESOURCE_NAME_MALFORMED",
                f"Resource name '{resource.resource_name}' is malformed.",
            )
        if match[1] != customer:
            raise Refusal("mutate_error.RESOURCE_NOT_FOUND", f"'{resource.resource_name}' was not found.")
        number = getattr(resource, collection.leaf)
        self._check_value(collection, match[2], number)
        return Order(resource.resource_name, match[2], number)

    def _check_mask(self, collection: Collection, operation: Any) -> None:
        paths = [path for path in operation.update_mask.paths if path != "resource_name"]
        if not paths:
            raise Refusal("field_mask_error.FIELD_MASK_MISSING", "The field mask must be provided.")
        for path in paths:
            field = leaf_of(operation.update.DESCRIPTOR, path)
            where = ("update_mask", "paths")
            if field is None:
                raise Refusal("field_mask_error.FIELD_NOT_FOUND", f"There is no field '{path}'.", path=where)
            if field.is_message:
                message = f"'{path}' has subfields; name them one by one."
                raise Refusal("field_mask_error.FIELD_HAS_SUBFIELDS", message, path=where)
            if path in collection.immutable:
                raise Refusal("request_error.IMMUTABLE_FIELD", f"'{path}' cannot be changed.", path=where)
            if path != collection.leaf:
                raise Refusal("mutate_error.MUTATE_NOT_ALLOWED", f"The sandbox does not store '{path}'.")

    def _check_value(self, collection: Collection, resource_id: str, number: int) -> None:
        if collection is BUDGETS:
            objection = self._platform.object_to_budget(resource_id, number)
        elif number in _STATUSES:
            objection = self._platform.object_to_status(resource_id)
        else:
            raise Refusal("request_error.INVALID_ENUM_VALUE", "Enum value 'status' cannot be used.")
        if objection is not None:
            raise self._refusal(objection, collection, number)

    def _refusal(self, objection: Objection, collection: Collection, number: int) -> Refusal:
        minimum = None
        if objection.fault is PlatformFault.BELOW_MINIMUM:
            least = Money(self._platform.minimum_micros, self._platform.account.currency)
            minimum = PerDayMinimum(least, number)
        path = ("update", collection.leaf)
        return Refusal(_CODES[objection.fault], objection.because, path=path, minimum=minimum)

    def _store(self, collection: Collection, order: Order, who: str) -> None:
        if collection is BUDGETS:
            self._platform.set_budget(order.id, order.number, by=who)
        else:
            self._platform.set_status(order.id, _STATUSES[order.number], by=who)

    def _entry(
        self, collection: Collection, operation: Any, call: Call, result: Result, why: str
    ) -> Mutation:
        """The journal's line; to be written before the operation is stored, for its `before`."""
        resource = operation.update
        number = getattr(resource, collection.leaf)
        return Mutation(
            time=self._platform.now().isoformat(),
            customer=call.customer,
            resource=resource.resource_name,
            mask=",".join(operation.update_mask.paths),
            before=self._standing(collection, resource.resource_name.rsplit("/", 1)[-1]),
            after=number if collection is BUDGETS else str(_STATUSES.get(number, number)),
            who=call.who,
            request_id=call.request_id,
            result=result,
            why=why,
            reply_lost=call.reply_lost,
        )

    def _standing(self, collection: Collection, resource_id: str) -> int | str | None:
        try:
            if collection is BUDGETS:
                return self._platform.budget_micros(resource_id)
            return str(self._platform.status(resource_id))
        except KeyError:
            return None
