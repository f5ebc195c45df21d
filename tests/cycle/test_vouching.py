"""Vouching: what SQL wrote into the ledger is never sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import canaries
import pytest
import sqlalchemy as sa
from live import Live, live, states

from agent import cycle, settling
from agent.domain.approval import Approval
from agent.domain.board import Board
from agent.domain.errors import LedgerError
from agent.domain.outcome import State
from agent.domain.plan import Plan
from agent.domain.record import PlanRecord
from agent.domain.role import Role
from agent.domain.seal import Seal
from agent.ledger.anchor import Anchor
from agent.ledger.open import open_ledger
from agent.steps.approve import Everyone, Nobody

SEAL = Seal(canaries.of("audit key in memory").encode())


class Sealed:
    """An account whose plan a person has approved, in a ledger on disk with a chain."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'ledger.db'}"
        self.ledger = open_ledger(self.url, seal=SEAL, anchor=Anchor(folder / "anchor"))
        self.account: Live = live(("1.1", "0.8", None))
        self.account.give(
            ledger=self.ledger, seal=SEAL, approver=Nobody(), board=Board({"ada": Role.APPROVER})
        )
        self.plan: Plan = self.account.plan()
        cycle.put_forward(self.account.parts, self.plan, epoch=0)
        self.before = self.account.budgets()

    def approve(self, *, by: str = "ada", seal: Seal = SEAL) -> None:
        ids = frozenset(change.id for change in self.plan.changes)
        word = Approval(self.plan.id, self.plan.fingerprint, ids, frozenset(), by, self.account.clock.now())
        said = [cycle.Step(self.plan.id, change_id, State.APPROVED, f"by {by}") for change_id in sorted(ids)]
        self.ledger.record_approval(word.sealed(seal), said)

    def sql(self, *statements: str) -> None:
        engine = sa.create_engine(self.url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
        engine.dispose()

    def carry_out(self) -> PlanRecord:
        return cycle.carry_out(self.account.parts, self.plan.fingerprint, epoch=0)

    def nothing_was_sent(self) -> bool:
        return self.account.budgets() == self.before and not any(
            edit.ours for edit in self.account.adapter.history(self.account.clock.now() - timedelta(days=1))
        )


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Sealed]:
    made = Sealed(tmp_path)
    yield made
    made.ledger.close()


def test_what_a_person_approved_goes(sealed: Sealed) -> None:
    """The check holds back nothing that is as it should be."""
    sealed.approve()

    record = sealed.carry_out()

    assert set(states(record)) == {State.APPLIED}
    assert sealed.ledger.faults() == []


FORGED = {
    "a state": "UPDATE change SET state = 'approved'",
    "a state and its steps": (
        "UPDATE change SET state = 'approved'; INSERT INTO change_step (plan, change, state, at_us, because) "
        "SELECT plan, id, 'approved', since_us, 'by ada' FROM change"
    ),
    "an approval without a signature": (
        "UPDATE change SET state = 'approved'; INSERT INTO approval "
        "(plan, decided_by, at_us, comment, approved, rejected, signature) "
        "SELECT 1, 'ada', since_us, '', group_concat(id, ' '), '', '' FROM change"
    ),
    "an approval with a signature of its own making": (
        "UPDATE change SET state = 'approved'; INSERT INTO approval "
        "(plan, decided_by, at_us, comment, approved, rejected, signature) "
        "SELECT 1, 'ada', since_us, '', group_concat(id, ' '), '', hex(randomblob(32)) FROM change"
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_nobody_approved_is_held_back_whatever_sql_says(sealed: Sealed, what: str) -> None:
    """Rows in tables are not a word."""
    sealed.sql(*FORGED[what].split("; "))

    record = sealed.carry_out()

    assert set(states(record)) == {State.NEEDS_REVIEW}
    assert all("not sent" in item.because for item in record.changes.values())
    assert sealed.nothing_was_sent()


ALTERED = {
    "by": "UPDATE approval SET decided_by = 'bob'",
    "at": "UPDATE approval SET at_us = at_us + 1",
    "comment": "UPDATE approval SET comment = 'twice, please'",
    "approved": "UPDATE approval SET approved = substr(approved, 1, 12)",
    "rejected": "UPDATE approval SET rejected = 'x'",
    "signature": "UPDATE approval SET signature = '0' || substr(signature, 2)",
    "signature cut": "UPDATE approval SET signature = substr(signature, 2)",
    "no approval": "DELETE FROM approval",
    "policy's name": "UPDATE approval SET decided_by = 'policy'",
    "fingerprint": "UPDATE plan SET fingerprint = substr(fingerprint, 1, 63) || 'x'",
    "chain": "UPDATE audit SET what = 'steps' WHERE what LIKE 'approval%'",
    "chain's body": "UPDATE audit SET body = x'00' WHERE what LIKE 'approval%'",
    "chain's plan": "UPDATE audit SET body = x'00' WHERE what LIKE 'plan%'",
}


@pytest.mark.parametrize("what", ALTERED)
def test_an_approval_of_which_any_field_was_altered_counts_no_more(sealed: Sealed, what: str) -> None:
    """Also where the alteration looks harmless."""
    sealed.approve()
    if what == "signature" and _first_digit(sealed) == "0":
        pytest.skip("the digit is the same")
    sealed.sql(ALTERED[what])
    if what == "fingerprint":
        altered = sealed.ledger.plan(sealed.plan.id)
        assert altered is not None

        sealed_fingerprint = sealed.plan.fingerprint[:63] + "x"
        record = cycle.carry_out(sealed.account.parts, sealed_fingerprint, epoch=0)
    else:
        record = sealed.carry_out()

    assert State.APPLIED not in states(record)
    assert sealed.nothing_was_sent()


def _first_digit(sealed: Sealed) -> str:
    record = sealed.ledger.plan(sealed.plan.id)
    assert record is not None
    return record.approvals[0].signature[0]


def test_another_plan_under_the_same_approval_is_not_sent(sealed: Sealed) -> None:
    """The body of the plan was exchanged for that of a later one."""
    sealed.approve()
    sealed.account.step(hours=1)
    later = sealed.account.plan()
    sealed.ledger.record_plan(later)
    number = f"(SELECT number FROM plan WHERE id = '{sealed.plan.id}')"
    sealed.sql(
        f"UPDATE plan SET body = (SELECT body FROM plan WHERE id = '{later.id}') WHERE number = {number}",
    )

    record = sealed.ledger.plan(sealed.plan.id)
    assert record is not None
    after = cycle.carry_out(sealed.account.parts, sealed.plan.fingerprint, epoch=0)

    assert set(states(after)) == {State.NEEDS_REVIEW}
    assert sealed.nothing_was_sent()


def test_a_change_that_the_plan_does_not_have_is_an_error(sealed: Sealed) -> None:
    """A row that was put in under another id."""
    sealed.approve()
    sealed.sql(
        "INSERT INTO change "
        "SELECT plan, 'ffffffffffff', 9, state, since_us, because, NULL FROM change LIMIT 1"
    )

    with pytest.raises(LedgerError, match="gebot audit verify"):
        sealed.carry_out()

    assert sealed.nothing_was_sent()


def test_what_was_applied_is_not_sent_again_when_sql_winds_it_back(sealed: Sealed) -> None:
    """The approval is good, the lever stands where the plan began, the tables say so: the chain knows."""
    sealed.approve()
    sealed.carry_out()
    for change in sealed.plan.changes:
        sealed.account.adapter.apply([change.inverse()])
    sealed.account.step(days=0, hours=1)
    edits = len(sealed.account.adapter.history(sealed.account.clock.now() - timedelta(days=1)))
    sealed.sql(
        "UPDATE change SET state = 'approved', sent_at_us = NULL",
        "DELETE FROM change_step WHERE state NOT IN ('proposed', 'approved')",
    )

    record = sealed.carry_out()

    assert set(states(record)) == {State.NEEDS_REVIEW}
    assert all("chain says that it is applied" in item.because for item in record.changes.values())
    assert len(sealed.account.adapter.history(sealed.account.clock.now() - timedelta(days=1))) == edits


def test_what_has_expired_is_not_sent_when_sql_brings_it_back(sealed: Sealed) -> None:
    """Expired is expired, also before the plan's own end."""
    sealed.approve()
    sealed.account.give(policy="another")
    settling.settle(sealed.account.parts, epoch=0)
    sealed.sql("UPDATE change SET state = 'approved'")

    record = sealed.carry_out()

    assert set(states(record)) == {State.NEEDS_REVIEW}
    assert sealed.nothing_was_sent()


def test_who_is_no_approver_any_more_approves_nothing(sealed: Sealed) -> None:
    """Taken off the list between the word and the send."""
    sealed.approve()
    sealed.account.give(board=Board({"bob": Role.APPROVER}))

    record = sealed.carry_out()

    assert all(
        "'ada', who approved it, is not an approver" in item.because for item in record.changes.values()
    )
    assert sealed.nothing_was_sent()


@pytest.mark.parametrize("key", [b"another key", b""])
def test_an_approval_with_another_key_is_none(sealed: Sealed, key: bytes) -> None:
    """Whoever can run gebot on a copy of the ledger does not have the key."""
    sealed.approve(seal=Seal(key))

    record = sealed.carry_out()

    assert all("does not bear gebot's seal" in item.because for item in record.changes.values())
    assert sealed.nothing_was_sent()


def test_the_policy_is_asked_again(sealed: Sealed) -> None:
    """What it let through yesterday it may not let through today."""

    class Policy(Everyone):
        def review(self, plan: Plan) -> Approval | None:
            said = super().review(plan)
            assert said is not None
            return replace(said, by="policy")

    sealed.account.give(approver=Policy())
    cycle.put_forward(sealed.account.parts, sealed.plan, epoch=0)
    sealed.account.give(approver=Nobody())

    record = sealed.carry_out()

    assert all("the policy lets nothing through now" in item.because for item in record.changes.values())
    assert sealed.nothing_was_sent()
