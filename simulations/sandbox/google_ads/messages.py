"""Messages: the API's message classes, from a frozen copy of the SDK's own descriptors.

Importing the SDK's classes takes over a second, reading the copy a twentieth of that, and a test
compares the two. `freeze` makes the copy anew. The classes are not those of the SDK: what the
sandbox puts into a message must be made of them as well.
"""

import zlib
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

API = "google.ads.googleads.v26"
FROZEN = Path(__file__).with_name("v26.descriptors")
"""A zlib-compressed FileDescriptorSet, every file behind those that it needs."""


@cache
def message_class(name: str) -> Any:
    """A message class by its name below the API ("services.GoogleAdsRow") or "google.*" in full."""
    full = name if name.startswith("google.") else f"{API}.{name}"
    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(full))


def descriptor_of(name: str) -> Any:
    """What a message consists of; named as in `message_class`."""
    return message_class(name).DESCRIPTOR


@cache
def _pool() -> Any:
    files = descriptor_pb2.FileDescriptorSet.FromString(zlib.decompress(FROZEN.read_bytes()))
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return pool
