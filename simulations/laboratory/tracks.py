"""Tracks: everything that can be benchmarked, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from simulations.laboratory.bids.track import BIDS
from simulations.laboratory.budgets.targets import TARGETS
from simulations.laboratory.budgets.track import BUDGETS
from simulations.laboratory.trial import Track

TRACKS: Mapping[str, Track] = MappingProxyType({"A": BUDGETS, "B": BIDS, "C": TARGETS})
