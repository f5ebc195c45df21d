"""What a report asks of a ledger: plans of a time, and everything that stopped an account."""

from sample import ACCOUNT
from seen import at
from test_decided_plans import drawn_up

from agent.domain.record import Halt, Halting
from agent.domain.ref import AccountId
from agent.ports.ledger import Ledger

ELSEWHERE = AccountId("simulated", "elsewhere")


def test_plans_of_a_time_are_told_oldest_first_and_of_this_account_alone(ledger: Ledger) -> None:
    """The first moment belongs to it, the last one to what comes after."""
    plans = [drawn_up(1, days=days) for days in range(4)]
    for plan in (*plans, drawn_up(1, days=1, account=ELSEWHERE)):
        ledger.record_plan(plan)

    found = ledger.plans_between(ACCOUNT.id, at(1), at(3))

    assert [record.plan for record in found] == plans[1:3]
    assert ledger.plans_between(AccountId("simulated", "unknown"), at(0), at(9)) == []


def test_each_halt_is_told_with_its_end(ledger: Ledger) -> None:
    """Those of everything and of the account, not those of others; an open one has no end."""
    all_of_it = Halt("ada", at(0), "too hot")
    own, again = Halt("ben", at(1), "look", ACCOUNT.id), Halt("gebot", at(4), "differs", ACCOUNT.id)
    ledger.halt(all_of_it)
    ledger.halt(own)
    ledger.halt(Halt("eve", at(1.5), "elsewhere", ELSEWHERE))
    ledger.resume("cid", at(2))
    ledger.resume("dot", at(3), ACCOUNT.id)
    ledger.halt(again)

    assert ledger.haltings(ACCOUNT.id) == [
        Halting(all_of_it, at(2), "cid"),
        Halting(own, at(3), "dot"),
        Halting(again),
    ]


def test_a_halt_that_another_takes_the_place_of_ends_there(ledger: Ledger) -> None:
    """One word ends both for who looks now; who looks back sees two."""
    first, second = Halt("ada", at(0), "one"), Halt("ben", at(1), "two")
    ledger.halt(first)
    ledger.halt(second)
    ledger.resume("cid", at(2))

    assert ledger.haltings(ACCOUNT.id) == [Halting(first, at(1), "ben"), Halting(second, at(2), "cid")]
