"""Parameters: what may vary, and which values are tried together."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np

from agent.config.faults import shown
from agent.domain.errors import Mistake
from simulations.sweep.file import Sweep

Value: TypeAlias = str | int | float | bool

MOST = 10_000
_RANGE_KEYS = {"from", "to", "log"}


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `low` to `high`, whole where both are; drawn evenly, or evenly in the logarithm."""

    low: float
    high: float
    whole: bool
    log: bool

    def at(self, share: float) -> Value:
        """The number so far along, share in [0, 1)."""
        # A whole number stands for all that round down to it, so that each is as likely.
        high = self.high + 1 if self.whole else self.high
        if self.log:
            number = math.exp(math.log(self.low) + share * (math.log(high) - math.log(self.low)))
        else:
            number = self.low + share * (high - self.low)
        if self.whole:
            return min(max(int(number), int(self.low)), int(self.high))
        return float(f"{number:.6g}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One key of the configuration.

    Attributes:
        path: Where it stands: ("strategy", name, option) or ("guardrails", ..., key).
        choices: A list of values, or a range to draw from.
    """

    path: tuple[str, ...]
    choices: tuple[Value, ...] | Span

    @property
    def name(self) -> str:
        """As it is called in tables."""
        return ".".join(self.path[1:])


def parameters(sweep: Sweep, file: str) -> tuple[Sequence[Parameter], Sequence[Mistake]]:
    """What a sweep varies, in the order of the file, and what is wrong with it."""
    found: list[Parameter] = []
    mistakes: list[Mistake] = []
    for head, table in (("strategy", sweep.strategies), ("guardrails", sweep.guardrails)):
        for path, value in _leaves((head,), table):
            if head == "strategy" and len(path) > 3:
                mistakes.append(
                    Mistake(f"{file}: {'.'.join(path)}", "is too deep", "a strategy's option is right")
                )
                continue
            match _choices(path, value, file, random=sweep.samples is not None):
                case Mistake() as mistake:
                    mistakes.append(mistake)
                case choices:
                    found.append(Parameter(path, choices))
    if not found and not mistakes:
        mistakes.append(
            Mistake(f"{file}: [strategy] and [guardrails]", "vary nothing", "draws = [1, 10] is such a line")
        )
    return found, mistakes


def grid_size(varied: Sequence[Parameter]) -> int:
    """How many combinations there are; ranges count once."""
    return math.prod(len(one.choices) if isinstance(one.choices, tuple) else 1 for one in varied)


def grid(varied: Sequence[Parameter]) -> Iterator[tuple[Value, ...]]:
    """Every combination of the lists."""
    yield from product(*(one.choices for one in varied if isinstance(one.choices, tuple)))


def samples(varied: Sequence[Parameter], n: int, seed: int) -> Iterator[tuple[Value, ...]]:
    """Combinations drawn at random, each once; fewer than `n` where there are no more."""
    rng = np.random.default_rng(seed)
    seen = set()
    for _ in range(20 * n):
        shares = rng.random(len(varied))
        drawn = tuple(_pick(one.choices, share) for one, share in zip(varied, shares, strict=True))
        if drawn not in seen:
            seen.add(drawn)
            yield drawn
        if len(seen) == n:
            return


def _pick(choices: tuple[Value, ...] | Span, share: float) -> Value:
    return choices.at(share) if isinstance(choices, Span) else choices[int(share * len(choices))]


def _leaves(path: tuple[str, ...], table: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and not {"from", "to"} & value.keys():
            yield from _leaves((*path, key), value)
        else:
            yield (*path, key), value


def _choices(
    path: tuple[str, ...], value: object, file: str, *, random: bool
) -> tuple[Value, ...] | Span | Mistake:
    where = f"{file}: {'.'.join(path)}"
    match value:
        case [*items] if items:
            values = [item for item in items if isinstance(item, str | int | float)]
            wrong = [item for item in items if not isinstance(item, str | int | float)]
            if wrong:
                return Mistake(where, f"held a value that {shown(wrong[0])}", "texts and numbers are right")
            if len(set(items)) < len(items):
                return Mistake(where, "holds a value twice", "each once is right")
            return tuple(values)
        case Mapping():
            return (
                _span(where, value)
                if random
                else Mistake(where, "is a range", "samples = 50 draws from ranges; else a list is right")
            )
    return Mistake(where, shown(value), "a list of values to try such as [1, 10] is right")


def _span(where: str, table: Mapping[str, object]) -> Span | Mistake:
    low, high, log = table.get("from"), table.get("to"), table.get("log", False)
    unknown = sorted(table.keys() - _RANGE_KEYS)
    if unknown:
        return Mistake(f"{where}.{unknown[0]}", "is no key of a range", "from, to and log are")
    if not (_number(low) and _number(high)) or not isinstance(log, bool):
        return Mistake(where, "is no range", "{ from = 0.1, to = 5.0, log = true } is right")
    assert isinstance(low, int | float) and isinstance(high, int | float)
    if not low < high or (log and low <= 0):
        right = "from below to is right, and above zero with log"
        return Mistake(where, f"went from {low} to {high}", right)
    return Span(float(low), float(high), isinstance(low, int) and isinstance(high, int), log)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
