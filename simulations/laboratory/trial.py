"""Trial: one policy on one draw of a world, how it went, and the tracks that trials belong to."""

from collections.abc import Callable
from dataclasses import dataclass

from agent.domain.entity import Floats


@dataclass(frozen=True, slots=True)
class Trial:
    """One policy on one draw of a world, by the names that a track knows them by."""

    track: str
    policy: str
    world: str
    seed: int
    days: int


@dataclass(frozen=True, slots=True)
class Promise:
    """How a target was kept, in expectation; shape (days,), micros.

    Attributes:
        earned: Value of what was chosen.
        due: Value that the target asks for its cost.
    """

    earned: Floats
    due: Floats


@dataclass(frozen=True, slots=True)
class Result:
    """How it went.

    Attributes:
        value: Shape (days,), expected value of what was chosen as a share of the oracle's.
        violations: Days on which the pot or a bound was broken; must be 0.
        cpu_s: Of the policy alone, all decisions together.
        promise: Under a target alone.
    """

    trial: Trial
    value: Floats
    violations: int
    cpu_s: float
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """Worlds that pose the same question, and who answers it.

    Attributes:
        about: The question, in a line.
        worlds: Names, in order.
        policies: Names, ours first.
        run: Lives through one trial. A function of a module, so that other processes find it.
    """

    about: str
    worlds: tuple[str, ...]
    policies: tuple[str, ...]
    run: Callable[[Trial], Result]

    @property
    def ours(self) -> str:
        """What the other policies are held against."""
        return self.policies[0]
