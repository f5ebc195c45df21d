"""Server: the gRPC services of the sandbox, made of the API's own messages."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from simulations.sandbox.google_ads.conduct import Conduct
from simulations.sandbox.google_ads.messages import API, message_class
from simulations.sandbox.google_ads.mutate import Mutator
from simulations.sandbox.google_ads.reading import Reading
from simulations.sandbox.google_ads.resources import COLLECTIONS
from simulations.sandbox.google_ads.tables import Tables
from simulations.sandbox.google_ads.turn import Door
from simulations.sandbox.google_ads.writing import Writing
from simulations.sandbox.shared.served import Served

_MESSAGE_BYTES = 64 * 1024 * 1024


def start(
    served: Served,
    tables: Tables,
    door: Door,
    conduct: Conduct,
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
            ("grpc.max_send_message_length", _MESSAGE_BYTES),
        ],
    )
    mutator = Mutator(served.platform, tables, served.journal, conduct.strictness, door.note_violation_of)
    reading = Reading(door, served.platform, tables, keeps_replies=conduct.keeps_replies)
    server.add_generic_rpc_handlers(tuple(_handlers(reading, Writing(door, tables, mutator))))
    try:
        bound = server.add_secure_port(f"127.0.0.1:{port}", grpc.ssl_server_credentials([(key, chain)]))
    except RuntimeError as error:
        raise OSError(f"port {port} cannot be used") from error
    server.start()
    return server, bound


def _handlers(reading: Reading, writing: Writing) -> Iterator[Any]:
    """Each service in the form that gRPC wants."""
    one, many = grpc.unary_unary_rpc_method_handler, grpc.unary_stream_rpc_method_handler
    yield _service(
        "GoogleAdsService",
        {
            "SearchStream": _method(many, "SearchGoogleAdsStreamRequest", reading.search_stream),
            "Search": _method(one, "SearchGoogleAdsRequest", reading.search),
            "Mutate": _method(one, "MutateGoogleAdsRequest", writing.mixed),
        },
    )
    yield _service(
        "CustomerService",
        {"ListAccessibleCustomers": _method(one, "ListAccessibleCustomersRequest", reading.customers)},
    )
    for collection in COLLECTIONS:
        method = _method(one, f"{collection.method}Request", writing.of(collection))
        yield _service(collection.service, {collection.method: method})


def _service(name: str, methods: dict[str, Any]) -> Any:
    return grpc.method_handlers_generic_handler(f"{API}.services.{name}", methods)


def _method(kind: Any, request: str, answer: Callable[[Any, Any], Any]) -> Any:
    return kind(
        answer,
        request_deserializer=message_class(f"services.{request}").FromString,
        response_serializer=lambda reply: reply if isinstance(reply, bytes) else reply.SerializeToString(),
    )
