"""The simulated adapter below and beside campaigns: entities, levers, figures, marked hours, advice."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from agent.clock import SteppedClock
from agent.domain.advice import NO_ADVICE
from agent.domain.errors import Mistakes
from agent.domain.lever import Lever, Ratio, Status
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind, Ref
from agent.ports.platform import Adapter
from simulations.bidding import GOOGLE, META
from simulations.simulated.connect import Level, Options, connect

NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
ALL: frozenset[Level] = frozenset({"ad_group", "ad_set", "keyword"})
WINDOW = Ref("simulated", "demo", Kind.DATA_EXCLUSION, "2026-04-10T08:00/2026-04-10T14:00 search")
SEASON = Ref("simulated", "demo", Kind.SEASONALITY, "2026-05-10T00:00/2026-05-12T00:00")


def account(tmp_path: Path, *, levels: frozenset[Level] = ALL, advises: bool = False) -> Adapter:
    """Seed 1, 45 days of history, something of everything."""
    options = Options(
        bidding=GOOGLE + META,
        groups_per_campaign=4,
        keywords_per_group=3,
        portfolio_strategies=1,
        group_budgets=1,
        lifetime_budgets=1,
        group_targets=1,
        shared_budgets=1,
        history_days=45,
        levels=levels,
        learning_beyond=0.2,
        advises=advises,
    )
    return connect("demo", options, credentials={}, clock=SteppedClock(NOW), home=tmp_path)


def test_all_levels_are_told_sorted_and_with_their_campaign(tmp_path: Path) -> None:
    table = account(tmp_path).entities()

    keys = list(zip(table.kinds.tolist(), table.ids.tolist(), strict=True))
    campaigns = set(table.ids[table.kinds == Kind.CAMPAIGN].tolist())
    under = np.isin(table.kinds, [Kind.AD_GROUP, Kind.AD_SET, Kind.KEYWORD])
    assert keys == sorted(keys)
    assert set(table.kinds.tolist()) == {
        kind.value for kind in Kind if kind not in (Kind.DATA_EXCLUSION, Kind.SEASONALITY)
    }
    assert set(table.parents[under].tolist()) <= campaigns
    assert set(table.parents[~under].tolist()) == {""}
    assert set(table.levers) == {lever for lever in Lever if not lever.is_of_hours}


def test_without_levels_only_ad_sets_with_budgets_are_told_below_campaigns(tmp_path: Path) -> None:
    table = account(tmp_path, levels=frozenset()).entities()

    assert (table.kinds == Kind.AD_SET).sum() == 4
    assert not np.isin(table.kinds, [Kind.AD_GROUP, Kind.KEYWORD]).any()
    own = table.kinds == Kind.AD_SET
    assert table.levers[Lever.DAILY_BUDGET].present[own].all()


def test_levers_are_told_only_where_they_do_something(tmp_path: Path) -> None:
    """CPC bids under manual CPC alone, and not of ad groups whose keywords have bids of their own."""
    table = account(tmp_path).entities()
    bids = table.levers[Lever.CPC_BID].present

    assert set(table.bidding[bids].tolist()) == {"manual_cpc"}
    with_bids = {id_.partition("~")[0] for id_ in table.ids[bids & (table.kinds == Kind.KEYWORD)].tolist()}
    assert with_bids
    assert with_bids.isdisjoint(table.ids[bids & (table.kinds == Kind.AD_GROUP)].tolist())
    assert (bids & (table.kinds == Kind.AD_GROUP)).any()


def test_each_lever_of_the_table_is_read_set_and_in_the_history(tmp_path: Path) -> None:
    """With the true value before it; undone, everything stands as it stood."""
    simulated = account(tmp_path)
    table = simulated.entities()
    changes = []
    for row in range(len(table)):
        for lever in table.levers:
            before = table.value(row, lever)
            match before:
                case Money(micros=micros, currency=currency):
                    changes.append(Change(table.ref(row), lever, before, Money(micros * 2, currency)))
                case Ratio(millionths=millionths):
                    changes.append(Change(table.ref(row), lever, before, Ratio(millionths * 2)))
                case Status():
                    changes.append(Change(table.ref(row), lever, before, Status.PAUSED))
                case None:
                    pass

    rehearsed, applied = simulated.rehearse(changes), simulated.apply(changes)
    read = simulated.read([(change.ref, change.lever) for change in changes])
    told = simulated.history(NOW)
    simulated.apply([change.inverse() for change in changes])

    assert set(rehearsed) == set(applied) == {Accepted()}
    assert read == {(change.ref, change.lever): change.after for change in changes}
    assert [(edit.ref, edit.lever, edit.before, edit.after) for edit in told] == [
        (change.ref, change.lever, change.before, change.after) for change in changes
    ]
    after = simulated.entities()
    for lever, column in table.levers.items():
        np.testing.assert_array_equal(after.levers[lever].numbers, column.numbers)


def test_bids_that_do_nothing_are_refused_with_the_reason(tmp_path: Path) -> None:
    simulated = account(tmp_path)
    table = simulated.entities()
    bid = Money.of(1, "EUR")
    automated = next(
        row for row in range(len(table))
        if table.kinds[row] == Kind.KEYWORD and table.bidding[row] == "target_roas"
    )  # fmt: skip
    overruled = next(
        row for row in range(len(table))
        if table.kinds[row] == Kind.AD_GROUP
        and table.bidding[row] == "manual_cpc"
        and table.channels[row] == "search"
        and table.value(row, Lever.CPC_BID) is None
    )  # fmt: skip

    receipts = simulated.apply(
        [Change(table.ref(row), Lever.CPC_BID, bid, bid) for row in (automated, overruled)]
    )

    assert receipts == [
        Refused("its bidding is target_roas, a CPC bid does nothing"),
        Refused("its keywords have bids of their own, a CPC bid does nothing"),
    ]


def test_marked_hours_are_made_told_and_taken_back(tmp_path: Path) -> None:
    simulated = account(tmp_path)
    levers = [(WINDOW, Lever.DATA_EXCLUSION), (SEASON, Lever.CONVERSION_RATE_MODIFIER)]
    changes = [
        Change(WINDOW, Lever.DATA_EXCLUSION, Status.PAUSED, Status.ENABLED),
        Change(SEASON, Lever.CONVERSION_RATE_MODIFIER, Ratio.of(1), Ratio.of("1.5")),
    ]

    before = simulated.read(levers)
    receipts = simulated.apply(changes)
    marked, told = simulated.read(levers), simulated.advice().windows
    simulated.apply([change.inverse() for change in changes])

    assert receipts == [Accepted(), Accepted()]
    assert list(before.values()) == [Status.PAUSED, Ratio.of(1)]
    assert list(marked.values()) == [Status.ENABLED, Ratio.of("1.5")]
    assert [(window.kind, window.id) for window in told] == [
        (Kind.DATA_EXCLUSION, WINDOW.id),
        (Kind.SEASONALITY, SEASON.id),
    ]
    assert simulated.advice() == NO_ADVICE
    assert [edit.ref for edit in simulated.history(NOW)] == [WINDOW, SEASON, WINDOW, SEASON]


def test_figures_of_all_levels_are_in_one_table(tmp_path: Path) -> None:
    """Ad groups and ad sets sum to the campaigns, as do budgets and strategies to theirs."""
    simulated = account(tmp_path)

    table = simulated.metrics(date(2026, 4, 1), date(2026, 4, 30))

    def cost(*kinds: Kind) -> int:
        return int(table.cost_micros[np.isin(table.kinds, kinds)].sum())

    entities = simulated.entities()
    assert cost(Kind.AD_GROUP, Kind.AD_SET) == cost(Kind.CAMPAIGN) > cost(Kind.KEYWORD) > 0
    assert cost(Kind.BIDDING_STRATEGY) > 0
    assert cost(Kind.CAMPAIGN_BUDGET) > 0
    known = set(zip(entities.kinds.tolist(), entities.ids.tolist(), strict=True))
    assert set(zip(table.kinds.tolist(), table.ids.tolist(), strict=True)) <= known
    assert table.conversions_by_conversion_date is not None
    below = np.isin(table.kinds, [Kind.AD_GROUP, Kind.AD_SET, Kind.KEYWORD])
    np.testing.assert_array_equal(np.isnan(table.conversions_by_conversion_date), below)


def test_a_large_edit_is_told_as_learning(tmp_path: Path) -> None:
    simulated = account(tmp_path)
    table = simulated.entities()
    row = int(np.flatnonzero(table.kinds == Kind.BIDDING_STRATEGY)[0])
    target = table.value(row, Lever.TARGET_ROAS)
    assert isinstance(target, Ratio)

    simulated.apply([Change(table.ref(row), Lever.TARGET_ROAS, target, Ratio(target.millionths * 2))])

    learning = simulated.entities().learning
    assert not table.learning.any()
    assert learning[row]
    assert (learning & (table.kinds == Kind.CAMPAIGN)).sum() == 2


def test_an_account_that_advises_tells_lag_and_simulations(tmp_path: Path) -> None:
    advice = account(tmp_path, advises=True).advice()

    assert advice.reported[-1] == 1.0
    assert list(advice.reported) == sorted(advice.reported)
    assert 0.2 < advice.reported[0] < 0.6
    assert advice.reported_n > 100
    assert {curve.lever for curve in advice.responses} == {
        Lever.DAILY_BUDGET,
        Lever.TARGET_CPA,
        Lever.TARGET_ROAS,
    }


def test_hours_are_told(tmp_path: Path) -> None:
    simulated = account(tmp_path)

    hours = simulated.hours(date(2026, 4, 29), date(2026, 4, 30))

    daily = simulated.metrics(date(2026, 4, 29), date(2026, 4, 30))
    assert hours.cost_micros.sum() == daily.cost_micros[daily.kinds == Kind.CAMPAIGN].sum()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            Options(group_budgets=9, groups_per_campaign=2),
            "9 campaigns with budgets on ad sets",
        ),
        (Options(group_budgets=1), "but no ad sets"),
    ],
)
def test_what_no_account_can_have_is_refused(tmp_path: Path, options: Options, words: str) -> None:
    with pytest.raises(Mistakes) as caught:
        connect("demo", options, credentials={}, clock=SteppedClock(NOW), home=tmp_path)

    assert words in str(caught.value.exceptions)
