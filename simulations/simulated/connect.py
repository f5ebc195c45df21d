"""Connect: options from config.toml to a simulated account."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, NonNegativeInt, PositiveFloat, PositiveInt

from agent.domain.entity import Account
from agent.domain.errors import Mistake, Mistakes
from agent.domain.money import Money
from agent.domain.ref import AccountId
from agent.ports.clock import Clock
from agent.ports.platform import Adapter
from simulations.bidding import GOOGLE, META
from simulations.campaigns import Channel
from simulations.depth import FLAT, Depth
from simulations.journal import FileJournal, headline_of
from simulations.learning import Learning
from simulations.market import Market
from simulations.part import of_channels
from simulations.platform import Platform
from simulations.simulated.adapter import SimulatedAdapter
from simulations.structure import build
from simulations.worlds import WORLDS, World

PLATFORM = "simulated"
CREDENTIALS: tuple[str, ...] = ()


def _known_world(name: str) -> str:
    if name not in WORLDS:
        raise ValueError(f"world was {name!r}, one of {', '.join(WORLDS)} is right")
    return name


def _known_bidding(name: str) -> str:
    if name not in GOOGLE + META:
        raise ValueError(f"bidding was {name!r}, one of {', '.join(GOOGLE + META)} is right")
    return name


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"time zone was {name!r}, an IANA name such as Europe/Berlin is right")
    return name


Level = Literal["ad_group", "ad_set", "keyword"]
Bidding = Annotated[str, AfterValidator(_known_bidding)]


class Options(BaseModel):
    """The `options` table of a simulated account.

    Attributes:
        seed: Which market is drawn; the same seed is the same market for ever.
        world: What kind of market ("base", "A1" to "A10").
        campaigns: How many; the world's own number when None.
        money_scale: Account currency units for one EUR of the market.
        unit_micros: Smallest step of money.
        minimum_budget: Smallest daily budget, such as "1.00 EUR"; one unit when None.
        start: Day on which gebot may begin, after the history; when None, the day on which
            the account was first opened, as its journal says.
        history_days: Days of history before that.
        journal: File in which the account's edits last, shared by all processes; None keeps
            them in memory.
        shared_budgets: How many budgets have two campaigns.
        experiments: How many campaigns are experiments, which nobody may change.
        over_delivery: What a day may cost as a multiple of its budget (1 to 2).
        user: Name under which gebot's own edits stand in the account's history.
        bidding: How campaigns bid, in turn, each the next that is for its channel ("manual_cpc",
            "target_cpa", "target_roas", "maximize_conversions", "maximize_conversion_value"; on
            social "lowest_cost", "cost_cap", "bid_cap", "min_roas"); with it come bids and targets.
        groups_per_campaign: Ad groups of each campaign, or ad sets of a social one.
        keywords_per_group: Keywords of each ad group of a search campaign.
        portfolio_strategies: How many targets are for two campaigns each.
        group_budgets: How many social campaigns keep budgets on their ad sets.
        lifetime_budgets: How many social campaigns have an amount for all their days.
        lifetime_days: How many days those have after the history.
        group_targets: How many campaigns have an ad group with a target of its own.
        levels: Kinds below campaigns that gebot is told of: "ad_group", "ad_set", "keyword".
        learning_beyond: A budget or target that moves by more than this share of it makes the
            campaign learn for 7 days; None: none ever learns.
        advises: The account tells a lag report and simulations of other budgets and targets.
        day_parts: Hours of the day differ, as people's days do; else every hour is like the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: NonNegativeInt = 1
    world: Annotated[str, AfterValidator(_known_world)] = "base"
    campaigns: PositiveInt | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    money_scale: PositiveFloat = 1.0
    unit_micros: PositiveInt = 10_000
    minimum_budget: str | None = None
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    start: date | None = None
    history_days: NonNegativeInt = 90
    journal: Path | None = None
    shared_budgets: NonNegativeInt = 0
    experiments: NonNegativeInt = 0
    over_delivery: Annotated[float, Field(ge=1.0, le=2.0)] = 1.0
    user: str = "gebot"
    bidding: tuple[Bidding, ...] = ()
    groups_per_campaign: NonNegativeInt = 0
    keywords_per_group: NonNegativeInt = 0
    portfolio_strategies: NonNegativeInt = 0
    group_budgets: NonNegativeInt = 0
    lifetime_budgets: NonNegativeInt = 0
    lifetime_days: PositiveInt = 60
    group_targets: NonNegativeInt = 0
    levels: frozenset[Level] = frozenset()
    learning_beyond: PositiveFloat | None = None
    advises: bool = False
    day_parts: bool = False

    @property
    def depth(self) -> Depth:
        """What is below and beside campaigns."""
        return Depth(**{one.name: getattr(self, one.name) for one in fields(Depth)})


def connect(
    account: str,
    options: Options,
    *,
    credentials: Mapping[str, str],
    clock: Clock,
    home: Path,
    state: Path | None = None,
) -> Adapter:
    """Open the account, or create it.

    Args:
        credentials: None are needed, none are allowed.
        home: Directory that the journal's path starts from.
        state: Not used: the journal is what lasts.

    Raises:
        Mistakes: What is wrong with the options, all at once.
    """
    platform = open_platform(account, options, credentials, clock, home)
    return SimulatedAdapter(platform, options.user, levels=options.levels, advises=options.advises)


def open_platform(
    account: str,
    options: Options,
    credentials: Mapping[str, str],
    clock: Clock,
    home: Path,
    *,
    channels: tuple[Channel, ...] = (),
) -> Platform:
    """The platform behind the adapter; a sandbox server serves it to a real client.

    Args:
        channels: The account has only the campaigns of these; () for all of the market.

    Raises:
        Mistakes: As `connect`.
    """
    mistakes = [Mistake(name, "is not a credential of a simulated account") for name in credentials]
    world = _world(options)
    minimum_micros = 0
    if options.minimum_budget is not None:
        try:
            minimum = Money.parse(options.minimum_budget)
            minimum_micros = minimum.micros
            if minimum.currency != options.currency:
                mistakes.append(Mistake("minimum_budget", f"was {minimum}", f"{options.currency} is right"))
        except ValueError as error:
            mistakes.append(Mistake("minimum_budget", str(error)))
    if 2 * options.shared_budgets + options.experiments > world.n_campaigns:
        mistakes.append(
            Mistake(
                "campaigns",
                f"{world.n_campaigns} are too few for {options.shared_budgets} shared budgets "
                f"and {options.experiments} experiments",
            )
        )
    if mistakes:
        raise Mistakes(f"the simulated account {account!r} cannot be used", mistakes)
    journal_path = None if options.journal is None else home / options.journal.expanduser()
    first_day = _first_day(options, journal_path, clock)
    facts = Account(
        id=AccountId(PLATFORM, account),
        name=f"Simulated account {account}",
        currency=options.currency,
        time_zone=options.time_zone,
        unit_micros=options.unit_micros,
        over_delivery=options.over_delivery,
    )
    headline = json.dumps(
        {
            "account": account,
            "first_day": first_day.isoformat(),
            "seed": options.seed,
            "unit_micros": options.unit_micros,
            "shared_budgets": options.shared_budgets,
            "world": asdict(world),
            # Journals of accounts without any depth begin as they always did.
            **({} if options.depth == FLAT else {"depth": asdict(options.depth)}),
            **({"channels": [channel.name.lower() for channel in channels]} if channels else {}),
        }
    )
    try:
        journal = None if journal_path is None else FileJournal(journal_path, headline)
    except Mistake as mistake:
        raise Mistakes(f"the simulated account {account!r} cannot be used", [mistake]) from mistake
    market = Market(world, options.seed, first_day, unit_micros=options.unit_micros)
    supply = of_channels(market, channels) if channels else market
    try:
        structure = build(
            supply,
            unit_micros=options.unit_micros,
            minimum_micros=max(minimum_micros, options.unit_micros),
            shared_budgets=options.shared_budgets,
            experiments=options.experiments,
            depth=options.depth,
        )
    except ValueError as error:
        mistakes = [Mistake("campaigns", str(error))]
        raise Mistakes(f"the simulated account {account!r} cannot be used", mistakes) from error
    return Platform(
        supply,
        structure,
        facts,
        clock,
        journal=journal,
        minimum_micros=minimum_micros,
        learning=None if options.learning_beyond is None else Learning(beyond=options.learning_beyond),
        day_parts=options.day_parts,
    )


def _world(options: Options) -> World:
    world = WORLDS[options.world]
    return replace(
        world,
        n_campaigns=world.n_campaigns if options.campaigns is None else options.campaigns,
        history_days=options.history_days,
        money_scale=options.money_scale,
        over_delivery=options.over_delivery,
    )


def _first_day(options: Options, journal: Path | None, clock: Clock) -> date:
    """The first day of the history: as told, else as the journal began, else counted from today."""
    headline = None if journal is None else headline_of(journal)
    if options.start is None and headline is not None:
        try:
            return date.fromisoformat(json.loads(headline)["first_day"])
        except (ValueError, KeyError, TypeError) as error:
            found = f"the first line is not a headline: {headline[:80]!r}"
            raise Mistakes("the journal cannot be used", [Mistake(str(journal), found)]) from error
    start = options.start or clock.now().astimezone(ZoneInfo(options.time_zone)).date()
    return start - timedelta(days=options.history_days)
