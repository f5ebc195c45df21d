"""Writing over the wire: exactly what was asked, each change with its own receipt."""

from datetime import timedelta

from google_ads_changes import campaign, shared_budget, stands, to_budget, to_status

from agent.domain.lever import Lever, Ratio, Status
from agent.domain.money import Money
from agent.domain.outcome import Accepted, Refused
from agent.domain.plan import Change
from agent.domain.ref import Kind, Ref
from agent.ports.platform import Adapter
from simulations.sandbox.google_ads.serve import Sandbox
from simulations.sandbox.shared.journal import Result


def test_apply_sets_budgets_and_statuses_and_nothing_else(sandbox: Sandbox, adapter: Adapter) -> None:
    """The platform's own journal is the witness."""
    before = stands(sandbox, 2), stands(sandbox, 0)
    changes = [
        to_budget(campaign(sandbox, 2), "31.40"),
        to_status(campaign(sandbox, 3), Status.PAUSED),
        to_budget(shared_budget(sandbox), "99.99"),
    ]

    receipts = adapter.apply(changes)

    assert [type(receipt) for receipt in receipts] == [Accepted] * 3
    found = [
        (
            mutation.resource.rsplit("/", 2)[1:],
            mutation.mask,
            mutation.before,
            mutation.after,
            mutation.result,
        )
        for mutation in sandbox.journal.mutations()
    ]
    budgets = [sandbox.platform.campaigns[2].budget_id, sandbox.platform.budgets[0].id]
    assert found == [
        (["campaignBudgets", budgets[0]], "amount_micros", before[0], 31_400_000, Result.COMMITTED),
        (["campaignBudgets", budgets[1]], "amount_micros", before[1], 99_990_000, Result.COMMITTED),
        (["campaigns", campaign(sandbox, 3).id], "status", "enabled", "paused", Result.COMMITTED),
    ]
    assert receipts[0] == Accepted(sandbox.journal.mutations()[0].request_id)
    assert (stands(sandbox, 2), stands(sandbox, 0)) == (31_400_000, 99_990_000)


def test_a_value_that_already_stands_is_accepted(sandbox: Sandbox, adapter: Adapter) -> None:
    """Absolute values: twice is once."""
    change = to_budget(campaign(sandbox, 2), "31.40")
    adapter.apply([change])

    receipts = adapter.apply([change])

    assert isinstance(receipts[0], Accepted)
    assert len(adapter.history(sandbox.clock.now() - timedelta(hours=1))) == 1


def test_rehearse_asks_the_platform_and_changes_nothing(sandbox: Sandbox, adapter: Adapter) -> None:
    """validate_only finds what would be refused."""
    before = stands(sandbox, 2)

    receipts = adapter.rehearse(
        [to_budget(campaign(sandbox, 2), "31.40"), to_budget(campaign(sandbox, 3), "0.50")]
    )

    assert isinstance(receipts[0], Accepted)
    assert isinstance(receipts[1], Refused)
    assert stands(sandbox, 2) == before
    assert {mutation.result for mutation in sandbox.journal.mutations()} == {Result.VALIDATED, Result.REFUSED}


def test_one_refused_operation_leaves_the_others_applied(sandbox: Sandbox, adapter: Adapter) -> None:
    """Partial failure is mapped by index, and the reason says the least that is accepted."""
    before = stands(sandbox, 3)

    receipts = adapter.apply(
        [
            to_budget(campaign(sandbox, 2), "20.00"),
            to_budget(campaign(sandbox, 3), "0.99"),
            to_budget(campaign(sandbox, 4), "30.00"),
        ]
    )

    assert [type(receipt) for receipt in receipts] == [Accepted, Refused, Accepted]
    assert receipts[1] == Refused("the least daily budget that Google accepts here is 1.00 EUR")
    assert (stands(sandbox, 2), stands(sandbox, 3), stands(sandbox, 4)) == (20_000_000, before, 30_000_000)


def test_what_must_not_be_asked_never_reaches_the_wire(sandbox: Sandbox, adapter: Adapter) -> None:
    """Zero, odd cents, other money, shared budgets, experiments, strangers and doubles are refused here."""
    alone = campaign(sandbox, 2)
    before = Money.of("1.00", "EUR")
    adapter.account()

    receipts = adapter.apply(
        [
            Change(alone, Lever.DAILY_BUDGET, before, Money(0, "EUR")),
            Change(alone, Lever.DAILY_BUDGET, before, Money(-1_000_000, "EUR")),
            Change(alone, Lever.DAILY_BUDGET, before, Money(1_005_000, "EUR")),
            Change(alone, Lever.DAILY_BUDGET, before, Money.of("10.00", "USD")),
            Change(alone, Lever.DAILY_BUDGET, before, Status.PAUSED),
            Change(alone, Lever.STATUS, Status.ENABLED, Money.of("10.00", "EUR")),
            Change(alone, Lever.TARGET_ROAS, Ratio.of(2), Ratio.of(5000)),
            Change(alone, Lever.CPC_BID, before, Money.of("2.00", "EUR")),
            to_budget(campaign(sandbox, 0), "10.00"),
            to_budget(campaign(sandbox, 7), "10.00"),
            to_budget(Ref("google_ads", alone.account, Kind.CAMPAIGN, "42"), "10.00"),
            to_budget(Ref("google_ads", "9999999999", Kind.CAMPAIGN, alone.id), "10.00"),
            to_status(shared_budget(sandbox), Status.PAUSED),
        ]
    )

    assert all(isinstance(receipt, Refused) for receipt in receipts)
    reasons = [receipt.because for receipt in receipts if isinstance(receipt, Refused)]
    assert "above zero" in reasons[0]
    assert "multiple of 0.01 EUR" in reasons[2]
    assert "USD" in reasons[3]
    assert "shared" in reasons[8]
    assert "experiment" in reasons[9]
    assert sandbox.journal.mutations() == ()


def test_the_second_change_of_one_lever_in_a_batch_is_refused(sandbox: Sandbox, adapter: Adapter) -> None:
    """Google takes a resource once in a request; nobody should guess which of two values stands."""
    receipts = adapter.apply(
        [to_budget(campaign(sandbox, 2), "20.00"), to_budget(campaign(sandbox, 2), "25.00")]
    )

    assert [type(receipt) for receipt in receipts] == [Accepted, Refused]
    assert stands(sandbox, 2) == 20_000_000


def test_no_changes_are_no_call(sandbox: Sandbox, adapter: Adapter) -> None:
    """An empty plan costs nothing."""
    adapter.account()
    calls = len(sandbox.journal.requests())

    receipts = adapter.apply([])

    assert receipts == []
    assert len(sandbox.journal.requests()) == calls
