"""Connect: options from config.toml to a simulated account."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, NonNegativeInt, PositiveFloat, PositiveInt

from agent.domain.entity import Account
from agent.domain.errors import Mistake, Mistakes
from agent.domain.money import Money
from agent.domain.ref import AccountId
from agent.ports import Adapter, Clock
from simulations.journal import FileJournal, headline_of
from simulations.market import Market
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


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"time zone was {name!r}, an IANA name such as Europe/Berlin is right")
    return name


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
    return SimulatedAdapter(open_platform(account, options, credentials, clock, home), options.user)


def open_platform(
    account: str, options: Options, credentials: Mapping[str, str], clock: Clock, home: Path
) -> Platform:
    """The platform behind the adapter; a sandbox server serves it to a real client.

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
        }
    )
    try:
        journal = None if journal_path is None else FileJournal(journal_path, headline)
    except Mistake as mistake:
        raise Mistakes(f"the simulated account {account!r} cannot be used", [mistake]) from mistake
    market = Market(world, options.seed, first_day, unit_micros=options.unit_micros)
    structure = build(
        market,
        unit_micros=options.unit_micros,
        minimum_micros=max(minimum_micros, options.unit_micros),
        shared_budgets=options.shared_budgets,
        experiments=options.experiments,
    )
    return Platform(market, structure, facts, clock, journal=journal, minimum_micros=minimum_micros)


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
