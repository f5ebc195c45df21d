"""Names: what a team would have called its campaigns."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product

from simulations.campaigns import Channel

COUNTRIES = ("DE", "AT", "CH", "NL", "FR", "UK", "US", "SE")


@dataclass(frozen=True, slots=True)
class Title:
    """Name, bidding strategy and labels of a campaign."""

    name: str
    bidding: str
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Theme:
    word: str
    bidding: str
    label: str


_THEMES: dict[Channel, tuple[_Theme, ...]] = {
    Channel.SEARCH: (
        _Theme("Brand", "manual_cpc", "brand"),
        _Theme("Generic", "maximize_conversion_value", "prospecting"),
        _Theme("Competitors", "maximize_conversions", "prospecting"),
        _Theme("Dynamic", "target_roas", "prospecting"),
    ),
    Channel.SHOPPING: (
        _Theme("Bestsellers", "target_roas", "catalogue"),
        _Theme("All products", "maximize_conversion_value", "catalogue"),
        _Theme("Clearance", "target_roas", "catalogue"),
    ),
    Channel.SOCIAL: (
        _Theme("Lookalike", "maximize_conversions", "prospecting"),
        _Theme("Retargeting", "target_cpa", "retargeting"),
        _Theme("Interests", "maximize_conversions", "prospecting"),
    ),
    Channel.VIDEO: (
        _Theme("Product tour", "target_cpa", "prospecting"),
        _Theme("Testimonials", "maximize_conversions", "prospecting"),
        _Theme("Retargeting", "target_cpa", "retargeting"),
    ),
}


def titles(channels: list[Channel]) -> list[Title]:
    """One title for each campaign; no two names are the same."""
    queues = {channel: _combinations(themes) for channel, themes in _THEMES.items()}
    drawn = []
    for channel in channels:
        theme, suffix = next(queues[channel])
        name = f"{theme.word} | {channel.name.title()} | {suffix}"
        drawn.append(Title(name, theme.bidding, frozenset({theme.label})))
    return drawn


def _combinations(themes: tuple[_Theme, ...]) -> Iterator[tuple[_Theme, str]]:
    """Themes with what follows their name: each country in turn, then numbered."""
    for lap in count(1):
        for country, theme in product(COUNTRIES, themes):
            yield theme, country if lap == 1 else f"{country} | {lap}"
