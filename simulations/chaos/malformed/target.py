"""Target: one reader of gebot, malformed input for it, and what came of reading it."""

import resource
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from types import FrameType
from typing import Any

from agent.domain.errors import GebotError, Mistakes

HANG_S = 5.0
SLOW_S = 1.0
"""Of the process's own time: the goal is 0.1 s, the margin is for a machine that others use too."""
LARGE_MB = 512


@dataclass(frozen=True, slots=True)
class Target:
    """One reader.

    Attributes:
        make: Malformed input by chance, most of it from something valid.
        read: Reads it. A value or a typed error is right; errors that the reader's own
            contract names are dealt with in here.
        share: How many of all inputs are for it, as a weight.
    """

    name: str
    share: float
    make: Callable[[Random], Any]
    read: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one input.

    Attributes:
        refused: A typed error.
        fault: Any other exception, in a line; "" when there was none.
        took_s: Of the process's own time.
        grown_mb: By how much the process's peak grew.
    """

    refused: bool
    fault: str
    took_s: float
    grown_mb: float


class Hung(BaseException):
    """An input kept its reader busy for too long."""


def reading(target: Target, given: Any) -> Reading:
    """Let a target read one input, and judge what comes of it."""
    refused, fault = False, ""
    before_mb, began = _peak_mb(), time.process_time()
    try:
        with _deadline(), warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)  # numpy's word for a number that is none any more
            target.read(given)
    except (GebotError, Mistakes):
        refused = True
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  # whatever else it is, it is what is looked for
        fault = f"{type(error).__name__}: {str(error)[:200]} at {_place(error)}"
    return Reading(refused, fault, time.process_time() - began, _peak_mb() - before_mb)


@contextmanager
def _deadline() -> Iterator[None]:
    def ring(_: int, __: FrameType | None) -> None:
        raise Hung(f"still reading after {HANG_S:.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, HANG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "nowhere" if trace is None else f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
