"""Settle: ask every balance about the decisions of a group until none objects."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from agent.domain.plan import Decision
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Allow, Word
from agent.guardrails.exposure import denied
from agent.ports.deciding import Balance


def settle(decisions: Sequence[Decision], snapshot: Snapshot, balances: Sequence[Balance]) -> list[Decision]:
    """Settle sums in order, and again when a balance has taken away a cut that another counted on.

    A balance may deny a cut (a run has too many changes) whose money a raise was to be paid
    from; the pot must then be asked once more. Every objection of every round leaves a word.
    Balances only take away, so gebot's own come to rest within one round more than there are
    balances. If others do not, every change is denied.

    Args:
        snapshot: Of every entity that a balance sums over, decided on or not.
    """
    settled = list(decisions)
    for _ in range(len(balances) + 2):
        before = [decision.change for decision in settled]
        for balance in balances:
            settled = list(balance.settle(settled, snapshot))
        if [decision.change for decision in settled] == before:
            return settled
    because = f"the balances did not come to rest within {len(balances) + 2} rounds"
    return [
        decision if decision.change is None else denied(decision, "settle", because) for decision in settled
    ]


def said(decisions: Sequence[Decision], snapshot: Snapshot, balances: Sequence[Balance]) -> tuple[Word, ...]:
    """What each balance that lets these decisions pass says of them together, with its numbers."""
    return tuple(
        Word(balance.name, Allow(balance.said(decisions, snapshot)))
        for balance in balances
        if isinstance(balance, _Telling)
    )


@runtime_checkable
class _Telling(Protocol):
    @property
    def name(self) -> str: ...

    def said(self, decisions: Sequence[Decision], snapshot: Snapshot) -> str: ...
