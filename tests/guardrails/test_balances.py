"""Balances: the sum is kept where limits on single changes cannot keep it."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sample
from moved import moved
from wishes import after, allowed, decided, eur, wish

from agent.domain.entity import Account
from agent.domain.lever import Lever, Status
from agent.domain.money import Money
from agent.domain.proposal import Evidence, Interval
from agent.domain.ref import AccountId, Kind
from agent.domain.verdict import Clamp, Deny
from agent.guardrails.judge import judge
from agent.guardrails.pot import AccountCeiling, PortfolioPot
from agent.guardrails.run_limits import ChangesPerRun, ShareOfEntities
from agent.guardrails.step import MaxStep

BUDGET = Lever.DAILY_BUDGET


def test_five_wishes_out_of_a_step_limit_come_back_into_the_pot() -> None:
    """10/60/60/60/60 from 50 each leave a 20 % step limit as 280; the pot of 250 stands."""
    table = sample.entities([50] * 5)
    snapshot = sample.snapshot(table)
    proposals = [wish(table, target, row=row) for row, target in enumerate([10, 60, 60, 60, 60])]
    decisions = judge(proposals, snapshot, [MaxStep(BUDGET, Fraction(1, 5))])

    settled = PortfolioPot(eur(250), "search").settle(decisions, snapshot)

    assert after(decisions) == ["40.00", "60.00", "60.00", "60.00", "60.00"]
    assert after(settled) == ["40.00", "52.50", "52.50", "52.50", "52.50"]
    word = settled[1].words[-1]
    assert word.guardrail == "daily_pot"
    assert word.verdict == Clamp(
        eur("52.50"),
        "the pot of search is 250.00 EUR a day; its budgets are worth 250.00 EUR "
        "and would be worth 280.00 EUR",
    )


@pytest.mark.parametrize(
    ("pot", "targets", "outcome"),
    [
        (300, [60, 90, None], ["60.00", "90.00"]),  # the edge: 60 + 90 + 150
        (300, [60, 91, None], ["59.80", "90.19"]),  # room for 50 of 51
        (None, [60, 90, None], ["-", "-"]),  # None: what they add up to today, 250
        (None, [40, 60, None], ["40.00", "60.00"]),
        (None, [40, 70, None], ["40.00", "60.00"]),
        (200, [60, None, None], ["-"]),  # today's sum is above the pot
        (200, [40, 51, None], ["40.00", "-"]),
        (200, [10, 95, 100], ["10.00", "-", "100.00"]),  # cuts may fail: no raise on their account
        (200, [10, 40, None], ["10.00", "40.00"]),  # the sum fits afterwards
    ],
)
def test_raises_are_lowered_in_proportion_until_the_sum_fits(
    pot: int | None, targets: list[int | None], outcome: list[str]
) -> None:
    """Entities that nobody decided on count too; a cut is never touched."""
    table = sample.entities([50, 50, 150])
    decisions = decided(table, targets)

    settled = PortfolioPot(None if pot is None else eur(pot)).settle(decisions, sample.snapshot(table))

    assert after(settled) == outcome


@pytest.mark.parametrize("balance", [PortfolioPot(eur("150.59")), AccountCeiling(eur("301.18"))])
def test_a_raise_of_which_less_is_left_than_the_platform_accepts_is_dropped(
    balance: PortfolioPot | AccountCeiling,
) -> None:
    """One that a balance holds below the least budget would be refused on the wire."""
    table = sample.entities([0.5, 150])
    account = replace(table.account, min_daily_budget_micros=1_000_000, over_delivery=2.0)
    table = replace(table, account=account)
    decisions = decided(table, ["1.50", None])

    settled = balance.settle(decisions, sample.snapshot(table))

    assert after(settled) == ["-"]
    (verdict,) = (word.verdict for word in settled[0].words)
    assert isinstance(verdict, Deny)
    assert (
        "0.59 EUR would be left of the raise, and the platform accepts 1.00 EUR at least" in verdict.because
    )


def test_what_is_paused_takes_nothing_from_the_pot_until_it_starts() -> None:
    """A start is denied whole before raises are lowered: it cannot be had by halves."""
    table = sample.entities([50, 50, 50], levers={Lever.STATUS: [1, 1, 0]})
    snapshot = sample.snapshot(table)
    start = allowed(table, wish(table, Status.ENABLED, row=2, lever=Lever.STATUS))
    decisions = [*decided(table, [60, 60, None]), start]

    roomy = PortfolioPot(eur(170)).settle(decisions, snapshot)
    tight = PortfolioPot(eur(130)).settle(decisions, snapshot)
    tighter = PortfolioPot(eur(110)).settle(decisions, snapshot)

    assert after(roomy) == ["60.00", "60.00", "enabled"]
    assert after(tight) == ["60.00", "60.00", "-"]
    assert after(tighter) == ["55.00", "55.00", "-"]


def test_a_pot_leaves_other_portfolios_alone() -> None:
    """Members name whose sum it is."""
    table = sample.entities([50, 50])
    decisions = decided(table, [60, 60])

    settled = PortfolioPot(None, members=frozenset({table.ref(1)})).settle(decisions, sample.snapshot(table))

    assert after(settled) == ["60.00", "-"]


def test_changes_in_flight_count_as_if_they_stood() -> None:
    """Where nobody knows whether 70 was applied, the worst case is that it was."""
    table = sample.entities([50, 50])
    snapshot = sample.snapshot(table)
    reserved = {(table.ref(1), BUDGET): 70_000_000}
    decisions = decided(table, [60, None])

    pot = PortfolioPot(eur(125), reserved=reserved).settle(decisions, snapshot)
    ceiling = AccountCeiling(eur(250), reserved=reserved).settle(decisions, snapshot)

    assert after(pot) == ["55.00"]
    assert after(ceiling) == ["55.00"]


def test_the_account_ceiling_holds_at_the_platforms_worst() -> None:
    """Twice the budgets, every raise carried out and no cut: 2 x (60 + 60 + 50) is above 320."""
    table = sample.entities([50, 50, 50])
    decisions = decided(table, [60, 60, 20])

    settled = AccountCeiling(eur(320)).settle(decisions, sample.snapshot(table))

    assert after(settled) == ["55.00", "55.00", "20.00"]
    assert "340.00 EUR on a day (2 times the highest budgets of the day)" in str(settled[0].words[-1].verdict)


def test_the_highest_budget_of_the_day_counts_and_not_the_last() -> None:
    """A budget that stood at 90 this morning may cost 180 today, whatever it is cut to by now."""
    table = sample.entities([50, 50, 50])
    snapshot = moved(sample.snapshot(table), highest_today=[90_000_000, 50_000_000, 0])
    decisions = decided(table, [60, 60, 20])  # the first one stays below what it was

    roomy = AccountCeiling(eur(400)).settle(decisions, snapshot)
    tight = AccountCeiling(eur(390)).settle(decisions, snapshot)

    assert after(roomy) == ["60.00", "60.00", "20.00"]  # 2 x (90 + 60 + 50)
    assert after(tight) == ["60.00", "55.00", "20.00"]
    assert "400.00 EUR on a day" in str(tight[1].words[-1].verdict)


def test_what_was_paused_today_has_delivered_today() -> None:
    """It counts until midnight."""
    table = sample.entities([50, 50], levers={Lever.STATUS: [0, 1]})
    snapshot = moved(sample.snapshot(table), Lever.STATUS, highest_today=[1, 1])
    decisions = decided(table, [None, 60])

    assert after(AccountCeiling(eur(219)).settle(decisions, snapshot)) == ["59.50"]
    assert after(AccountCeiling(eur(219)).settle(decisions, sample.snapshot(table))) == ["60.00"]


@pytest.mark.parametrize(
    "ceiling", [AccountCeiling(eur(299)), AccountCeiling(None), AccountCeiling(Money.of(999, "USD"))]
)
def test_without_room_under_the_ceiling_only_cuts_pass(ceiling: AccountCeiling) -> None:
    """A ceiling that is reached, absent or in another currency."""
    table = sample.entities([50, 50, 50])

    settled = ceiling.settle(decided(table, [60, 60, 20]), sample.snapshot(table))

    assert after(settled) == ["-", "-", "20.00"]


def test_the_ceiling_counts_over_delivery_exactly() -> None:
    """1.75 x 400 is 700: at the edge it is allowed, a cent below it is not."""
    meta = Account(AccountId("meta", "1"), "M", "EUR", "UTC", over_delivery=1.75)
    table = sample.entities([300], account=meta)
    decisions = decided(table, [400])

    settled = [
        AccountCeiling(eur(most)).settle(decisions, sample.snapshot(table)) for most in (700, "699.99")
    ]

    assert [after(one) for one in settled] == [["400.00"], ["399.99"]]


def test_a_run_makes_its_weightiest_changes_first() -> None:
    """By expected effect, then by money, then by name; whatever order they come in."""
    table = sample.entities([50, 50, 50, 50])
    effect = Evidence(expected_effect=Interval(-3.0, -4.0, -2.0))
    decisions = [
        *decided(table, [51, 55, 45]),
        allowed(table, wish(table, "49.00", row=3, evidence=effect)),
    ]

    settled = ChangesPerRun(2).settle(decisions, sample.snapshot(table))
    turned = ChangesPerRun(2).settle(decisions[::-1], sample.snapshot(table))

    assert after(settled) == ["-", "55.00", "-", "49.00"]
    assert after(turned) == after(settled)[::-1]
    assert "4 changes, 2 are allowed a run" in str(settled[0].words[-1].verdict)


@pytest.mark.parametrize(
    ("share", "outcome"),
    [
        (Fraction(1), ["51.00", "56.00", "58.00", "-"]),
        (Fraction(1, 2), ["-", "56.00", "58.00", "-"]),
        (Fraction(1, 3), ["-", "-", "58.00", "-"]),
        (Fraction(1, 100), ["-", "-", "58.00", "-"]),  # one in any case
    ],
)
def test_a_run_touches_a_share_of_what_may_deliver(share: Fraction, outcome: list[str]) -> None:
    """Four entities deliver, one is paused and does not count."""
    table = sample.entities([50] * 5, levers={Lever.STATUS: [1, 1, 1, 1, 0]})

    settled = ShareOfEntities(share).settle(decided(table, [51, 56, 58, 50]), sample.snapshot(table))

    assert after(settled) == outcome


def test_many_keywords_do_not_make_every_campaign_a_small_share() -> None:
    """Each kind of entity is counted for itself."""
    campaigns = sample.entities([50] * 4)
    table = replace(
        sample.entities([50] * 4 + [None] * 100),
        kinds=np.array([*campaigns.kinds, *[Kind.KEYWORD] * 100]),
    )

    settled = ShareOfEntities(Fraction(1, 2)).settle(
        decided(table, [51, 56, 58, 60, *[None] * 100]), sample.snapshot(table)
    )

    assert after(settled)[:4] == ["-", "-", "58.00", "60.00"]
    assert "4 of 4 entities of kind campaign would change, 2 (50 %)" in str(settled[0].words[-1].verdict)


def test_levers_other_than_budgets_weigh_what_their_entity_spends() -> None:
    """A bid that moves by a tenth on 100 EUR a day outweighs a budget that moves by 5."""
    table = sample.entities([50, 50], levers={Lever.CPC_BID: [1_000_000, 1_000_000]})
    decisions = [*decided(table, [55, None]), allowed(table, wish(table, "1.10", row=1, lever=Lever.CPC_BID))]

    settled = ChangesPerRun(1).settle(decisions, sample.snapshot(table, cost=np.array([[10.0], [100.0]])))

    assert after(settled) == ["-", "1.10"]


@pytest.mark.parametrize("balance", [ChangesPerRun(None), ShareOfEntities(None)])
def test_an_absent_run_limit_denies_every_change(balance: ChangesPerRun | ShareOfEntities) -> None:
    """Cuts as well."""
    table = sample.entities([50, 50])

    settled = balance.settle(decided(table, [60, 40]), sample.snapshot(table))

    assert after(settled) == ["-", "-"]


def test_balances_refuse_limits_of_zero() -> None:
    """At construction, before anything runs."""
    for make in (
        lambda: PortfolioPot(eur(0)),
        lambda: AccountCeiling(eur(-1)),
        lambda: ChangesPerRun(0),
        lambda: ShareOfEntities(Fraction(0)),
        lambda: ShareOfEntities(Fraction(2)),
    ):
        with pytest.raises(ValueError, match="is right"):
            make()
