"""Approval: who let which changes of which plan through."""

from dataclasses import dataclass
from datetime import datetime


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
