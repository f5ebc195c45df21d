"""Verdict: a guardrail's word. Data, not an exception."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from agent.domain.lever import Value


@dataclass(frozen=True, slots=True)
class Allow:
    """The guardrail has nothing against it.

    Attributes:
        words: What puts its numbers into words, or the words; "" where the wish is none of its
            business. Most verdicts let pass, and few are ever read: so they are not put into
            words before somebody asks, are not kept with the plan, and do not make two different.
    """

    words: str | Callable[[], str] = field(default="", compare=False)

    @property
    def because(self) -> str:
        return self.words if isinstance(self.words, str) else self.words()


@dataclass(frozen=True, slots=True)
class Clamp:
    """Allowed as far as `to`."""

    to: Value
    because: str


@dataclass(frozen=True, slots=True)
class Deny:
    """Not allowed at all."""

    because: str


Verdict: TypeAlias = Allow | Clamp | Deny


@dataclass(frozen=True, slots=True)
class Word:
    """Who said what: a verdict with the name of its guardrail."""

    guardrail: str
    verdict: Verdict
