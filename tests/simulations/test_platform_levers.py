"""Levers below and beside campaigns: what stands, what may be set, what is refused, what is kept."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from simulated_account import DEEP, digest_of, noon, platform

from agent.clock import SteppedClock
from agent.domain.ref import Kind
from simulations.groups import Slot
from simulations.journal import Field
from simulations.learning import Learning
from simulations.objections import Fault
from simulations.platform import Platform

EXCLUSION = "2026-01-02T08:00/2026-01-02T12:00 search"
SEASON = "2026-01-10T00:00/2026-01-12T00:00"


def account(*, learning: Learning | None = None, experiments: int = 0) -> Platform:
    """Seed 1, something of everything."""
    return platform(SteppedClock(noon(9)), depth=DEEP, learning=learning, experiments=experiments)


def first(made: Platform, kind: Kind, field: Field) -> Slot:
    return next(slot for slot in made.structure.slots if slot.kind is kind and slot.field is field)


def test_every_lever_can_be_read_and_set() -> None:
    """What was set stands, and its edit tells from what to what."""
    made = account()
    for slot in made.structure.slots:
        before = made.standing(slot.kind, slot.id, slot.field)
        assert before is not None
        after = 0 if slot.field is Field.STATUS else before * 2

        assert made.set(slot.kind, slot.id, slot.field, after, by="anna", client="web") is None

        edit = made.edits(noon(0))[-1]
        assert made.standing(slot.kind, slot.id, slot.field) == after
        assert (edit.kind, edit.id, edit.field) == (slot.kind, slot.id, slot.field)
        assert (edit.before, edit.after, edit.by) == (before, after, "anna")
    assert len(made.edits(noon(0))) == len(made.structure.slots)


def test_budgets_are_on_campaigns_or_on_ad_sets_never_on_both() -> None:
    made = account()
    for campaign in made.campaigns:
        groups = [group for group in made.groups if group.campaign_id == campaign.id]
        on_groups = [made.standing(group.kind, group.id, Field.AMOUNT) is not None for group in groups]
        amounts = [
            made.standing(Kind.CAMPAIGN, campaign.id, field)
            for field in (Field.AMOUNT, Field.LIFETIME_AMOUNT)
        ]
        assert all(on_groups) if campaign.group_budgets else not any(on_groups)
        assert sum(amount is not None for amount in amounts) == (not campaign.group_budgets)


def test_the_amount_of_a_campaign_is_that_of_its_budget() -> None:
    """However it is called, one edit is kept: that of the budget, as journals always did."""
    made = account()
    campaign = made.campaigns[0]

    assert made.set(Kind.CAMPAIGN, campaign.id, Field.AMOUNT, 7_000_000, by="anna") is None

    (edit,) = made.edits(noon(0))
    assert (edit.kind, edit.id) == (Kind.CAMPAIGN_BUDGET, campaign.budget_id)
    assert made.budget_micros(campaign.budget_id) == 7_000_000


BAD = [
    ("maximize_conversions", Field.TARGET_ROAS, 4_000_000, Fault.DOES_NOTHING, "a target ROAS does nothing"),
    (
        "target_roas",
        Field.CPC_BID,
        1_000_000,
        Fault.DOES_NOTHING,
        "its bidding is target_roas, a CPC bid",
    ),
    ("manual_cpc", Field.CPC_BID, 1_000_000, Fault.WRONG_LEVEL, "is set below it"),
    ("lowest_cost", Field.AMOUNT, 5_000_000, Fault.WRONG_LEVEL, "are on its groups"),
    ("bid_cap", Field.AMOUNT, 5_000_000, Fault.DOES_NOTHING, "is a lifetime budget"),
    ("maximize_conversions", Field.STATUS, 2, Fault.MALFORMED, "0 or 1 is right"),
]


@pytest.mark.parametrize(("bidding", "field", "number", "fault", "because"), BAD)
def test_levers_that_do_nothing_are_refused_with_a_reason(
    bidding: str, field: Field, number: int, fault: Fault, because: str
) -> None:
    made = account()
    campaign = next(one for one in made.campaigns if one.bidding == bidding and not one.strategy_id)

    objection = made.set(Kind.CAMPAIGN, campaign.id, field, number, by="anybody")

    assert objection is not None
    assert (objection.fault, because in objection.because) == (fault, True), objection.because
    assert made.edits(noon(0)) == []


def test_targets_under_a_portfolio_strategy_are_the_strategys() -> None:
    made = account()
    (strategy,) = made.strategies
    field = Field.TARGET_ROAS if strategy.type == "target_roas" else Field.TARGET_CPA

    objections = [made.object_to(Kind.CAMPAIGN, id_, field, 3_000_000) for id_ in strategy.campaign_ids]

    assert {objection.fault for objection in objections if objection} == {Fault.WRONG_LEVEL}
    assert made.set(Kind.BIDDING_STRATEGY, strategy.id, field, 3_000_000, by="anna") is None


@pytest.mark.parametrize(
    ("field", "kind", "number", "fault"),
    [
        (Field.CPC_BID, Kind.KEYWORD, 0, Fault.NOT_ABOVE_ZERO),
        (Field.CPC_BID, Kind.KEYWORD, 9_999, Fault.BELOW_MINIMUM),
        (Field.CPC_BID, Kind.KEYWORD, 1_000_001, Fault.NOT_MULTIPLE_OF_UNIT),
        (Field.TARGET_ROAS, Kind.CAMPAIGN, 9_000, Fault.BELOW_MINIMUM),
        (Field.TARGET_ROAS, Kind.CAMPAIGN, 1_000_000_001, Fault.ABOVE_MAXIMUM),
        (Field.AMOUNT, Kind.AD_SET, -1, Fault.NOT_ABOVE_ZERO),
    ],
)
def test_values_out_of_range_are_refused(field: Field, kind: Kind, number: int, fault: Fault) -> None:
    made = account()
    slot = first(made, kind, field)

    objection = made.set(slot.kind, slot.id, slot.field, number, by="anybody")

    assert objection is not None
    assert objection.fault is fault


def test_what_is_under_an_experiment_is_locked() -> None:
    made = account(experiments=6)
    locked = {campaign.id for campaign in made.campaigns if campaign.locked}
    groups = [group for group in made.groups if group.campaign_id in locked]

    faults = {made.object_to(one.kind, one.id, Field.STATUS, 0) for one in groups}

    assert len(groups) == 18
    assert {objection.fault for objection in faults if objection} == {Fault.LOCKED}


def test_marked_hours_come_and_go_and_change_nothing_in_the_market() -> None:
    """They are words for bidders."""
    clock = SteppedClock(noon(9))
    marked, plain = (platform(clock, depth=DEEP) for _ in range(2))

    assert marked.standing(Kind.DATA_EXCLUSION, EXCLUSION, Field.EXCLUSION) == 0
    assert marked.standing(Kind.SEASONALITY, SEASON, Field.MODIFIER) == 1_000_000
    assert marked.set(Kind.DATA_EXCLUSION, EXCLUSION, Field.EXCLUSION, 1, by="anna") is None
    assert marked.set(Kind.SEASONALITY, SEASON, Field.MODIFIER, 1_500_000, by="anna") is None
    windows = marked.windows()
    clock.move_to(noon(20))
    one, other = (made.metrics(noon(0).date(), noon(20).date()) for made in (marked, plain))

    assert [(one.kind, one.id, one.modifier_millionths) for one in windows] == [
        (Kind.DATA_EXCLUSION, EXCLUSION, 1_000_000),
        (Kind.SEASONALITY, SEASON, 1_500_000),
    ]
    assert windows[0].channels == ("search",)
    assert windows[0].since == noon(1) - timedelta(hours=4)
    np.testing.assert_array_equal(one.cost_micros, other.cost_micros)
    assert marked.set(Kind.DATA_EXCLUSION, EXCLUSION, Field.EXCLUSION, 0, by="anna") is None
    assert [window.kind for window in marked.windows()] == [Kind.SEASONALITY]


@pytest.mark.parametrize(
    ("id_", "fault"),
    [
        ("yesterday", Fault.MALFORMED),
        ("2026-01-02T12:00/2026-01-02T08:00", Fault.MALFORMED),
        ("2026-01-02T08:00/2026-02-02T08:00", Fault.ABOVE_MAXIMUM),
    ],
)
def test_hours_that_are_none_are_refused(id_: str, fault: Fault) -> None:
    objection = account().set(Kind.DATA_EXCLUSION, id_, Field.EXCLUSION, 1, by="anybody")

    assert objection is not None
    assert objection.fault is fault


def test_a_campaign_learns_for_a_week_after_a_large_edit() -> None:
    """A fifth and more of a budget or a target; not under manual bidding, and small steps do not count."""
    clock = SteppedClock(noon(9))
    made = platform(clock, depth=DEEP, learning=Learning(days=7, beyond=0.2))
    own = [one for one in made.campaigns if made.standing(Kind.CAMPAIGN, one.id, Field.AMOUNT) is not None]
    manual = next(one for one in own if one.bidding == "manual_cpc")
    large, small = [one for one in own if one.bidding != "manual_cpc"][:2]
    (strategy,) = made.strategies
    for campaign, percent in ((manual, 50), (large, 130), (small, 110)):
        amount = made.budget_micros(campaign.budget_id) * percent // 100 // 10_000 * 10_000
        made.set(Kind.CAMPAIGN_BUDGET, campaign.budget_id, Field.AMOUNT, amount, by="anybody")
    target = first(made, Kind.BIDDING_STRATEGY, Field.TARGET_ROAS)
    made.set(target.kind, target.id, target.field, 9_000_000, by="anybody")

    assert made.learners() == {large.id, *strategy.campaign_ids}
    assert made.learning(large.id)
    clock.move_to(noon(16) - timedelta(minutes=1))
    assert made.learning(large.id)
    clock.move_to(noon(16))
    assert made.learners() == frozenset()


REPLAY = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from simulated_account import DEEP, digest_of, noon, platform
from agent.clock import SteppedClock

print(digest_of(platform(SteppedClock(noon(14)), depth=DEEP, journal=Path(sys.argv[2]))))
"""


def test_another_process_reads_the_same_account_from_the_journal(tmp_path: Path) -> None:
    """Bids, targets, statuses, budgets and marked hours, all of it to the last click."""
    clock = SteppedClock(noon(9))
    made = platform(clock, depth=DEEP, journal=tmp_path / "journal.jsonl")
    for number, slot in enumerate(list(made.structure.slots)[::5]):
        before = made.standing(slot.kind, slot.id, slot.field)
        assert before is not None
        after = number % 2 if slot.field is Field.STATUS else before * (1 + number % 3)
        clock.move_to(clock.now() + timedelta(minutes=17))
        made.set(slot.kind, slot.id, slot.field, after, by="anna")
    made.set(Kind.DATA_EXCLUSION, EXCLUSION, Field.EXCLUSION, 1, by="anna")
    clock.move_to(noon(14))

    here = [sys.executable, "-c", REPLAY, str(Path(__file__).parent), str(tmp_path / "journal.jsonl")]
    replayed = subprocess.run(here, capture_output=True, text=True, check=True).stdout.strip()

    assert replayed == digest_of(made)


def test_journals_from_before_there_were_bids_are_read(tmp_path: Path) -> None:
    """Budgets and statuses as they were written then."""
    path = tmp_path / "journal.jsonl"
    path.write_text(
        '{"account": "demo"}\n'
        '{"at": "2026-01-03T11:00:00+00:00", "kind": "campaign_budget", "id": "30000000001", '
        '"field": "amount_micros", "before": 1, "after": 7000000, "by": "anna", "client": "web"}\n'
        '{"at": "2026-01-04T11:00:00+00:00", "kind": "campaign", "id": "20000000002", '
        '"field": "status", "before": 1, "after": 0, "by": "anna", "client": "web"}\n'
    )

    made = platform(SteppedClock(noon(9)), journal=path)

    assert made.budget_micros("30000000001") == 7_000_000
    assert made.standing(Kind.CAMPAIGN, "20000000002", Field.STATUS) == 0


def test_too_much_depth_for_a_market_is_refused() -> None:
    with pytest.raises(ValueError, match="9 lifetime budgets were asked for"):
        platform(SteppedClock(noon(0)), depth=replace(DEEP, lifetime_budgets=9))
