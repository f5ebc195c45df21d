"""Catalogue: the scenarios that teach, by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulations.campaigns import Channel
from simulations.scenarios.event import Event, Phase, Reset

_NOTHING = 1e-6  # a rate of exactly zero would have no best split


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that happens to accounts.

    Attributes:
        about: One sentence.
        naive: What an agent does that looks at ratios alone.
        right: What gebot should do.
        lasts: Days of the event itself; what follows is measured as well.
    """

    name: str
    about: str
    naive: str
    right: str
    lasts: int
    event: Event


_ALL = (
    Scenario(
        "seasonality-trap",
        "Demand falls for everybody on ten known days and comes back.",
        "It sees every ROAS fall, cuts every budget, and is late to give them back.",
        "Keep the pot: all campaigns fell alike, so the best split is nearly what it was.",
        10,
        Event(volume=(Phase(0.65, 0, 9),), rate=(Phase(0.7, 0, 9),)),
    ),
    Scenario(
        "tracking-outage",
        "For three days no conversion is reported while clicks go on; then all of them come at once.",
        "It sees spend without sales, cuts, and learns that the campaigns are bad.",
        "Change nothing because of what was not reported.",
        3,
        Event(silent=range(3)),
    ),
    Scenario(
        "promotion",
        "For four days three times as many clicks convert, then people have bought and a dip follows.",
        "It raises what sells, learns the wrong rate, and pours money into the dip.",
        "Ride it where there is room, and believe neither the peak nor the dip for long.",
        4,
        Event(rate=(Phase(3.0, 0, 3), Phase(0.5, 4, 9))),
    ),
    Scenario(
        "learning-reset",
        "After each budget change above 10 % the platform learns anew, and sells 30 % less for four days.",
        "It moves budgets every day and so never leaves the learning phase.",
        "Move rarely, in small steps.",
        28,
        Event(reset=Reset(beyond=0.10, days=4, factor=0.7)),
    ),
    Scenario(
        "learning-told",
        "The same learning reset, but the platform says which campaigns are learning.",
        "It does not listen, and moves on every day.",
        "Leave alone what is learning, until it has learned.",
        28,
        Event(reset=Reset(beyond=0.10, days=4, factor=0.7, told=True)),
    ),
    Scenario(
        "site-down",
        "For two days the shop is down: clicks go on and cost, nothing is sold.",
        "It cuts budgets when it is over, because the last days look bad.",
        "Forget two days that say nothing of the campaigns; a person should have stopped the spend.",
        2,
        Event(rate=(Phase(_NOTHING, 0, 1),)),
    ),
    Scenario(
        "late-conversions",
        "From one day on conversions are reported twice as late and four days more.",
        "It takes days that are not yet reported for bad days, and cuts.",
        "Learn the new lag, and until then move little.",
        28,
        Event(slower=2, later=4),
    ),
    Scenario(
        "competitor",
        "A competitor enters search: its clicks cost half as much again, and a third of the volume is gone.",
        "It waits for the averages of weeks, or starves all of search at once.",
        "Move money from search to the other channels, as far as they can use it.",
        28,
        Event(
            volume=(Phase(0.67, 0, None, Channel.SEARCH),),
            price=(Phase(1.5, 0, None, Channel.SEARCH),),
        ),
    ),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType({one.name: one for one in _ALL})
"""By name, in the order in which they are listed."""
