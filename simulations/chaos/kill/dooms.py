"""Dooms: when each process of a schedule is to be killed. Drawn from the seed before anything runs."""

from dataclasses import dataclass
from random import Random

_KILLS = (2, 3, 3, 4, 4, 5)
_SHORT, _LONG = 4, 40
_LATEST_S = 0.35


@dataclass(frozen=True, slots=True)
class Doom:
    """How one process ends.

    Attributes:
        points: It kills itself when it reaches its so-manieth point; None: it does not.
        after_s: It is killed from outside so many real seconds after its start; None: it is not.
    """

    points: int | None = None
    after_s: float | None = None

    def __str__(self) -> str:
        return f"at point {self.points}" if self.after_s is None else f"after {self.after_s * 1000:.0f} ms"


NEVER = Doom()


@dataclass(frozen=True, slots=True)
class Dooms:
    """What chance has in store for a schedule.

    Attributes:
        two: Whether two instances run at the same time.
    """

    of_lives: tuple[Doom, ...]
    two: bool

    @classmethod
    def drawn(cls, seed: int) -> "Dooms":
        """Two thirds at a point, a third at any instant; of the points, a third right after the start."""
        random = Random(f"dooms of {seed}")  # noqa: S311  # luck that can be had again, no secret
        dooms = tuple(_doom(random) for _ in range(random.choice(_KILLS)))
        return cls(dooms, random.random() < 0.4)


def _doom(random: Random) -> Doom:
    draw = random.random()
    if draw < 0.33:
        return Doom(after_s=random.uniform(0.0, _LATEST_S))
    return Doom(points=random.randint(1, _SHORT if draw < 0.55 else _LONG))
