"""Portfolios and their deciders: who shares a pot, for which goal, and who makes proposals."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator

from agent.config.amounts import Growth, PositiveMoney, PositiveRatio, Share
from agent.config.faults import fault
from agent.config.names import Identifier, Name, NotEmpty, Table, Text
from agent.config.places import FilePath
from agent.domain.month.curve import EVEN, Curve
from agent.domain.portfolio import Goal


def _curve(value: object) -> Curve:
    if isinstance(value, Curve):
        return value
    text = value if isinstance(value, str) and len(value) <= 400 else ""
    try:
        return Curve.parse(text)
    except ValueError as error:
        raise fault(str(error).removeprefix(f"plan was {text!r}, ")) from None


def _at_most_half(share: Fraction) -> Fraction:
    if share > Fraction(1, 2):
        raise fault("at most '50%' is right")
    return share


def _at_least_whole(growth: Fraction) -> Fraction:
    if growth < 1:
        raise fault("at least '100%' is right")
    return growth


class MonthSettings(Table):
    """What the entities of a portfolio may cost in a calendar month; see `MonthBudget`."""

    budget: PositiveMoney
    plan: Annotated[Curve, PlainValidator(_curve), PlainSerializer(str)] = EVEN
    tolerance: Annotated[Share, AfterValidator(_at_most_half)] = Fraction(1, 20)
    catch_up: Annotated[Growth, AfterValidator(_at_least_whole)] = Fraction(3, 2)


class PortfolioSettings(Table):
    """Entities of one account that share a pot and a goal.

    An entity belongs to the first portfolio of its account that it matches.

    Attributes:
        account: Name of the account.
        campaigns: Globs of campaign names; one must match.
        labels: One of these must be on the entity; empty: no label is asked for.
        exclude: Globs of campaign names that are left out.
        daily_pot: None: what the budgets sum to today, or what the month leaves for today.
        deciders: Names of strategies and rule files; for one lever the earlier wins.
    """

    name: Name
    account: Name
    campaigns: Annotated[tuple[Text, ...], NotEmpty] = ("*",)
    labels: tuple[Text, ...] = ()
    exclude: tuple[Text, ...] = ()
    goal: Goal
    daily_pot: PositiveMoney | None = None
    month: MonthSettings | None = None
    target_roas: PositiveRatio | None = None
    target_cpa: PositiveMoney | None = None
    deciders: Annotated[tuple[Name, ...], NotEmpty]


class StrategySettings(Table):
    """One use of a strategy.

    Attributes:
        name: Portfolios name it so.
        kind: Name of the strategy's file.
        options: The strategy's own; it checks them.
    """

    name: Name
    kind: Identifier
    options: Mapping[str, object] = Field(default_factory=dict)


class RuleFileSettings(Table):
    """One rule file; portfolios name it by `name`."""

    name: Name
    file: FilePath
