"""Profiles: which campaigns there are, and how large each is in quick, full and soak."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import cast

from agent.wiring import plugins
from simulations.chaos.findings import Campaign


class Profile(StrEnum):
    """How long it may take: minutes, hours, or an hour of one thing."""

    QUICK = "quick"
    FULL = "full"
    SOAK = "soak"


@dataclass(frozen=True, slots=True)
class Listed:
    """A campaign by name; its module is imported when it is to run.

    Attributes:
        about: What a trial is, in a few words.
        place: "module:attribute" of a `Campaign`.
        quick, full, soak: How many trials each profile asks for; 0: it is not part of it.
    """

    name: str
    about: str
    place: str
    quick: int
    full: int
    soak: int = 0

    def size(self, profile: Profile) -> int:
        sizes = {Profile.QUICK: self.quick, Profile.FULL: self.full, Profile.SOAK: self.soak}
        return sizes[profile]

    @property
    def there(self) -> bool:
        """Whether its module is installed."""
        try:
            return find_spec(self.place.partition(":")[0]) is not None
        except ModuleNotFoundError:  # nor the package that it would be in
            return False

    def load(self) -> Campaign:
        return cast(Campaign, plugins.load(self.place))


CAMPAIGNS: Sequence[Listed] = (
    Listed(
        "random",
        "schedules of crashes, faults and edits by chance, ledger in memory",
        "simulations.chaos.campaigns:RANDOM",
        quick=2_000,
        full=1_000_000,
    ),
    Listed(
        "pairs",
        "every strike at every point with every fault, and with every point after it",
        "simulations.chaos.campaigns:PAIRS",
        quick=60,
        full=8_064,
    ),
    Listed(
        "ledger",
        "schedules by chance on the SQLite ledger",
        "simulations.chaos.campaigns:LEDGER",
        quick=12,
        full=10_000,
    ),
    Listed(
        "kill",
        "real processes, killed with SIGKILL",
        "simulations.chaos.kill.campaign:KILL",
        quick=30,
        full=10_000,
    ),
    Listed(
        "outages",
        "a ledger that is locked for a minute, stands still or crashes, at each point",
        "simulations.chaos.kill.outages:OUTAGES",
        quick=0,
        full=66,
    ),
    Listed(
        "power", "power cuts: the file up to its last fsync", "simulations.chaos.kill.power:POWER", 10, 1_000
    ),
    Listed("guards", "plans through the guard", "simulations.chaos.guards:GUARDS", 2_500, 1_000_000),
    Listed("units", "slips of units at each boundary", "simulations.chaos.units:UNITS", 2_000, 1_000_000),
    Listed("rules", "shipped rules, written wrongly", "simulations.chaos.rules:RULES", 1_000, 100_000),
    Listed(
        "damage",
        "a ledger file with flipped bits, cut short, or on a full disk",
        "simulations.chaos.damage:DAMAGE",
        quick=30,
        full=10_000,
    ),
    Listed(
        "calendar",
        "four days around a change of a zone's clock; in full all zones and changes to 2037",
        "simulations.chaos.calendar:CALENDAR",
        150,
        34_000,
    ),
    Listed(
        "parsers",
        "malformed rules, settings, files and replies",
        "simulations.chaos.parsers:PARSERS",
        2_500,
        1_000_000,
    ),
    Listed(
        "plants",
        "bugs planted into a copy, each to be found by a campaign",
        "simulations.chaos.plants.campaign:PLANTS",
        quick=0,
        full=200,
    ),
    Listed(
        "soak",
        "seconds of changes by two instances that are killed again and again",
        "simulations.chaos.kill.soak:SOAK",
        quick=0,
        full=0,
        soak=3_600,
    ),
    Listed(
        "soak-postgresql",
        "the same on a PostgreSQL server of its own",
        "simulations.chaos.kill.soak:SOAK_POSTGRESQL",
        quick=0,
        full=0,
        soak=600,
    ),
)


def chosen(profile: Profile, names: Sequence[str]) -> list[Listed]:
    """The campaigns of a profile, in their order; only these names where any are given."""
    return [one for one in CAMPAIGNS if (one.name in names if names else one.size(profile) > 0)]
