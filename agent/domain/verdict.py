"""Verdict: a guardrail's word. Data, not an exception."""

from dataclasses import dataclass
from typing import TypeAlias

from agent.domain.lever import Value


@dataclass(frozen=True, slots=True)
class Allow:
    """The guardrail has nothing against it.

    Attributes:
        because: Its numbers, for `gebot explain`; not kept with the plan. "" where the wish is
            none of its business.
    """

    because: str = ""


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
