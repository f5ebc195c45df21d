"""Approval: who let which changes of which plan through."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from agent.domain.seal import Seal

POLICY = "policy"
"""Who decided when config.toml let it through; no person may go by this name."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's (or the policy's) word on a plan, bound to its fingerprint.

    Attributes:
        approved, rejected: Ids of changes; a change in neither still waits.
        by: Who decided ("policy" when config.toml let it through).
        signature: The seal of a key that the ledger does not hold; "" before it was sealed.
    """

    plan_id: str
    fingerprint: str
    approved: frozenset[str]
    rejected: frozenset[str]
    by: str
    at: datetime
    comment: str = ""
    signature: str = ""

    def content(self) -> list[str | list[str]]:
        """All that the signature is over: every field but itself."""
        return [
            "approval",
            self.plan_id,
            self.fingerprint,
            sorted(self.approved),
            sorted(self.rejected),
            self.by,
            self.at.astimezone(UTC).isoformat(),
            self.comment,
        ]

    def sealed(self, seal: Seal) -> "Approval":
        """The same word, signed."""
        return replace(self, signature=seal.sign(self.content()))

    def bears(self, seal: Seal) -> bool:
        """Whether it is signed with this key and stands as it was signed."""
        return seal.holds(self.content(), self.signature)
