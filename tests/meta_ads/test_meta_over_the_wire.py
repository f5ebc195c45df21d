"""Over the wire: the adapter with the official client, on a sandbox that counts each broken rule."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from meta_sandbox import broken, control, opened
from meta_wire import SINCE, TODAY, adapter_on, eur, of_ad_set, of_campaign
from meta_writing import because, change

from agent.domain.lever import Lever, Ratio, Status
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Receipt, Refused
from agent.domain.ref import Kind
from simulations.journal import Field
from simulations.sandbox.meta_ads.door import Credentials
from simulations.sandbox.meta_ads.ids import own, shown
from simulations.sandbox.meta_ads.serve import Sandbox


def test_figures_are_the_platforms_own(reading: Sandbox) -> None:
    """Every cent, click and sale of each campaign and each ad set that holds a budget, day by day."""
    adapter = adapter_on(reading, levels=["ad_set"])

    table = adapter.metrics(SINCE, TODAY)

    for kind in (Kind.CAMPAIGN, Kind.AD_SET):
        truth = reading.platform.metrics(SINCE, TODAY, kind)
        mine = table.kinds == kind.value
        keys = [f"{id_} {day}" for id_, day in zip(table.ids[mine], table.days[mine], strict=True)]
        told = dict(zip(keys, table.cost_micros[mine].tolist(), strict=True))
        for id_, day, cost in zip(truth.ids, truth.days, truth.cost_micros.tolist(), strict=True):
            if cost:
                assert told[f"{shown(id_)} {day}"] == cost
        assert table.clicks[mine].sum() == truth.clicks.sum()
    assert table.conversions.sum() > 0
    assert broken(reading) == []


def test_budgets_are_told_where_they_stand(reading: Sandbox) -> None:
    """The first campaign has them on its ad sets, the others have their own."""
    adapter = adapter_on(reading)
    table = adapter.entities()

    for row in range(len(table)):
        told = table.number(table.ref(row), Lever.DAILY_BUDGET)
        stands = reading.platform.standing(Kind(table.kinds[row]), own(str(table.ids[row])), Field.AMOUNT)
        assert told == stands
    assert sorted(set(table.kinds.tolist())) == ["ad_set", "campaign"]
    assert adapter.account().min_daily_budget_micros == 1_000_000


def test_a_large_report_is_a_job(tmp_path: Path) -> None:
    """What may not be read at once is ordered, in halves where even a job is too large."""
    sandbox = opened(tmp_path, limit=("sync_rows=30",), history_days=30)
    try:
        adapter = adapter_on(sandbox)
        table = adapter.metrics(SINCE, TODAY)
        truth = sandbox.platform.metrics(SINCE, TODAY)
        mine = table.kinds == Kind.CAMPAIGN.value

        assert table.cost_micros[mine].sum() == truth.cost_micros.sum()
        assert broken(sandbox) == []
    finally:
        sandbox.stop()


def test_empty_pages_hide_nothing(tmp_path: Path) -> None:
    """A page without entries may have a next one."""
    sandbox = opened(tmp_path, limit=("empty_pages=true", "largest_page=2"))
    try:
        table = adapter_on(sandbox, levels=["ad_set"]).entities()

        assert len(table) == 4 + sum(group.kind is Kind.AD_SET for group in sandbox.platform.groups)
    finally:
        sandbox.stop()


def test_hours_add_up_to_their_day(reading: Sandbox) -> None:
    """In the account's zone."""
    adapter = adapter_on(reading)
    yesterday = TODAY - timedelta(days=1)

    hours, days = adapter.hours(yesterday, yesterday), adapter.metrics(yesterday, yesterday)

    campaigns = days.kinds == Kind.CAMPAIGN.value
    assert hours.cost_micros.sum() == pytest.approx(
        days.cost_micros[campaigns].sum(), abs=24 * 10_000 * len(days)
    )
    assert str(hours.hours.min()) >= "2026-11-20T05"
    assert len(np.unique(hours.hours)) > 12


def test_every_lever_can_be_written_and_read_back(sandbox: Sandbox) -> None:
    """At its own level; no rule of Meta's is broken on the way, and what stands is what was asked."""
    adapter = adapter_on(sandbox, levels=["ad_set"])
    changes = [
        change(of_campaign(sandbox, "cost_cap"), Lever.DAILY_BUDGET, eur("31.00")),
        change(of_campaign(sandbox, "cost_cap"), Lever.STATUS, Status.PAUSED),
        change(of_ad_set(sandbox, "lowest_cost"), Lever.DAILY_BUDGET, eur("12.34")),
        change(of_ad_set(sandbox, "cost_cap"), Lever.TARGET_CPA, eur("21.00")),
        change(of_ad_set(sandbox, "bid_cap"), Lever.BID_CAP, eur("9.99")),
        change(of_ad_set(sandbox, "min_roas"), Lever.TARGET_ROAS, Ratio.of("2.75")),
        change(of_ad_set(sandbox, "min_roas"), Lever.STATUS, Status.PAUSED),
    ]

    rehearsed = adapter.rehearse(changes)
    untouched = adapter.read([(change.ref, change.lever) for change in changes])
    receipts = adapter.apply(changes)
    standing = adapter.read([(change.ref, change.lever) for change in changes])

    assert all(isinstance(receipt, Accepted) for receipt in rehearsed)
    assert all(untouched[change.ref, change.lever] != change.after for change in changes)
    assert all(isinstance(receipt, Accepted) and receipt.request_id for receipt in receipts)
    assert standing == {(change.ref, change.lever): change.after for change in changes}
    assert broken(sandbox) == []


def test_meta_has_the_last_word_on_one_change(sandbox: Sandbox) -> None:
    """Its minimum is told with its code; the other change of the request is carried out."""
    adapter = adapter_on(sandbox)
    low = change(of_campaign(sandbox, "cost_cap"), Lever.DAILY_BUDGET, eur("0.10"))
    fine = change(of_campaign(sandbox, "bid_cap"), Lever.DAILY_BUDGET, eur("44.00"))

    receipts = adapter.apply([low, fine])

    assert "1885272" in because(receipts[0])
    assert isinstance(receipts[1], Accepted)


def test_four_budget_changes_an_hour_and_meta_never_sees_a_fifth(sandbox: Sandbox, tmp_path: Path) -> None:
    """By adapters that each live for one call; an hour later it goes on."""
    target = of_ad_set(sandbox, "lowest_cost")

    def by_a_new_one(amount: int) -> Receipt:
        adapter = adapter_on(sandbox, state=tmp_path / "state")
        return adapter.apply([change(target, Lever.DAILY_BUDGET, eur(f"{amount}.00"))])[0]

    at_once = [type(by_a_new_one(20 + n)) for n in range(6)]
    control(sandbox, "POST", "/clock", {"advance_s": 3_660})
    later = by_a_new_one(40)

    assert at_once == [Accepted] * 4 + [Refused] * 2
    assert isinstance(later, Accepted)
    assert broken(sandbox) == []


def test_a_budget_that_somebody_else_used_up_is_left_alone(sandbox: Sandbox, tmp_path: Path) -> None:
    """Meta says so once; gebot asks no second time within the hour."""
    target = of_ad_set(sandbox, "lowest_cost")
    for n in range(4):
        adapter_on(sandbox).apply([change(target, Lever.DAILY_BUDGET, eur(f"{30 + n}.00"))])
    adapter = adapter_on(sandbox, state=tmp_path / "other")

    first = adapter.apply([change(target, Lever.DAILY_BUDGET, eur("41.00"))])
    second = adapter.apply([change(target, Lever.DAILY_BUDGET, eur("42.00"))])

    assert "613/1487632" in because(first[0])
    assert "may go at" in because(second[0])
    assert broken(sandbox) == ["too_many_budget_edits"]


def test_the_history_tells_gebots_edits_from_those_of_people(sandbox: Sandbox) -> None:
    """By the app that made them."""
    adapter = adapter_on(sandbox, own_app=Credentials().app_id)
    theirs, mine = of_campaign(sandbox, "bid_cap"), of_campaign(sandbox, "cost_cap")
    adapter.apply([change(mine, Lever.DAILY_BUDGET, eur("31.00")), change(mine, Lever.STATUS, Status.PAUSED)])
    objection = sandbox.platform.set(
        Kind.CAMPAIGN, own(theirs.id), Field.STATUS, 0, by="somebody@example.com", client="web"
    )

    edits = adapter.history(sandbox.clock.now() - timedelta(days=1))

    assert objection is None
    found = {(edit.ref, edit.lever, edit.after, edit.ours) for edit in edits}
    assert found == {
        (mine, Lever.DAILY_BUDGET, eur("31.00"), True),
        (mine, Lever.STATUS, Status.PAUSED, True),
        (theirs, Lever.STATUS, Status.PAUSED, False),
    }


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "5000"), ("HUF", "9000")])
def test_whole_currencies_are_written_in_whole_units(tmp_path: Path, currency: str, amount: str) -> None:
    """A hundred times too much is the usual mistake."""
    sandbox = opened(tmp_path, currency=currency, minimum_budget=f"100.00 {currency}", money_scale=150.0)
    try:
        adapter = adapter_on(sandbox)
        target = of_campaign(sandbox, "cost_cap")

        receipts = adapter.apply([change(target, Lever.DAILY_BUDGET, Money.of(amount, currency))])

        assert isinstance(receipts[0], Accepted)
        assert (
            sandbox.platform.standing(Kind.CAMPAIGN, own(target.id), Field.AMOUNT) == int(amount) * 1_000_000
        )
    finally:
        sandbox.stop()
