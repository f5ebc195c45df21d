"""Settings: how a Meta sandbox is set up, checked all at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from agent.domain.errors import Mistake, Mistakes
from simulations.market import Market
from simulations.part import SOCIAL
from simulations.sandbox.meta_ads import limits
from simulations.sandbox.meta_ads.door import DIALECT, Credentials
from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.money import unit_micros
from simulations.sandbox.shared.faults import Fault, typed
from simulations.simulated.connect import Options
from simulations.worlds import WORLDS

OVER_DELIVERY = 1.75
"""Meta's Help Center: up to 75 % more than the budget on a day."""

_USUAL_CAMPAIGNS = 8
_ANY_DAY = date(2026, 1, 1)

USUAL: Mapping[str, object] = {
    "over_delivery": OVER_DELIVERY,
    "groups_per_campaign": 2,
    "bidding": ("lowest_cost", "cost_cap", "bid_cap", "min_roas"),
    "group_budgets": 1,
    "learning_beyond": 0.2,
    "day_parts": True,
}
"""What a Meta account has unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a sandbox is set up.

    Attributes:
        state: Directory in which its edits, journal and clock last.
        account_id: Digits, without "act_".
        account: The simulated market behind it.
        port, control_port: 0 takes a free one.
        speed, start: See `SandboxClock`.
        change_delay: How long a change takes to show in the activities.
    """

    state: Path
    account_id: str = "100000000000001"
    account: Options = field(default_factory=Options)
    credentials: Credentials = field(default_factory=Credentials)
    limits: Limits = field(default_factory=Limits)
    port: int = 0
    control_port: int = 0
    speed: float = 1.0
    start: datetime | None = None
    change_delay: timedelta = timedelta(0)
    faults: Sequence[Fault] = ()


def credentials(token: str | None, *, requires_proof: bool) -> Credentials:
    """What the sandbox lets in, as typed."""
    return Credentials(access_token=token, requires_proof=requires_proof)


def settings_of(
    account: Mapping[str, object],
    faults: Sequence[str],
    limit: Sequence[str] = (),
    *,
    shares_market: bool = False,
    **rest: Any,
) -> Settings:
    """Settings from what somebody typed.

    Args:
        account: The options of the simulated market, over the `USUAL` ones.
        shares_market: `campaigns` are those of a market that another platform has a part of;
            else they are the account's own.
        faults: As `Fault.parse` reads them.
        limit: As `limits.parse` reads them.

    Raises:
        Mistakes: Everything that is wrong.
    """
    mistakes: list[Mistake] = []
    options, chosen = Options(), Limits()
    try:
        options = options_of(account)
        if not shares_market:
            options = options.model_copy(update={"campaigns": _market_size(options)})
    except ValidationError as error:
        mistakes += [Mistake(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
    read = typed(faults, DIALECT)
    mistakes += read.mistakes
    try:
        chosen = limits.parse(limit)
    except Mistakes as several:
        mistakes += several.each()
    if not re.fullmatch(r"\d{5,20}", str(rest["account_id"])):
        mistakes.append(Mistake("account", f"was {rest['account_id']!r}", "digits are right, without act_"))
    if rest["speed"] < 0:
        mistakes.append(Mistake("speed", f"was {rest['speed']}", "0 or more is right"))
    if mistakes:
        raise Mistakes("the sandbox cannot start", mistakes)
    return Settings(account=options, faults=read.faults, limits=chosen, **rest)


def options_of(account: Mapping[str, object]) -> Options:
    """Options of a Meta account: its money has Meta's smallest unit.

    Raises:
        ValidationError: One is wrong.
    """
    given = {name: value for name, value in account.items() if value is not None}
    unit = unit_micros(str(given.get("currency", "EUR")))
    return Options.model_validate({**USUAL, "unit_micros": unit, **given})


def _market_size(options: Options) -> int:
    """Campaigns that a market must have for so many of them to be Meta's."""
    wanted = options.campaigns or _USUAL_CAMPAIGNS
    size = wanted
    while True:
        world = replace(WORLDS[options.world], n_campaigns=size)
        channels = Market(world, options.seed, _ANY_DAY).campaigns.channel
        missing = wanted - int(np.isin(channels, SOCIAL).sum())
        if missing <= 0:
            return size
        size += missing
