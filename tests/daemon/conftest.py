"""Databases for daemons, halls of machines, and agencies with backups."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agency import Agency
from hall import Hall, OpenHall
from postgresql import empty_postgresql_url, postgresql_url

__all__ = ["empty_postgresql_url", "postgresql_url"]  # fixtures


@pytest.fixture
def open_hall(tmp_path: Path) -> Iterator[OpenHall]:
    """Opens halls, and stops all that runs in them."""
    opened: list[Hall] = []

    def open_one(ledger_url: str, **options: Any) -> Hall:
        opened.append(Hall(tmp_path, ledger_url, **options))
        return opened[-1]

    yield open_one
    for hall in opened:
        hall.close()


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    """Its ledger is closed in the end."""
    made = Agency(tmp_path)
    yield made
    made.ledger.close()
