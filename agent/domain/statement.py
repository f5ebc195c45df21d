"""Statement: what was approved, what was sent and what the platform's history shows, of one day."""

from dataclasses import dataclass
from datetime import date

from agent.domain.ref import AccountId


@dataclass(frozen=True, slots=True)
class Statement:
    """The three held against each other.

    Attributes:
        day: In the account's time zone.
        approved: Changes that the ledger calls applied and a signed approval names.
        sent: Changes that the ledger calls applied.
        found: Of these, those that the platform's history shows as gebot's own.
        differences: What must not be; each is a reason to stand still.
        remarks: What could not be compared.
    """

    account: AccountId
    day: date
    approved: int
    sent: int
    found: int
    differences: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        counts = f"{self.approved} approved, {self.sent} applied, {self.found} in the platform's history"
        return f"{self.account} on {self.day}: {counts}"
