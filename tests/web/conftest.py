"""The page of a small agent, and people at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from visiting import House, house

__all__ = ["demo"]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[House]:
    """A page with nobody on the board: whoever signs in may do everything."""
    with house(tmp_path) as opened:
        yield opened
