"""Writing: the mutate methods of all services, one by one and mixed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulations.sandbox.google_ads.messages import message_class
from simulations.sandbox.google_ads.mutate import MAX_OPERATIONS, Done, Mutator
from simulations.sandbox.google_ads.orders import Call, Item
from simulations.sandbox.google_ads.refusal import Refusal, RequestRefused, partial_failure
from simulations.sandbox.google_ads.resources import COLLECTIONS, Collection
from simulations.sandbox.google_ads.tables import Tables
from simulations.sandbox.google_ads.turn import Door, Turn
from simulations.sandbox.shared.faults import Calls

_MUTABLE_RESOURCE = 2
_MIXED = {f"{collection.field}_operation": collection for collection in COLLECTIONS}


class Writing:
    """Answers mutate requests."""

    def __init__(self, door: Door, tables: Tables, mutator: Mutator) -> None:
        self._door = door
        self._tables = tables
        self._mutator = mutator

    def of(self, collection: Collection) -> Callable[[Any, Any], Any]:
        """The mutate method of one service."""

        def mutate(request: Any, context: Any) -> Any:
            operations = request.operations
            with self._turn(f"Mutate {collection.path}", request, operations, context) as turn:
                items = [Item(collection, operation) for operation in operations]
                done = self._run(items, request, turn)
                self._end(turn, request, done.refusals, "operations")
                response = message_class(f"services.{collection.method}Response")()
                self._tell_partial(response, turn, done.refusals, "operations")
                if not request.validate_only:
                    results = [response.results.add() for _ in items]  # a refused one stays empty
                    self._fill(request, items, results, done)
                return response

        return mutate

    def mixed(self, request: Any, context: Any) -> Any:
        """GoogleAdsService.Mutate: operations of several kinds in one transaction."""
        operations = request.mutate_operations
        with self._turn("Mutate", request, operations, context) as turn:
            items = [_unpacked(operation) for operation in operations]
            done = self._run(items, request, turn)
            for index, refusal in done.refusals.items():
                refusal.path = (f"{items[index].collection.field}_operation", *refusal.path)
            self._end(turn, request, done.refusals, "mutate_operations")
            response = message_class("services.MutateGoogleAdsResponse")()
            self._tell_partial(response, turn, done.refusals, "mutate_operations")
            if not request.validate_only:
                answers = [response.mutate_operation_responses.add() for _ in items]
                results = [
                    getattr(answer, f"{item.collection.field}_result") if index in done.names else None
                    for index, (answer, item) in enumerate(zip(answers, items, strict=True))
                ]
                self._fill(request, items, results, done)
            return response

    def _turn(self, method: str, request: Any, operations: Sequence[Any], context: Any) -> Any:
        text = f"{len(operations)} operations"
        return self._door.turn(
            context, Calls.MUTATE, method, request.customer_id, text, operations=len(operations)
        )

    def _run(self, items: Sequence[Item], request: Any, turn: Turn) -> Done:
        if not items:
            raise Refusal("request_error.REQUIRED_FIELD_MISSING", "'operations' must not be empty.")
        if len(items) > MAX_OPERATIONS:
            self._door.note_violation(turn, "too_many_operations", f"{len(items)} operations")
            raise Refusal(
                "request_error.TOO_MANY_MUTATE_OPERATIONS",
                f"Too many mutate operations in request: {len(items)}; {MAX_OPERATIONS} at most.",
            )
        call = Call(
            customer=turn.customer,
            who=turn.who,
            request_id=turn.request_id,
            validate_only=request.validate_only,
            partial_failure=request.partial_failure,
            reply_lost=turn.loses_reply,
            refused=turn.refused_operations,
        )
        return self._mutator.run(items, call)

    def _end(self, turn: Turn, request: Any, refusals: Mapping[int, Refusal], root: str) -> None:
        turn.after_commit()
        if refusals and not request.partial_failure:
            raise RequestRefused(sorted(refusals.items()), root=root)

    def _tell_partial(self, response: Any, turn: Turn, refusals: Mapping[int, Refusal], root: str) -> None:
        if refusals:
            partial_failure(
                response.partial_failure_error, sorted(refusals.items()), turn.request_id, root=root
            )

    def _fill(self, request: Any, items: Sequence[Item], results: Sequence[Any], done: Done) -> None:
        """Name what was changed, and tell how it stands where the request asks for it."""
        told: dict[str, Mapping[str, Any]] = {}
        for index, name in done.names.items():
            collection = items[index].collection
            results[index].resource_name = name
            if request.response_content_type == _MUTABLE_RESOURCE:
                if collection.field not in told:
                    told[collection.field] = self._tables.stored(collection)
                resource = told[collection.field].get(name)
                if resource is not None:
                    getattr(results[index], collection.field).CopyFrom(resource)


def _unpacked(operation: Any) -> Item:
    what = operation.WhichOneof("operation")
    if what is None:
        raise Refusal("request_error.OPERATION_REQUIRED", "The operation is empty.")
    if what not in _MIXED:
        raise Refusal("mutate_error.MUTATE_NOT_ALLOWED", f"The sandbox has no {what}.")
    return Item(_MIXED[what], getattr(operation, what))
