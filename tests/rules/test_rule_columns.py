"""Columns: names with windows, suggestions for misspelt ones, and standing among others."""

import math

import numpy as np
import pytest
import sample

from agent.domain.entity import entity_table
from rules.columns import LONGEST_WINDOW_DAYS, column_named, suggestion
from rules.figures import Figures


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("cots_14d", "did you mean cost_14d?"),
        ("cost", "did you mean cost_14d?"),
        ("conversion_7d", "did you mean conversions_7d?"),
        ("cpa_7d_previous", "did you mean cpa_7d_prev?"),
        ("rank_raos_14d", "did you mean rank_roas_14d?"),
        ("cost_0d", "windows are 1 to 90 days"),
        ("cost_91d", "windows are 1 to 90 days"),
        ("share_roas_7d", "only sums have a share, such as share_cost_7d"),
        ("daily_budgets", "did you mean daily_budget?"),
        ("xyzzy", "docs/rules.md lists the columns"),
    ],
)
def test_a_misspelt_column_gets_a_suggestion(name: str, hint: str) -> None:
    """Most unknown columns are typing errors."""
    assert column_named(name) is None
    assert suggestion(name) == hint


@pytest.mark.parametrize("days", range(1, LONGEST_WINDOW_DAYS + 1))
def test_windows_have_any_number_of_days_up_to_the_longest(days: int) -> None:
    """Not only the usual 7, 14 and 30."""
    assert column_named(f"cpa_{days}d_prev") is not None


def test_ranks_are_among_entities_of_one_kind() -> None:
    """A keyword does not compete with its campaign."""
    kinds = ["campaign", "campaign", "keyword", "keyword"]
    table = entity_table(sample.ACCOUNT, list("abcd"), names=list("abcd"), kinds=kinds)
    figures = Figures(sample.snapshot(table, cost=[[1], [2], [3], [4]]))
    rank = column_named("rank_cost_1d")
    assert rank is not None

    assert figures.numbers(rank).tolist() == [2, 1, 2, 1]


def test_a_rank_is_one_for_the_highest_among_those_of_its_kind_that_have_the_figure() -> None:
    """Ties share the better place; who has no figure has no rank."""
    column = column_named("rank_roas_1d")
    assert column is not None
    figures = Figures(
        sample.snapshot(
            sample.entities([1] * 5),
            cost=np.array([[1], [1], [1], [0], [1]]),
            value=np.array([[3], [5], [3], [9], [1]]),
        )
    )

    ranks = figures.numbers(column).tolist()

    assert ranks[:3] == [2, 1, 2]
    assert math.isnan(ranks[3])
    assert ranks[4] == 4
