"""Decider: which rule acts on which lever, when, and how far."""

from dataclasses import replace

import numpy as np
import pytest
import sample
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rule_files import decider, proposals, rule, targets

from agent.domain.errors import Mistake
from agent.domain.lever import Lever
from agent.domain.money import MICROS, Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.snapshot import Snapshot

UP = 'lever = "daily_budget", scale = 2, at_most = "100.00 EUR"'
KEEP = 'lever = "daily_budget", keep = true'


def snapshot(*budgets: float, cost: object = 10.0, **others: object) -> Snapshot:
    """Campaigns with these budgets, each of which spends `cost` on each of 30 days."""
    return sample.snapshot(sample.entities(list(budgets)), cost=cost, **others)  # type: ignore[arg-type]  # passed through


def changed(before: Snapshot, when: str) -> Snapshot:
    """The same, but the budgets last changed at that moment."""
    memory = before.memory[Lever.DAILY_BUDGET]
    changed_at = np.full(len(before), when, dtype="datetime64[s]")
    return replace(
        before, memory={**before.memory, Lever.DAILY_BUDGET: replace(memory, changed_at=changed_at)}
    )


def test_a_proposal_tells_what_it_rests_on() -> None:
    """A reviewer sees the sentence, every figure used, the rule's name and the portfolio."""
    pot = Portfolio("shoes", Goal.CONVERSIONS)
    when = "cost_7d >= 60 AND ctr_7d < 0.05 AND conversions_7d < 5 AND maturity_3d > 0.1"
    account = snapshot(20.0, impressions=1000, clicks=34, conversions=0.5, maturity=0.75, portfolio=pot)

    (proposal,) = proposals(account, rule(when, rule_id="too-dear", because="{cost_7d} for {cpa_7d}"))

    assert proposal.because == "70.00 EUR for 20.00 EUR"
    assert proposal.source == "x/too-dear"
    assert proposal.group == "shoes"
    assert proposal.target == Money.of("10", "EUR")
    assert [(figure.name, figure.text) for figure in proposal.evidence.figures] == [
        ("cost_7d", "70.00 EUR"),
        ("ctr_7d", "3.4 %"),
        ("conversions_7d", "3.5"),
        ("maturity_3d", "75 %"),
        ("cpa_7d", "20.00 EUR"),
    ]
    assert proposal.evidence.maturity == 0.75


def test_a_sentence_says_so_when_a_figure_of_it_is_not_known() -> None:
    """A figure that only the sentence uses does not decide whether the rule fires."""
    (proposal,) = proposals(snapshot(20.0), rule(because="a conversion cost {cpa_7d}"))

    assert proposal.because == "a conversion cost unknown"


def test_an_empty_account_gets_no_proposals() -> None:
    """Nothing to decide on."""
    assert proposals(snapshot(), rule()) == []


def test_the_first_rule_that_matches_decides_on_a_lever() -> None:
    """The order of the file counts, lever by lever."""
    account = sample.snapshot(sample.entities([10.0, 20.0]), cost=[[10.0], [20.0]])
    dear, all_, pause = (
        rule("cost_7d > 100", rule_id="dear", then='lever = "daily_budget", set = "1.00 EUR"'),
        rule("cost_7d > 0", rule_id="all", then='lever = "daily_budget", set = "2.00 EUR"'),
        rule(
            "cost_7d > 100",
            rule_id="pause",
            then='lever = "status", set = "paused"',
            now='status = "enabled"',
        ),
    )

    found = [(wish.ref.id, wish.lever, wish.source) for wish in proposals(account, dear, all_, pause)]

    assert found == [
        ("000001", Lever.DAILY_BUDGET, "x/all"),
        ("000002", Lever.DAILY_BUDGET, "x/dear"),
        ("000002", Lever.STATUS, "x/pause"),
    ]


@pytest.mark.parametrize("first", [KEEP, 'lever = "daily_budget", scale = 0.5, at_least = "10.00 EUR"'])
def test_a_rule_that_matches_and_moves_nothing_still_decides(first: str) -> None:
    """Keeping is a decision, and so is standing at the bound already."""
    assert targets(snapshot(10.0), rule(then=first), rule(then=UP, rule_id="b")) == {}


def test_a_lever_rests_in_its_cooldown_and_no_later_rule_takes_it() -> None:
    """A change must have time to show, whoever made it."""
    cooled = rule(more='cooldown = "3d"')
    later = rule(then=UP, rule_id="b")

    assert targets(changed(snapshot(10.0), "2026-11-18T06:00:01"), cooled, later) == {}
    assert targets(changed(snapshot(10.0), "2026-11-18T06:00:00"), cooled, later) == {"000001": "5.00 EUR"}
    assert targets(snapshot(10.0), cooled, later) == {"000001": "5.00 EUR"}


def test_a_held_rule_waits_until_it_has_been_true_for_so_many_runs() -> None:
    """`hold` asks the windows that end a day earlier, and leaves later rules their turn."""
    cost = np.full((1, 30), 10.0)
    cost[0, -2:] = 40.0
    held = [rule("cost_2d >= 50", more=f'hold = "{runs}"') for runs in ("1 run", "2 runs", "3 runs")]

    found = [targets(snapshot(10.0, cost=cost), text, rule(then=UP, rule_id="b")) for text in held]

    assert found == [{"000001": "5.00 EUR"}, {"000001": "5.00 EUR"}, {"000001": "20.00 EUR"}]


def test_a_hold_longer_than_what_is_known_never_fires() -> None:
    """Not known is not true."""
    account = snapshot(10.0, n_days=8)

    assert targets(account, rule(more='hold = "2 runs"')) == {"000001": "5.00 EUR"}
    assert targets(account, rule(more='hold = "3 runs"')) == {}
    assert targets(account, rule(more='hold = "14 runs"')) == {}


@pytest.mark.parametrize(
    ("then", "target"),
    [
        ('set = "12.00 EUR"', "12.00 EUR"),
        ('set = "10.00 EUR"', None),
        ('set = "10.009 EUR"', None),
        ('set = "12.345 EUR"', "12.34 EUR"),
        ('set = "0.009 EUR"', None),
        ("scale = 0.3333333", "3.33 EUR"),
        ("scale = 0.0001", None),
        ('scale = 0.5, at_least = "7.005 EUR"', "7.01 EUR"),
        ('scale = 0.5, at_least = "11.00 EUR"', None),
        ('scale = 1.5, at_most = "12.00 EUR"', "12.00 EUR"),
        ('scale = 1.5, at_most = "9.00 EUR"', None),
        ('scale = 1.5, at_least = "13.00 EUR", at_most = "cost_7d / 7"', None),
        ('scale = "cost_7d / 100", at_most = "100.00 EUR"', "7.00 EUR"),
        ('scale = "cost_7d / clicks_7d", at_most = "100.00 EUR"', None),
        ('scale = "0 * cost_7d", at_most = "100.00 EUR"', None),
        ('scale = "-1 * cost_7d", at_most = "100.00 EUR"', None),
        ('scale = 2, at_most = "1.25 * cost_7d / 7"', "12.50 EUR"),
        ('scale = 2, at_most = "cpc_7d"', None),
        ('step = "+2.50 EUR", at_most = "12.00 EUR"', "12.00 EUR"),
        ('step = "-2.50 EUR"', "7.50 EUR"),
        ('step = "-10.00 EUR"', None),
        ('step = "-25.00 EUR", at_least = "0.50 EUR"', "0.50 EUR"),
    ],
)
def test_an_action_gives_this_target_from_ten(then: str, target: str | None) -> None:
    """Exact, rounded down to whole cents, within bounds, never 0, never what stands."""
    found = targets(snapshot(10.0), rule(then=f'lever = "daily_budget", {then}'))

    assert found == ({} if target is None else {"000001": target})


@settings(deadline=None)
@given(
    budget=st.integers(1, 10**9),
    factor=st.decimals("0.01", "3", places=4).filter(lambda factor: factor != 1),
    low=st.integers(1, 10**9),
    high=st.integers(1, 10**9),
    unit=st.sampled_from([1, 10_000, 1_000_000]),
)
def test_bounds_hold_a_move_back_and_never_turn_it(
    budget: int, factor: object, low: int, high: int, unit: int
) -> None:
    """Law: between the bounds, on the way that the factor points to, a whole number of units."""
    account = replace(sample.ACCOUNT, unit_micros=unit)
    table = sample.entities([None], account=account, levers={Lever.CPC_BID: [budget]})
    low, high = min(low, high), max(low, high)
    bounds = f'at_least = "{Money(low, "EUR")}", at_most = "{Money(high, "EUR")}"'
    then = f'lever = "cpc_bid", scale = {factor}, {bounds}'

    found = proposals(sample.snapshot(table, cost=10.0), rule(then=then, now='cpc_bid = "1.00 EUR"'))

    for proposal in found:
        assert isinstance(proposal.target, Money)
        target = proposal.target.micros
        assert target > 0 and target % unit == 0
        assert low <= target <= high
        assert (target > budget) == (float(str(factor)) > 1)


def test_a_higher_target_roas_is_set_exactly() -> None:
    """Ratios are millionths, and know no cents."""
    table = sample.entities([10.0], levers={Lever.TARGET_ROAS: [4 * MICROS]})
    then = 'lever = "target_roas", scale = 1.1, at_most = 4.3'

    assert targets(sample.snapshot(table, cost=10.0), rule(then=then, now="target_roas = 4")) == {
        "000001": "4.30"
    }


def test_only_what_may_be_steered_is_proposed() -> None:
    """Paused, locked and lever-less entities are left alone; status may be set on paused ones."""
    table = sample.entities([10.0, 10.0, None, 10.0], levers={Lever.STATUS: [1, 0, 1, 1]})
    account = sample.snapshot(replace(table, locked=np.array(["", "", "", "experiment"])), cost=10.0)
    enable = rule(then='lever = "status", set = "enabled"', now='status = "paused"')

    assert targets(account, rule()) == {"000001": "5.00 EUR"}
    assert targets(account, enable) == {"000002": "enabled"}


def test_about_and_where_narrow_down() -> None:
    """A rule about keywords is not for campaigns."""
    account = sample.snapshot(sample.entities([10.0, 10.0], names=["Brand", "Shoes"]), cost=10.0)

    assert targets(account, rule(more='about = "keyword"')) == {}
    assert targets(account, rule(more="where = \"name = 'Shoes'\"")) == {"000002": "5.00 EUR"}


def test_money_of_another_currency_is_an_error_and_not_a_proposal() -> None:
    """12 EUR in an account in US dollars means nothing."""
    table = sample.entities([10.0], account=replace(sample.ACCOUNT, currency="USD"))
    euros = rule(then='lever = "daily_budget", set = "12.00 EUR"')

    with pytest.raises(Mistake, match="the account is in USD"):
        proposals(sample.snapshot(table, cost=10.0), euros)


RULES = (
    rule("NOT (cost_7d > 100)", rule_id="cheap"),
    rule("cost_7d / clicks_7d > 3 OR clicks_3d > 2 * clicks_3d_prev", rule_id="dear"),
    rule("cpa_7d > 20 AND NOT roas_7d > 2", rule_id="poor", more='hold = "2 runs"'),
    rule("search_budget_lost_impression_share_7d < 0.5 AND maturity_7d > 0.5", rule_id="share"),
    rule("cvr_7d NOT BETWEEN 0.01 AND 0.9 OR ctr_7d IN (0, 1)", rule_id="rates"),
)
figures = {
    "cost": arrays.arrays(float, (3, 12), elements=st.sampled_from([0.0, 5.0, 40.0])),
    "clicks": arrays.arrays(int, (3, 12), elements=st.integers(0, 4)),
    "conversions": arrays.arrays(float, (3, 12), elements=st.sampled_from([0.0, 0.5, 2.0])),
    "budget_lost": arrays.arrays(float, (3, 12), elements=st.sampled_from([np.nan, 0.2, 0.9])),
}
snapshots = st.builds(
    sample.snapshot,
    st.just(sample.entities([10.0, 20.0, 30.0])),
    n_days=st.just(12),
    impressions=st.just(9),
    **figures,
)


@settings(deadline=None)
@given(
    account=snapshots,
    text=st.sampled_from(RULES),
    kept=st.booleans(),
    known=arrays.arrays(bool, (3, 12), elements=st.booleans()),
)
def test_not_knowing_a_day_never_adds_a_proposal(
    account: Snapshot, text: str, kept: bool, known: np.ndarray
) -> None:
    """Law: NULL never fires, not inside NOT, OR or a ratio, and not by unlocking what is kept."""
    blind = replace(account, metrics=replace(account.metrics, known=known))
    file = (rule("cost_3d > 60 OR clicks_7d > 9", rule_id="kept", then=KEEP), text) if kept else (text,)

    with_all, with_less = targets(account, *file), targets(blind, *file)

    assert with_less.items() <= with_all.items()


@settings(deadline=None)
@given(account=snapshots, order=st.permutations(range(3)))
def test_the_order_of_entities_makes_no_difference(account: Snapshot, order: list[int]) -> None:
    """Law: a rule looks at each entity by itself, and proposals come sorted."""
    file = decider(*RULES)
    shuffled = account.only(np.array(order, dtype=np.intp))

    found = file.propose(shuffled, np.random.default_rng(0))

    assert found == file.propose(account, np.random.default_rng(1))
