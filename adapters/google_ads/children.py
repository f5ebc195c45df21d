"""Children: the accounts below a manager account, for whoever sets gebot up."""

from dataclasses import dataclass
from typing import Any

from adapters.google_ads import queries
from adapters.google_ads.client import Client
from adapters.google_ads.errors import explained
from adapters.google_ads.words import word

_SHOWN = 20  # in a sentence


@dataclass(frozen=True, slots=True)
class Child:
    """An account below a manager.

    Attributes:
        id: Ten digits.
        level: 1: directly below.
        manager: True for one that has accounts below itself, and no campaigns.
        status: "enabled", "canceled", "suspended", "closed"; "" when unknown.
    """

    id: str
    name: str
    currency: str
    time_zone: str
    level: int
    manager: bool
    status: str

    def __str__(self) -> str:
        dashed = f"{self.id[:3]}-{self.id[3:6]}-{self.id[6:]}"
        facts = ", ".join(part for part in (self.currency, self.time_zone) if part)
        return f"{dashed} {self.name} ({facts})" if facts else f"{dashed} {self.name}"


def children_of(client: Client) -> tuple[Child, ...]:
    """All accounts below this one, managers among them, by level and name; one operation.

    Raises:
        PlatformError: The account cannot be asked.
    """
    with explained(f"google_ads:{client.customer}"):
        found = [_child(row.customer_client) for row in client.rows(queries.CHILDREN)]
    return tuple(sorted(found, key=lambda child: (child.level, child.name.casefold(), child.id)))


def below(client: Client) -> str:
    """The enabled accounts with campaigns below a manager, as a sentence for people."""
    accounts = [
        str(child) for child in children_of(client) if not child.manager and child.status == "enabled"
    ]
    if not accounts:
        return "no enabled account is below it"
    more = f" and {len(accounts) - _SHOWN} more" if len(accounts) > _SHOWN else ""
    return f"its accounts are: {'; '.join(accounts[:_SHOWN])}{more}"


def _child(client: Any) -> Child:
    return Child(
        id=str(client.id),
        name=client.descriptive_name,
        currency=client.currency_code,
        time_zone=client.time_zone,
        level=client.level,
        manager=client.manager,
        status=word(client, "status"),
    )
