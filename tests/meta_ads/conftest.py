"""Fixtures: a Meta sandbox of one's own, one that all tests read from, and an adapter on a fake of Meta."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from meta_account import NOW, adapter_on, stock
from meta_fake import FakeMeta, Reply, fake_meta
from meta_sandbox import opened
from meta_writing import YES

from adapters.meta_ads.adapter import MetaAdsAdapter
from agent.clock import SteppedClock
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


@pytest.fixture
def server() -> Iterator[FakeMeta]:
    """A fake that holds the account and says yes to every change."""
    with fake_meta() as running:
        stock(running)
        running.on("POST", "", lambda asked: Reply([YES] * len(asked.json("batch"))))
        yield running


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOW)


@pytest.fixture
def adapter(server: FakeMeta, clock: SteppedClock) -> MetaAdsAdapter:
    return adapter_on(server, clock)
