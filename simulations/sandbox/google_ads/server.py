"""Server: the gRPC services of the sandbox, made of the SDK's own message classes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import grpc

from simulations.platform import Platform
from simulations.sandbox.google_ads.compatibility import check
from simulations.sandbox.google_ads.gaql import parse
from simulations.sandbox.google_ads.messages import message_class
from simulations.sandbox.google_ads.mutate import (
    BUDGETS,
    CAMPAIGNS,
    MAX_OPERATIONS,
    Call,
    Collection,
    Mutator,
)
from simulations.sandbox.google_ads.refusal import Refusal, RequestRefused, partial_failure
from simulations.sandbox.google_ads.search import found, messages
from simulations.sandbox.google_ads.tables import Tables
from simulations.sandbox.google_ads.turn import Door
from simulations.sandbox.shared.faults import Calls
from simulations.sandbox.shared.served import Served

_PACKAGE = "google.ads.googleads.v26.services"
_ROWS_AT_ONCE = 10_000
_MUTABLE_RESOURCE = 2
_MESSAGE_BYTES = 64 * 1024 * 1024


def start(
    served: Served,
    tables: Tables,
    *,
    port: int,
    key: bytes,
    chain: bytes,
) -> "tuple[grpc.Server, int]":
    """Listen on loopback with TLS; port 0 takes a free one.

    Returns:
        The running server and its port.

    Raises:
        OSError: The port is taken.
    """
    server = grpc.server(
        ThreadPoolExecutor(max_workers=8, thread_name_prefix="sandbox"),
        options=[
            ("grpc.so_reuseport", 0),  # two servers on one port would answer in turn
            ("grpc.max_receive_message_length", _MESSAGE_BYTES),
        ],
    )
    mutator = Mutator(served.platform, served.journal)
    services = Services(Door(served), served.platform, tables, mutator)
    server.add_generic_rpc_handlers(tuple(services.handlers()))
    try:
        bound = server.add_secure_port(f"127.0.0.1:{port}", grpc.ssl_server_credentials([(key, chain)]))
    except RuntimeError as error:
        raise OSError(f"port {port} cannot be used") from error
    server.start()
    return server, bound


class Services:
    """Answers searches and mutates from the platform as it is at the moment of the call."""

    def __init__(self, door: Door, platform: Platform, tables: Tables, mutator: Mutator) -> None:
        self._door = door
        self._platform = platform
        self._tables = tables
        self._mutator = mutator

    def handlers(self) -> Iterator[Any]:
        """Each service in the form that gRPC wants."""
        for service, methods in {
            "GoogleAdsService": {
                "SearchStream": _method(
                    grpc.unary_stream_rpc_method_handler,
                    "SearchGoogleAdsStreamRequest",
                    self._search_stream,
                ),
                "Search": _method(
                    grpc.unary_unary_rpc_method_handler, "SearchGoogleAdsRequest", self._search
                ),
            },
            "CampaignBudgetService": {
                "MutateCampaignBudgets": _method(
                    grpc.unary_unary_rpc_method_handler,
                    "MutateCampaignBudgetsRequest",
                    self._mutate_of(BUDGETS, "MutateCampaignBudgetsResponse"),
                )
            },
            "CampaignService": {
                "MutateCampaigns": _method(
                    grpc.unary_unary_rpc_method_handler,
                    "MutateCampaignsRequest",
                    self._mutate_of(CAMPAIGNS, "MutateCampaignsResponse"),
                )
            },
        }.items():
            yield grpc.method_handlers_generic_handler(f"{_PACKAGE}.{service}", methods)

    def _search_stream(self, request: Any, context: Any) -> Iterator[Any]:
        with self._door.turn(
            context, Calls.SEARCH, "SearchStream", request.customer_id, request.query
        ) as turn:
            rows, paths = self._rows(request.query)
            batches = 0
            while results := list(islice(rows, _ROWS_AT_ONCE)):
                batches += 1
                yield _filled("SearchGoogleAdsStreamResponse", results, paths, turn.request_id)
                turn.after_commit()
            if not batches:
                yield _filled("SearchGoogleAdsStreamResponse", [], paths, turn.request_id)
                turn.after_commit()

    def _search(self, request: Any, context: Any) -> Any:
        with self._door.turn(context, Calls.SEARCH, "Search", request.customer_id, request.query) as turn:
            if request.page_size:
                raise Refusal(
                    "request_error.PAGE_SIZE_NOT_SUPPORTED", "Setting the page size is not supported."
                )
            if request.page_token and not request.page_token.isdigit():
                raise Refusal("request_error.INVALID_PAGE_TOKEN", "The page token is not one of mine.")
            rows, paths = self._rows(request.query)
            offset = int(request.page_token or 0)
            results = [] if request.validate_only else list(islice(rows, offset, offset + _ROWS_AT_ONCE))
            turn.after_commit()
            response = _filled("SearchGoogleAdsResponse", results, paths)
            if not request.validate_only and next(rows, None) is not None:
                response.next_page_token = str(offset + _ROWS_AT_ONCE)
            return response

    def _rows(self, text: str) -> tuple[Iterator[Any], tuple[str, ...]]:
        query = parse(text)
        check(query, self._platform.today())
        return messages(query, found(query, self._tables.rows(query))), query.select

    def _mutate_of(self, collection: Collection, response_type: str) -> Callable[[Any, Any], Any]:
        def mutate(request: Any, context: Any) -> Any:
            text = f"{len(request.operations)} operations"
            with self._door.turn(
                context, Calls.MUTATE, f"Mutate {collection.path}", request.customer_id, text
            ) as turn:
                if len(request.operations) > MAX_OPERATIONS:
                    self._door.note_violation(turn, "too_many_operations", text)
                _check_count(len(request.operations))
                call = Call(
                    customer=turn.customer,
                    who=turn.who,
                    request_id=turn.request_id,
                    validate_only=request.validate_only,
                    partial_failure=request.partial_failure,
                    reply_lost=turn.loses_reply,
                    refused=turn.refused_operations,
                )
                refusals = self._mutator.run(collection, request.operations, call)
                turn.after_commit()
                if refusals and not request.partial_failure:
                    raise RequestRefused(sorted(refusals.items()))
                response = message_class(f"services.{response_type}")()
                if refusals:
                    partial_failure(response.partial_failure_error, sorted(refusals.items()), turn.request_id)
                if not request.validate_only:
                    mutable = request.response_content_type == _MUTABLE_RESOURCE
                    for index, operation in enumerate(request.operations):
                        result = response.results.add()  # a refused operation leaves it empty
                        if index not in refusals:
                            result.resource_name = operation.update.resource_name
                            if mutable:
                                self._fill(collection, result)
                return response

        return mutate

    def _fill(self, collection: Collection, result: Any) -> None:
        """Put the stored resource into a result."""
        resource = getattr(result, collection.field)
        resource.resource_name = result.resource_name
        resource_id = result.resource_name.rsplit("/", 1)[-1]
        resource.id = int(resource_id)
        if collection is BUDGETS:
            resource.amount_micros = self._platform.budget_micros(resource_id)
        else:
            resource.status = 2 if self._platform.status(resource_id).value else 3


def _check_count(n_operations: int) -> None:
    if n_operations == 0:
        raise Refusal("request_error.REQUIRED_FIELD_MISSING", "'operations' must not be empty.")
    if n_operations > MAX_OPERATIONS:
        raise Refusal(
            "request_error.TOO_MANY_MUTATE_OPERATIONS",
            f"Too many mutate operations in request: {n_operations}; {MAX_OPERATIONS} at most.",
        )


def _filled(response_type: str, results: list[Any], paths: tuple[str, ...], request_id: str = "") -> Any:
    response = message_class(f"services.{response_type}")()
    response.results.extend(results)
    response.field_mask.paths.extend(paths)
    if request_id:
        response.request_id = request_id
    return response


def _method(kind: Any, request_type: str, answer: Callable[[Any, Any], Any]) -> Any:
    message = message_class(f"services.{request_type}")
    return kind(
        answer,
        request_deserializer=message.FromString,
        response_serializer=lambda reply: reply.SerializeToString(),
    )
