"""Fixtures: a Meta sandbox of one's own, and one that all tests read from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from meta_sandbox import opened

from simulations.sandbox.meta_ads.serve import Sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """For tests that change something."""
    running = opened(tmp_path)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """For tests that only read; nobody changes it."""
    running = opened(tmp_path_factory.mktemp("meta"))
    yield running
    running.stop()
