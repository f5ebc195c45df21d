"""Portfolios and their deciders: who shares a pot, for which goal, and who makes proposals."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from agent.config.amounts import PositiveMoney, PositiveRatio
from agent.config.names import Identifier, Name, NotEmpty, Table, Text
from agent.config.places import FilePath
from agent.domain.portfolio import Goal


class PortfolioSettings(Table):
    """Entities of one account that share a pot and a goal.

    An entity belongs to the first portfolio of its account that it matches.

    Attributes:
        account: Name of the account.
        campaigns: Globs of campaign names; one must match.
        labels: One of these must be on the entity; empty: no label is asked for.
        exclude: Globs of campaign names that are left out.
        daily_pot: None: what the budgets sum to today.
        deciders: Names of strategies and rule files; for one lever the earlier wins.
    """

    name: Name
    account: Name
    campaigns: Annotated[tuple[Text, ...], NotEmpty] = ("*",)
    labels: tuple[Text, ...] = ()
    exclude: tuple[Text, ...] = ()
    goal: Goal
    daily_pot: PositiveMoney | None = None
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
