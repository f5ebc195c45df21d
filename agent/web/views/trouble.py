"""What somebody reads when a request could not be answered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TroubleView:
    """A headline, and what to know or to do."""

    status: int
    headline: str
    details: tuple[str, ...]
