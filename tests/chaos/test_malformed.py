"""Malformed input: every reader gives a value or a typed error, and the campaign sees one that does not."""

import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from agent.domain.errors import LedgerError, Mistake, Mistakes
from simulations.chaos import parsers
from simulations.chaos.malformed import target as judged
from simulations.chaos.malformed.target import Target
from simulations.chaos.parsers import PARSERS, SMALL, SOON, TYPED, judge, targets
from simulations.chaos.volume import Notes

SEED = 1


def test_malformed_input_is_a_value_or_a_typed_error() -> None:
    """A few hundred of the million inputs of the full profile."""
    result = PARSERS.run(400, SEED, 1, lambda _: None)

    assert {tally.invariant for tally in result.tallies} == {TYPED, SOON, SMALL}
    assert result.violations == 0, [(one.invariant, one.seeds) for one in result.tallies]


@pytest.mark.parametrize("name", [target.name for target in targets()])
def test_a_reader_is_given_both_what_it_takes_and_what_it_refuses(name: str) -> None:
    """A campaign whose input were refused at the door each time would prove nothing."""
    (target,) = [one for one in targets() if one.name == name]

    found = [judged.reading(target, target.make(random.Random(seed))).refused for seed in range(80)]

    takes_all = name in ("amounts, durations and refs", "SQL conditions")
    refuses_all = name == "SQL that reaches out"
    assert (False in found) is not refuses_all
    assert (True in found) is not takes_all


def _raises(error: BaseException) -> Callable[[Any], None]:
    def read(given: object) -> None:
        raise error

    return read


@pytest.mark.parametrize(
    "error", [KeyError("x"), RecursionError(), ValueError("no number"), UnicodeError(), MemoryError()]
)
def test_any_other_exception_is_counted(error: BaseException) -> None:
    """So a reader that lets one out is found."""
    notes = _judged(_raises(error))

    assert _broken(notes) == {TYPED}


@pytest.mark.parametrize("error", [Mistake("a", "b"), Mistakes("x", [Mistake("a", "b")]), LedgerError("x")])
def test_a_typed_error_is_right(error: BaseException) -> None:
    """It says who must act."""
    assert not _broken(_judged(_raises(error)))


def test_a_reader_that_is_slow_or_never_ends_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The alarm ends it, and it stands in the tally."""
    monkeypatch.setattr(judged, "HANG_S", 0.05)
    monkeypatch.setattr(parsers, "SLOW_S", 0.0)

    def read(given: object) -> None:
        while True:
            time.process_time()

    assert _broken(_judged(read)) == {TYPED, SOON}


def test_a_seed_makes_the_same_input_again() -> None:
    """What `gebot chaos --seed` tells is what happened."""
    first, again = (list(PARSERS.replay(17)) for _ in range(2))

    assert first[0] == again[0]


def _judged(read: Callable[[Any], None]) -> Notes:
    notes = Notes()
    judge(Target("a reader", 1.0, lambda rng: "x", read), 5, notes)
    return notes


def _broken(notes: Notes) -> set[str]:
    return {tally.invariant for tally in notes.result.tallies if tally.violations}
