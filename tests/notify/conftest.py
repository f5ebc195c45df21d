"""A web server that listens, and a post office beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hearing import Ear, Post, listening


@pytest.fixture
def ear() -> Iterator[Ear]:
    with listening() as opened:
        yield opened


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    opened = Post(tmp_path)
    yield opened
    opened.outbox.close()
