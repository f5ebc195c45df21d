"""Recent: the last known days of each entity, added up once for all."""

from dataclasses import replace

import numpy as np
import sample

from agent.domain.lever import Lever


def test_the_last_fourteen_known_days_are_added_up_whatever_lies_between() -> None:
    """Unknown days are stepped over, not counted as zero."""
    known = np.ones((1, 30), dtype=bool)
    known[0, 20:25] = False
    table = sample.entities([50])

    recent = sample.snapshot(table, clicks=np.arange(30), known=known).recent

    last = [day for day in range(30) if known[0, day]][-14:]
    assert recent.clicks.tolist() == [sum(last)]
    assert recent.history_days.tolist() == [25]


def test_without_a_start_the_history_begins_with_the_first_figure() -> None:
    """Ten silent days before the first impression are no history."""
    table = sample.entities([50, 50])
    table = replace(table, started=np.full(2, "NaT", dtype="datetime64[D]"))
    impressions = [[0] * 10 + [5] + [0] * 9, [0] * 20]

    recent = sample.snapshot(table, n_days=20, impressions=impressions).recent

    assert recent.history_days.tolist() == [10, 0]


def test_reported_share_is_weighted_by_cost_and_unknown_without_days() -> None:
    """Evenly where nothing was spent; NaN where nothing is known."""
    table = sample.entities([50, 50, 50])
    snapshot = sample.snapshot(
        table,
        n_days=2,
        cost=[[30.0, 10.0], [0.0, 0.0], [0.0, 0.0]],
        maturity=[1.0, 0.6],
        known=[[True, True], [True, True], [False, False]],
    )

    reported = snapshot.recent.reported

    np.testing.assert_allclose(reported, [0.9, 0.8, np.nan])


def test_a_row_is_found_by_its_full_name_alone() -> None:
    """The same id in another account is another thing."""
    table = sample.entities([50, None])
    ref = table.ref(0)

    assert table.row(ref) == 0
    assert table.row(replace(ref, account="other")) is None
    assert table.row(replace(ref, id="999999")) is None
    assert table.number(ref, Lever.DAILY_BUDGET) == 50_000_000
    assert table.number(table.ref(1), Lever.DAILY_BUDGET) is None
    assert table.number(ref, Lever.CPC_BID) is None
