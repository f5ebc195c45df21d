"""AdviceMemory: what the platform told of one account, in memory."""

from bisect import bisect_right
from datetime import datetime

from agent.domain.advice import NO_ADVICE, Advice
from agent.ledger.moments import refuse_older


class AdviceMemory:
    """One account: what each reading found."""

    def __init__(self) -> None:
        self._read_at: list[datetime] = []
        self._told: list[Advice] = []

    def record(self, advice: Advice, at: datetime) -> None:
        """Append a reading; equal ones share what they hold."""
        refuse_older("advice", at, self._read_at)
        same = bool(self._told) and self._told[-1] == advice
        self._read_at.append(at)
        self._told.append(self._told[-1] if same else advice)

    def advice(self, as_of: datetime) -> Advice:
        """What was known at that moment."""
        position = bisect_right(self._read_at, as_of)
        return self._told[position - 1] if position else NO_ADVICE
