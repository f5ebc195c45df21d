"""The plots of docs/strategies.md are those that the command draws."""

from pathlib import Path

from simulations.pictures.__main__ import PICTURES

DOCS = Path(__file__).parents[2] / "docs"


def test_every_picture_is_drawn_kept_and_shown() -> None:
    """No plot without a command, none drawn for nobody."""
    page = (DOCS / "strategies.md").read_text(encoding="utf-8")

    kept = {path.stem for path in (DOCS / "pictures").glob("*.svg")}
    shown = {name for name in PICTURES if f"](pictures/{name}.svg)" in page}

    assert kept == shown == set(PICTURES)
