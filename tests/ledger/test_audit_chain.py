"""The audit chain: whatever is altered behind gebot's back is found, and named."""

from collections.abc import Iterator
from pathlib import Path

import canaries
import pytest
import sample
import sqlalchemy as sa
from seen import at
from sqlmodel import col, select
from test_decided_plans import drawn_up, steps, word

from agent.domain.audit import Head
from agent.domain.errors import LedgerError
from agent.domain.outcome import State
from agent.domain.record import Freeze, Halt
from agent.domain.seal import Seal
from agent.ledger.anchor import Anchor
from agent.ledger.open import open_ledger
from agent.ledger.sql.audit import entry_holds
from agent.ledger.sql.decided_tables import AuditRow
from agent.ledger.sql.ledger import SqlLedger

SEAL = Seal(canaries.of("audit key in memory").encode())
ACCOUNT = sample.ACCOUNT.id


def lived(ledger: SqlLedger) -> None:
    """Something of every kind befalls."""
    epoch = ledger.take_lead(ACCOUNT, "here", 1, at(0))
    ledger.record_policy("policy", b"{}")
    first, second = drawn_up(3), drawn_up(2, days=1)
    ledger.record_plan(first)
    ledger.record_approval(
        word(first, approved=[0, 1], rejected=[2]).sealed(SEAL),
        [*steps(first, State.APPROVED, of=slice(0, 2)), *steps(first, State.REJECTED, of=slice(2, 3))],
    )
    ledger.advance(steps(first, State.SENDING, of=slice(0, 2)), at(0.2), epoch=epoch)
    ledger.advance(steps(first, State.APPLIED, of=slice(0, 1), because="read back"), at(0.3), epoch=epoch)
    ledger.advance(steps(first, State.UNKNOWN, of=slice(1, 2), because="timeout"), at(0.3), epoch=epoch)
    ledger.freeze(Freeze(ACCOUNT, at(0.1), at(0.4), "no conversions"))
    ledger.thaw(ACCOUNT, "ada", at(0.5))
    ledger.halt(Halt("ada", at(0.6), "odd spend", ACCOUNT))
    ledger.resume("ada", at(0.7), ACCOUNT)
    ledger.record_plan(second)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    request.getfixturevalue("emptied_postgresql_ledger")
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def ledger(url: str, tmp_path: Path) -> Iterator[SqlLedger]:
    """A ledger with a chain and an anchor."""
    opened = open_ledger(url, seal=SEAL, anchor=Anchor(tmp_path / "anchor"))
    assert isinstance(opened, SqlLedger)
    yield opened
    opened.close()


def behind_its_back(url: str, *statements: str) -> None:
    """What somebody who can write to the database does."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()


def test_what_gebot_wrote_holds(ledger: SqlLedger) -> None:
    """No false alarm, and one entry for each decision."""
    lived(ledger)

    assert ledger.faults() == []
    assert [entry.what for entry in ledger.entries()] == [
        *("begin", "lead", "policy", "plan", "approval", "steps", "steps", "steps"),
        *("freeze", "thaw", "halt", "resume", "plan"),
    ]


def test_what_decides_nothing_leaves_no_entry(ledger: SqlLedger) -> None:
    """The same plan again, no steps, a thaw where nothing was frozen."""
    lived(ledger)
    before = ledger.head()

    ledger.record_plan(drawn_up(3))
    ledger.advance([], at(2), epoch=1)
    ledger.thaw(ACCOUNT, "ada", at(2))
    ledger.record_policy("policy", b"{}")

    assert ledger.head() == before


ALTERED = {
    "an entry's body": "UPDATE audit SET body = (SELECT body FROM audit WHERE number = 2) WHERE number = 5",
    "an entry's time": "UPDATE audit SET at_us = at_us + 1 WHERE number = 5",
    "an entry's word": "UPDATE audit SET what = 'steps' WHERE number = 5",
    "an entry's seal": "UPDATE audit SET seal = (SELECT seal FROM audit WHERE number = 2) WHERE number = 5",
    "an entry's number": "UPDATE audit SET number = 99 WHERE number = 5",
    "an entry in the middle is gone": "DELETE FROM audit WHERE number = 5",
    "the first entry is gone": "DELETE FROM audit WHERE number = 1",
    "the last entry is gone": "DELETE FROM audit WHERE number = 13",
    "the whole chain is gone": "DELETE FROM audit",
    "a new entry": "INSERT INTO audit SELECT 14, at_us, what, body, seal FROM audit WHERE number = 5",
    "a plan's account": (
        "INSERT INTO account (number, platform, account) VALUES (99, 'simulated', 'other'); "
        "UPDATE plan SET account = 99"
    ),
    "a plan's time": "UPDATE plan SET drawn_up_at_us = drawn_up_at_us + 1",
    "a plan's body": "UPDATE plan SET body = (SELECT body FROM plan ORDER BY number DESC LIMIT 1)",
    "a change's state": "UPDATE change SET state = 'approved' WHERE state = 'rejected'",
    "a change's time": "UPDATE change SET since_us = since_us + 1 WHERE state = 'applied'",
    "a change's reason": "UPDATE change SET because = 'fine' WHERE state = 'applied'",
    "when a change was sent": "UPDATE change SET sent_at_us = sent_at_us - 60000000 WHERE state = 'applied'",
    "that a change was sent": "UPDATE change SET sent_at_us = NULL WHERE state = 'applied'",
    "a step's state": "UPDATE change_step SET state = 'sending' WHERE state = 'rejected'",
    "a step's epoch": "UPDATE change_step SET epoch = 7 WHERE state = 'applied'",
    "a step's reason": "UPDATE change_step SET because = 'fine' WHERE state = 'applied'",
    "a step is gone": "DELETE FROM change_step WHERE state = 'applied'",
    "a new step": (
        "INSERT INTO change_step (plan, change, state, at_us, because) "
        "SELECT plan, change, 'approved', at_us, because FROM change_step WHERE state = 'rejected'"
    ),
    "who approved": "UPDATE approval SET decided_by = 'bob'",
    "what was approved": "UPDATE approval SET approved = approved || ' ' || rejected, rejected = ''",
    "when it was approved": "UPDATE approval SET at_us = at_us + 1",
    "why it was approved": "UPDATE approval SET comment = 'not fine'",
    "an approval's signature": "UPDATE approval SET signature = ''",
    "an approval is gone": "DELETE FROM approval",
    "who leads": "UPDATE lead SET host = 'there'",
    "a new lead": "INSERT INTO lead SELECT account, 9, host, pid, at_us FROM lead",
    "a halt is gone": "DELETE FROM stop WHERE stopped = 1",
    "who resumed": "UPDATE stop SET decided_by = 'bob' WHERE stopped = 0",
    "a freeze's begin": "UPDATE tracking_freeze SET begins_us = begins_us + 1",
    "a freeze's end": "UPDATE tracking_freeze SET ended_us = NULL",
    "a policy's body": "UPDATE policy SET body = (SELECT body FROM plan ORDER BY number LIMIT 1)",
    "a policy is gone": "DELETE FROM policy",
}


@pytest.mark.parametrize("what", ALTERED)
def test_whatever_is_altered_is_found(what: str, url: str, ledger: SqlLedger) -> None:
    """By a statement of somebody who may write to the database, but has not the key."""
    lived(ledger)

    behind_its_back(
        url, *(["PRAGMA foreign_keys = OFF"] if "sqlite" in url else []), *ALTERED[what].split("; ")
    )

    assert ledger.faults() != []


def test_rows_that_change_places_are_found(url: str, ledger: SqlLedger) -> None:
    """Each entry is whole and sealed, and stands where another one should."""
    lived(ledger)

    behind_its_back(
        url,
        "UPDATE audit SET number = -6 WHERE number = 6",
        "UPDATE audit SET number = 6 WHERE number = 7",
        "UPDATE audit SET number = 7 WHERE number = -6",
    )

    faults = ledger.faults()
    assert "audit entry 6" in faults[0]


def test_every_bit_of_an_entry_counts(ledger: SqlLedger) -> None:
    """Flip each bit of its body, its number and its time, one after the other."""
    lived(ledger)
    with ledger._database.read() as session:
        _, _, _, before, row = session.exec(select(AuditRow).order_by(col(AuditRow.number)).limit(5)).all()
        content = (row.number, row.at_us, row.what, row.body)

    def holds(number: int, at_us: int, what: str, body: bytes) -> bool:
        altered = AuditRow(number=number, at_us=at_us, what=what, body=body, seal=row.seal)
        return entry_holds(altered, before.seal, SEAL)

    number, at_us, what, body = content
    assert holds(*content)
    for bit in range(8 * len(body)):
        flipped = bytearray(body)
        flipped[bit // 8] ^= 1 << bit % 8
        assert not holds(number, at_us, what, bytes(flipped))
    for bit in range(63):
        assert not holds(number ^ (1 << bit), at_us, what, body)
        assert not holds(number, at_us ^ (1 << bit), what, body)


def test_a_tail_that_is_cut_off_with_all_it_speaks_of_shows_against_the_anchor(
    url: str, ledger: SqlLedger
) -> None:
    """Chain and tables agree; only the head that was written elsewhere tells."""
    lived(ledger)

    last_plan = "(SELECT max(number) FROM plan)"
    behind_its_back(
        url,
        "DELETE FROM audit WHERE number = 13",
        f"DELETE FROM change_step WHERE plan = {last_plan}",
        f"DELETE FROM change_fact WHERE plan = {last_plan}",
        f"DELETE FROM change WHERE plan = {last_plan}",
        f"DELETE FROM plan WHERE number = {last_plan}",
    )

    assert ledger.faults() == ["audit entry 13: is missing, but was anchored; the chain ends with 12"]
    gap = ledger.gap()
    assert gap is not None
    assert "ends with entry 12" in gap.because


def test_another_key_does_not_open_the_chain(url: str, ledger: SqlLedger, tmp_path: Path) -> None:
    """Whoever seals with a key of their own is found at the first entry."""
    lived(ledger)

    other = open_ledger(url, seal=Seal(b"another key"), anchor=Anchor(tmp_path / "anchor"))

    assert "audit entry 1 (begin)" in other.faults()[0]
    other.close()


def test_a_ledger_that_is_put_back_under_a_running_gebot_is_refused(url: str, ledger: SqlLedger) -> None:
    """The process that wrote entry 13 does not go on from entry 12."""
    lived(ledger)
    behind_its_back(url, "DELETE FROM audit WHERE number = 13")

    with pytest.raises(LedgerError, match="entry 13 of the audit chain is not the one"):
        ledger.halt(Halt("ada", at(3), "odd"))

    assert ledger.halted() is None


def test_a_ledger_of_before_the_chain_is_sealed_as_it_stands(url: str, tmp_path: Path) -> None:
    """Its history is vouched for from the first entry on."""
    old = open_ledger(url)
    lived(old)  # type: ignore[arg-type]  # a ledger in a database
    old.close()
    ledger = open_ledger(url, seal=SEAL, anchor=Anchor(tmp_path / "anchor"))
    assert ledger.head() is None
    ledger.halt(Halt("ada", at(3), "odd"))

    assert ledger.faults() == []
    behind_its_back(url, "UPDATE approval SET decided_by = 'bob'")
    assert ledger.faults() == ["table approval: what stood before the audit chain began was altered"]
    ledger.close()


def test_two_processes_write_one_chain(url: str, ledger: SqlLedger, tmp_path: Path) -> None:
    """In turn, each from where the other ended."""
    other = open_ledger(url, seal=SEAL, anchor=Anchor(tmp_path / "anchor"))

    for n in range(6):
        (ledger, other)[n % 2].halt(Halt("ada", at(n), "odd"))

    assert ledger.faults() == []
    head = ledger.head()
    assert head is not None
    assert head.number == 7
    other.close()


def test_without_an_anchor_nothing_goes_onto_the_wire(url: str, tmp_path: Path) -> None:
    """The disk that holds it is gone: refused before the word is written."""
    anchor = tmp_path / "mount" / "anchor"
    ledger = open_ledger(url, seal=SEAL, anchor=Anchor(anchor))
    epoch = ledger.take_lead(ACCOUNT, "here", 1, at(0))
    plan = drawn_up(1)
    ledger.record_plan(plan)
    ledger.record_approval(word(plan, approved=[0]).sealed(SEAL), steps(plan, State.APPROVED))
    anchor.unlink()
    anchor.mkdir()

    with pytest.raises(LedgerError, match="gebot sends nothing without it"):
        ledger.advance(steps(plan, State.SENDING), at(0.2), epoch=epoch)

    record = ledger.plan(plan.id)
    assert record is not None
    assert [item.state for item in record.changes.values()] == [State.APPROVED]
    ledger.close()


class Overtaken(Anchor):
    """An anchor behind which another process decides something as soon as it was asked."""

    def __init__(self, path: Path, other: SqlLedger) -> None:
        super().__init__(path)
        self._other = other

    def last(self) -> Head | None:
        self._other.halt(Halt("ada", at(3), "odd"))
        return super().last()


def test_what_another_process_decides_meanwhile_is_no_gap(
    url: str, ledger: SqlLedger, tmp_path: Path
) -> None:
    """A second agent that starts must not take the first one's next entry for a lost one."""
    lived(ledger)
    second = open_ledger(url, seal=SEAL, anchor=Overtaken(tmp_path / "anchor", ledger))

    gap = second.gap()

    assert gap is None
    second.close()


def test_an_anchor_that_is_gone_is_not_begun_by_the_way(url: str, ledger: SqlLedger, tmp_path: Path) -> None:
    """A word at the terminal, or a start that was broken off, must not hide that the ledger was moved."""
    lived(ledger)
    (tmp_path / "anchor").unlink()
    ledger.close()
    moved = open_ledger(url, seal=SEAL, anchor=Anchor(tmp_path / "anchor"))

    moved.halt(Halt("ada", at(3), "odd"))

    gap = moved.gap()
    assert gap is not None and gap.moved
    moved.take_up("moved", at(4))
    assert moved.gap() is None
    moved.close()


def test_without_what_was_anchored_nothing_goes_onto_the_wire(
    url: str, ledger: SqlLedger, tmp_path: Path
) -> None:
    """Somebody removed the file while gebot ran."""
    epoch = ledger.take_lead(ACCOUNT, "here", 1, at(0))
    plan = drawn_up(1)
    ledger.record_plan(plan)
    ledger.record_approval(word(plan, approved=[0]).sealed(SEAL), steps(plan, State.APPROVED))
    (tmp_path / "anchor").unlink()

    with pytest.raises(LedgerError, match="of the ledger is not there"):
        ledger.advance(steps(plan, State.SENDING), at(0.2), epoch=epoch)

    record = ledger.plan(plan.id)
    assert record is not None
    assert [item.state for item in record.changes.values()] == [State.APPROVED]


def test_a_machine_with_another_key_appends_nothing(url: str, ledger: SqlLedger, tmp_path: Path) -> None:
    """Not even that it has joined: an entry that no other machine believes would stay for ever."""
    lived(ledger)
    other = open_ledger(url, seal=Seal(b"another key"), anchor=Anchor(tmp_path / "another"))

    with pytest.raises(LedgerError, match="does not bear the seal of this key"):
        other.take_up("a machine joined those that work on this ledger", at(3))

    assert ledger.faults() == []
    other.close()
