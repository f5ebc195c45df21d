"""Example: the tables under `[[rule.example]]`, one small account and what should come of it."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.ref import Kind
from rules.figures import Weekday
from rules.refused import reader
from rules.texts import LARGEST, age, conversions, duration, money, ratio, share, status

MoneyText = Annotated[Money, reader(money)]
RatioNumber = Annotated[Ratio, reader(ratio)]
StatusText = Annotated[Status, reader(status)]
Conversions = Annotated[Decimal, reader(conversions)]
Share = Annotated[Decimal, reader(share)]
Count = Annotated[int, Field(ge=0, le=LARGEST, strict=True)]
Days = Annotated[int, Field(ge=1, le=365, strict=True)]
Age = Annotated[int | None, reader(age)]
Duration = Annotated[timedelta, reader(duration)]


class Table(BaseModel):
    """A TOML table: unknown keys are faults, nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Levers(Table):
    """Levers by name."""

    daily_budget: MoneyText | None = None
    lifetime_budget: MoneyText | None = None
    cpc_bid: MoneyText | None = None
    bid_cap: MoneyText | None = None
    target_cpa: MoneyText | None = None
    target_roas: RatioNumber | None = None
    status: StatusText | None = None

    @property
    def values(self) -> dict[Lever, Value]:
        found = {lever: getattr(self, lever.value) for lever in Lever if not lever.is_of_hours}
        return {lever: value for lever, value in found.items() if value is not None}


class Times(Table):
    """For each lever how long ago it changed."""

    daily_budget: Duration | None = None
    lifetime_budget: Duration | None = None
    cpc_bid: Duration | None = None
    bid_cap: Duration | None = None
    target_cpa: Duration | None = None
    target_roas: Duration | None = None
    status: Duration | None = None


class Day(Table):
    """Figures of each single day; what is left out is 0, or for shares not known."""

    cost: MoneyText | None = None
    impressions: Count = 0
    clicks: Count = 0
    conversions: Conversions = Decimal(0)
    conversion_value: MoneyText | None = None
    search_impression_share: Share | None = None
    search_budget_lost_impression_share: Share | None = None
    search_rank_lost_impression_share: Share | None = None


class Stretch(Day):
    """The same figures on each of `days` days; the days before are not known."""

    days: Days


class Before(Day):
    """The days before those of `each`; as many when `days` is left out."""

    days: Days | None = None


class Goal(Table):
    """Targets of the portfolio."""

    target_cpa: MoneyText | None = None
    target_roas: RatioNumber | None = None


def _form(raw: object) -> str:
    return "word" if isinstance(raw, str) else "levers"


FORMS = frozenset({"word", "levers"})
"""How pydantic tells the forms of `expect` apart; no key of the file."""

Expected: TypeAlias = Annotated[
    Annotated[Literal["no change", "kept"], Tag("word")] | Annotated[Levers, Tag("levers")],
    Discriminator(_form),
]


class Example(Table):
    """One entity (and `others` beside it), and what the whole file should do to it.

    Attributes:
        maturity: Share of the conversions of each day that has been reported.
        changed: How long ago levers changed; the others never did.
        others: Further entities of the same kind, for ranks and shares; their levers stand
            as in `now`.
        expect: "no change"; "kept", when this rule keeps the lever; or the new values.
    """

    name: Annotated[str, Field(min_length=1)]
    each: Stretch
    now: Levers
    expect: Expected
    before: Before | None = None
    others: tuple[Day, ...] = ()
    changed: Times = Times()
    portfolio: Goal = Goal()
    kind: Kind | None = None
    entity_name: Annotated[str, Field(min_length=1)] = "Example"
    labels: tuple[str, ...] = ()
    platform: str = "simulated"
    channel: str = ""
    bidding: str = ""
    age: Age = 400
    learning: bool = False
    maturity: Share = Decimal(1)
    weekday: Weekday = "monday"

    @property
    def currencies(self) -> frozenset[str]:
        """Currencies of all money in the example."""
        return frozenset(amount.currency for amount in _amounts(self))


def _amounts(table: Table) -> Iterator[Money]:
    for name in type(table).model_fields:
        found = getattr(table, name)
        for part in found if isinstance(found, tuple) else (found,):
            if isinstance(part, Money):
                yield part
            elif isinstance(part, Table):
                yield from _amounts(part)
