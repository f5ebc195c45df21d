"""Standing: the tables as they stand, held against what the audit chain says of them."""

from collections.abc import Iterator, Mapping
from itertools import filterfalse, islice
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from agent.domain.outcome import State
from agent.ledger.events import digest
from agent.ledger.moments import moment
from agent.ledger.sql.before import APPENDED, OTHERS, digest_of, digest_up_to
from agent.ledger.sql.comparing import Difference, Values, compared
from agent.ledger.sql.decided_tables import (
    ApprovalRow,
    ChangeRow,
    ChangeStepRow,
    FreezeRow,
    LeadRow,
    PlanRow,
    PolicyRow,
    StopRow,
)
from agent.ledger.sql.pages import numbered
from agent.ledger.sql.readings import table_of
from agent.ledger.sql.seen_tables import AccountRow
from agent.ledger.sql.told import Told

_NAMED = 5
"""Bad rows of a table that are named."""


def differences(session: Session, told: Told) -> Iterator[str]:
    """Where a table is not what the chain says: what stood before it, then the first bad rows of each."""
    if not told.begin:
        return
    yield from _altered_before(session, told.begin)
    for table, stands in _tables(session, told.begin).items():
        expected, rows = told.rows[table], stands
        if table in _UNORDERED:
            expected = sorted(expected, key=lambda row: str(row.values[:2]))
            rows = iter(sorted(stands, key=lambda row: str(row[:2])))
        if table == _STOP:
            found: Iterator[Difference] = filterfalse(_is_untold_halt, _stops(told, rows))
        else:
            found = compared(expected, rows)
        yield from _first(f"table {table}", (f"table {table}: {_words(one)}" for one in found))
    yield from _first("table change", _changes(session, told.begin[PlanRow.__tablename__][0]))


def untold_halts(session: Session, told: Told) -> Iterator[str]:
    """Halts that no entry tells of: whoever stops gebot needs no key, so they may be true."""
    if not told.begin:
        return
    for one in _stops(told, _tables(session, told.begin)[_STOP]):
        if _is_untold_halt(one) and one.stands is not None:
            _, by, at_us, because, account = one.stands
            of = account or "everything"
            when = f"{moment(int(at_us or 0)):%Y-%m-%d %H:%M} UTC"
            yield f"a halt of {of} that was said without the key, by {by} at {when}: {because}"


_UNORDERED = ("lead", "policy")
_STOP = str(StopRow.__tablename__)


def _stops(told: Told, rows: Iterator[Values]) -> Iterator[Difference]:
    return compared(told.rows[_STOP], rows, comes_by_itself=_halts)


def _is_untold_halt(one: Difference) -> bool:
    """Somebody stopped gebot without the key: that may be; that it goes on must be told."""
    return one.told is None and one.stands is not None and _halts(one.stands)


def _halts(stop: Values) -> bool:
    return stop[0] == 1


def _words(one: Difference) -> str:
    if one.told is None:
        return f"{_shown(one.stands)} is in no audit entry: gebot did not write it"
    if one.stands is None:
        return f"{_shown(one.told.values)}, of audit entry {one.told.entry}, is missing"
    return f"{_shown(one.stands)} stands where audit entry {one.told.entry} says {_shown(one.told.values)}"


def _first(where: str, found: Iterator[str]) -> Iterator[str]:
    """Those that are named, and how many there are besides."""
    yield from islice(found, _NAMED)
    more = sum(1 for _ in found)
    if more:
        yield f"{where}: and {more} more"


def _altered_before(session: Session, begin: Mapping[str, Any]) -> Iterator[str]:
    """What stood when the chain began must stand as it did."""
    for model in APPENDED:
        table = table_of(model)
        last, expected = begin[table.name]
        if digest_up_to(session, table, last) != expected:
            yield f"table {table.name}: what stood before the audit chain began was altered"
    for model in OTHERS:
        table = table_of(model)
        keys, expected = begin[table.name]
        if digest_of(session, table, keys) != expected:
            yield f"table {table.name}: what stood before the audit chain began was altered"


def _tables(session: Session, begin: Mapping[str, Any]) -> dict[str, Iterator[Values]]:
    """The rows since the chain began, in the words of `ToldRow`."""
    plans = _plan_ids(session)
    accounts: dict[int | None, str] = {None: ""}
    for row in session.exec(select(AccountRow)):
        accounts[row.number] = f"{row.platform}:{row.account}"

    def since(model: type[SQLModel]) -> Iterator[Any]:
        return numbered(session, model, begin[str(model.__tablename__)][0])

    def others(model: type[SQLModel]) -> Iterator[Any]:
        known = {tuple(key) for key in begin[str(model.__tablename__)][0]}
        names = [column.name for column in table_of(model).primary_key.columns]
        return (
            row for row in session.exec(select(model)) if tuple(getattr(row, n) for n in names) not in known
        )

    return {
        "plan": (
            (r.id, r.drawn_up_at_us, accounts.get(r.account), r.fingerprint, digest(r.body))
            for r in since(PlanRow)
        ),
        "change_step": (
            (plans.get(r.plan), r.change, r.state, r.at_us, r.because, r.epoch) for r in since(ChangeStepRow)
        ),
        "approval": (
            (plans.get(r.plan), r.decided_by, r.at_us, r.comment, r.approved, r.rejected, r.signature)
            for r in since(ApprovalRow)
        ),
        "stop": (
            (r.stopped, r.decided_by, r.at_us, r.because, accounts.get(r.account)) for r in since(StopRow)
        ),
        "tracking_freeze": (
            (accounts.get(r.account), _iso(r.begins_us), r.at_us, r.because, r.ended_us, r.ended_by)
            for r in since(FreezeRow)
        ),
        "lead": ((accounts.get(r.account), r.epoch, r.host, r.pid, r.at_us) for r in others(LeadRow)),
        "policy": ((r.digest, digest(r.body)) for r in others(PolicyRow)),
    }


def _changes(session: Session, plans_before: int) -> Iterator[str]:
    """Each change must stand where its last step has led it.

    Args:
        plans_before: Number of the last plan of an older gebot, which may not have kept when
            a change was sent.
    """
    plans = _plan_ids(session)
    last: dict[tuple[int, str], tuple[str, int, str]] = {}
    sent: dict[tuple[int, str], int] = {}
    for step in numbered(session, ChangeStepRow):
        key = (step.plan, step.change)
        last[key] = (step.state, step.at_us, step.because)
        if step.state == State.SENDING.value:
            sent.setdefault(key, step.at_us)
    rows = select(ChangeRow).order_by(col(ChangeRow.plan), col(ChangeRow.position))
    for row in session.exec(rows).all():
        key = (row.plan, row.id)
        name = f"table change: change {row.id} of plan {plans.get(row.plan)}"
        stepped = last.pop(key, None)
        if stepped != (row.state, row.since_us, row.because):
            led = "nothing led there" if stepped is None else f"its last step was to {stepped[0]!r}"
            yield f"{name} stands as {row.state!r} since {moment(row.since_us)}: {led}"
            continue
        untold = row.sent_at_us is None and row.plan <= plans_before
        if not untold and row.sent_at_us != sent.get(key):
            when = "never sent" if row.sent_at_us is None else f"sent at {moment(row.sent_at_us)}"
            yield f"{name} stands as {when}, and its steps say otherwise"
    for plan, change in last:
        yield f"table change: change {change} of plan {plans.get(plan)} is missing"


def _plan_ids(session: Session) -> Mapping[int | None, str]:
    return dict(session.exec(select(PlanRow.number, PlanRow.id)).all())


def _iso(at_us: int) -> str:
    return moment(at_us).isoformat()


def _shown(values: Values | None) -> str:
    return "(" + ", ".join("" if value is None else str(value) for value in values or ()) + ")"
