"""Check: one law of the port as a function over a scene, named as a sentence."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from adapters.conformance.stage import USUAL, Ability, Opening, Scene, Stage
from agent.domain.errors import PlatformError

Body = Callable[[Scene], None]


class Group(StrEnum):
    """What a check is about; the order in which they are run."""

    READING = "reading"
    METRICS = "metrics"
    WRITING = "writing"
    MONEY = "money"
    TROUBLE = "trouble"
    HISTORY = "history"
    SIZE = "size"


class Breach(AssertionError):
    """An adapter does not do what the port says."""


def must(condition: object, message: str) -> None:
    """Raise a breach unless the condition holds.

    Args:
        message: What was found, and what would be right.
    """
    if not condition:
        raise Breach(message)


@dataclass(frozen=True, slots=True)
class Check:
    """A law and how to try it.

    Attributes:
        name: A sentence.
        claim: What must be true.
        needs: What a stage must be able to do.
        openings: The accounts on which it is tried, each by itself.
    """

    name: str
    group: Group
    claim: str
    needs: frozenset[Ability]
    openings: tuple[Opening, ...]
    body: Body

    @property
    def label(self) -> str:
        """Name, and what is unusual about the account of a check that has one alone."""
        about = str(self.openings[0]) if len(self.openings) == 1 else ""
        return f"{self.name} [{about}]" if about else self.name

    def each(self) -> "list[Check]":
        """The check on each of its accounts."""
        return [replace(self, openings=(opening,)) for opening in self.openings]

    def skipped(self, stage: Stage) -> str:
        """Why it cannot be tried on this stage; "" when it can."""
        missing = sorted(self.needs - stage.abilities)
        return f"{stage.name} cannot {', nor '.join(missing)}" if missing else ""

    def run(self, stage: Stage) -> None:
        """Try it.

        Raises:
            Breach: It does not hold.
        """
        for opening in self.openings:
            scene = stage.open(opening)
            try:
                self.body(scene)
            except PlatformError as error:
                raise Breach(f"{type(error).__name__} was raised where nothing is wrong: {error}") from error
            finally:
                scene.close()


def check(group: Group, *needs: Ability, openings: tuple[Opening, ...] = (USUAL,)) -> Callable[[Body], Check]:
    """Make a check of a function: its name is the sentence, its docstring the claim."""

    def made(body: Body) -> Check:
        name = body.__name__.replace("_", " ")
        claim = " ".join((body.__doc__ or "").split())
        return Check(name, group, claim, frozenset(needs), openings, body)

    return made
