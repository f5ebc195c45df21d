"""python -m simulations.pictures [FOLDER]: draw every plot of docs/strategies.md.

Needs the extra `pictures` (kaleido) and a Chromium for it.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from plotly.graph_objects import Figure
from rich.progress import track

from simulations.pictures.bids import bids_and_worth
from simulations.pictures.budgets import response_curve, value_over_time
from simulations.pictures.month import a_month
from simulations.pictures.smart_bidding import targets_over_time
from simulations.pictures.targets import return_over_target

PICTURES: Mapping[str, Callable[[], Figure]] = {
    "budgets": value_over_time,
    "response": response_curve,
    "under-a-target": return_over_target,
    "bids": bids_and_worth,
    "targets": targets_over_time,
    "month": a_month,
}
"""By file name, without the ending."""

_WIDTH, _HEIGHT = 860, 400


def main(folder: Path) -> None:
    """Write one SVG for each picture."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in track(PICTURES.items(), "drawing"):
        figure = draw()
        figure.update_layout(template="simple_white", font_family="Helvetica, Arial, sans-serif")
        figure.write_image(folder / f"{name}.svg", width=_WIDTH, height=_HEIGHT)


if __name__ == "__main__":
    main(Path(*sys.argv[1:2] or ["docs/pictures"]))
