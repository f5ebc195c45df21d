"""Portfolios: bidding strategies that several campaigns share. Pure."""

from dataclasses import dataclass
from typing import Any

from adapters.google_ads.targets import OF_PORTFOLIO, Target, target_of
from adapters.google_ads.words import word
from agent.domain.lever import Lever


@dataclass(frozen=True, slots=True)
class BiddingStrategy:
    """A portfolio bidding strategy of the account.

    Attributes:
        currency: In which its target stands.
        target: None when it has none.
    """

    id: str
    name: str
    bidding: str
    currency: str
    target: Target | None

    def levers(self) -> dict[Lever, int]:
        return {} if self.target is None else {self.target.lever: self.target.number}

    def locked(self, currency: str) -> str:
        """Why gebot may not change it in an account of this currency; "" when it may."""
        return f"its money is {self.currency}" if self.currency not in ("", currency) else ""


def strategy_of(row: Any) -> BiddingStrategy:
    """Read one row of the bidding strategy query (protobuf form)."""
    strategy = row.bidding_strategy
    return BiddingStrategy(
        id=str(strategy.id),
        name=strategy.name,
        bidding=word(strategy, "type_"),
        currency=strategy.effective_currency_code,
        target=target_of(strategy, OF_PORTFOLIO),
    )
