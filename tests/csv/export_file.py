"""Export files for tests: write one, read it, or say what is wrong with it."""

from datetime import UTC, datetime
from pathlib import Path

from adapters.csv.connect import Options, connect
from agent.clock import SteppedClock
from agent.domain.errors import Mistakes
from agent.ports.platform import Reader

HEADER = "Date,Campaign,Cost,Impressions,Clicks,Conversions,Conversion value"
NOW = datetime(2026, 1, 9, 6, 0, tzinfo=UTC)


def write(folder: Path, text: str) -> Path:
    path = folder / "export.csv"
    path.write_bytes(text.encode())
    return path


def reader(path: Path, now: datetime = NOW, **options: object) -> Reader:
    """Connect to a file at a moment."""
    made = Options.model_validate({"path": path.name, "currency": "EUR", **options})
    return connect("shop", made, credentials={}, clock=SteppedClock(now), home=path.parent)


def faults_of(path: Path, **options: object) -> list[str]:
    """What connecting complains of; nothing when it works."""
    try:
        reader(path, **options)
    except Mistakes as mistakes:
        return [str(fault) for fault in mistakes.exceptions]
    return []
