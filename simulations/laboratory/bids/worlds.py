"""Worlds: what kind of auctions a bidder meets, and the named ones of track B."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from agent.domain.ref import Kind


@dataclass(frozen=True, slots=True)
class World:
    """Parameters; the seed then draws one set of auctions.

    Attributes:
        kind: What the bids belong to.
        n_groups: Keywords of an ad group, or ad groups of a campaign, are of similar worth.
        paid_as_bid: What a click costs is this share of the bid and for the rest the second
            price: 0 is a second-price auction, 1 a first-price one.
        price_gap: Prices are a half-half mixture of two lognormals this far apart (log
            scale); 0 for one lognormal.
        noise: Spread of a day's volume beyond counting (log scale), each keyword alone.
        weekday: How far volume swings over the week (log scale), all keywords together.
        conversion_rate_factor: Multiplies conversion rates, and divides order values.
        shares_told: Whether impression share and the share lost to rank are told. The share
            lost to budget always is.
    """

    n: int = 200
    n_groups: int = 10
    kind: Kind = Kind.KEYWORD
    paid_as_bid: float = 0.0
    price_gap: float = 0.0
    noise: float = 0.0
    weekday: float = 0.0
    conversion_rate_factor: float = 1.0
    shares_told: bool = False


_BASE = World()

WORLDS: Mapping[str, World] = MappingProxyType(
    {
        "B1": _BASE,
        "B2": replace(_BASE, n=20, n_groups=4, kind=Kind.AD_GROUP),
        "B4": replace(_BASE, n=1_000, n_groups=20),
        "B5": replace(_BASE, paid_as_bid=1.0),
        "B6": replace(_BASE, paid_as_bid=0.5, price_gap=1.6),
        "B7": replace(_BASE, noise=0.2, weekday=0.15, shares_told=True),
        "B8": replace(_BASE, conversion_rate_factor=0.1),
    }
)
"""Worlds by name. B3 is not in use."""
