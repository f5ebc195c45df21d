"""Fixtures: a fresh sandbox for each test, and an adapter on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from google_ads_account import adapter_on, opened

from agent.ports.platform import Adapter
from simulations.sandbox.google_ads.serve import Sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    running = opened(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def adapter(sandbox: Sandbox) -> Adapter:
    return adapter_on(sandbox)
