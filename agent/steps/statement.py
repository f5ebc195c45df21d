"""Statement: approved = sent = the platform's history, for one day of one account. By reading only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.domain.outcome import Edit, State
from agent.domain.record import ChangeRecord, PlanRecord
from agent.domain.ref import AccountId, Kind
from agent.domain.seal import Seal
from agent.domain.statement import Statement
from agent.ports.ledger import Ledger
from agent.ports.platform import Reader

CLOCKS_DIFFER_BY = timedelta(minutes=2)
SHOWN_WITHIN = timedelta(hours=1)
"""How long after the word was written the platform may still carry a change out."""

_FIRST_PLANS = 10
_UNTOLD = (Kind.BIDDING_STRATEGY,)
_NEVER_STOOD = (State.NOT_APPLIED, State.CONFLICT, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Sent:
    """A change whose word was written on the day, with the plan that it is of."""

    record: PlanRecord
    item: ChangeRecord
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment (UTC) to another, told by its first local day."""

    day: date
    begin: datetime
    end: datetime

    @classmethod
    def of_day(cls, day: date, zone: str) -> "Span":
        """The whole day in a time zone, however many hours it has."""
        begin, end = (
            datetime.combine(midnight, time(), ZoneInfo(zone)).astimezone(UTC)
            for midnight in (day, day + timedelta(days=1))
        )
        return cls(day, begin, end)


def statement(
    reader: Reader, ledger: Ledger, account: AccountId, span: Span, *, seal: Seal, knows_itself: bool
) -> Statement:
    """Hold approvals, ledger and platform history against each other.

    To be asked for some hours after the end of the span: histories lag.

    Args:
        knows_itself: Whether the platform tells gebot's edits from those of others who use the
            same way in; where it does not, an edit that is not in the ledger is no difference.

    Raises:
        PlatformError: The history could not be read.
    """
    begin, end = span.begin, span.end
    edits = [edit for edit in reader.history(begin - SHOWN_WITHIN) if edit.at < end + SHOWN_WITHIN]
    around = _sent(ledger, account, begin - 2 * SHOWN_WITHIN, end + SHOWN_WITHIN)
    shown = _matched(around, [edit for edit in edits if edit.ours])
    applied = [one for one in around if begin <= one.at < end and one.item.state is State.APPLIED]
    unapproved = _since_the_seal(ledger, [one for one in applied if not _is_approved(one, seal)])
    seen = {id(by) for by in shown.values()}
    unnamed = [one for one in applied if id(one) not in seen and _is_told(one)]
    # Another machine may sign in under another name, or this one did so until yesterday.
    by_others = _matched(unnamed, [edit for edit in edits if not edit.ours])
    seen_by_others = {id(by) for by in by_others.values() if by is not None}
    unseen = [one for one in unnamed if id(one) not in seen_by_others]
    known_since = min((each.observed_at for each in ledger.coverages(account, end)), default=end)
    ours = {edit: by for edit, by in shown.items() if max(begin, known_since) <= edit.at < end}
    strange = [words for edit, by in ours.items() if (words := _strange(edit, by))]
    differences = [f"{_name(one)} was applied without a valid approval" for one in unapproved]
    remarks = []
    if seen_by_others:
        named = sorted({edit.by for edit, by in by_others.items() if by is not None})
        remarks.append(
            f"{len(seen_by_others)} changes stand in the platform's history under another name than gebot's "
            f"own ({', '.join(named)}): right where several machines or a new user work on the account"
        )
    if edits:
        differences += [f"{_name(one)} was applied, but the platform's history lacks it" for one in unseen]
    elif unseen:
        remarks.append("the platform's history is empty: what was applied cannot be held against it")
    if knows_itself:
        differences += strange
    elif strange:
        remarks.append(
            f"{len(strange)} edits came by gebot's own way in and are not in the ledger; name gebot's own "
            "user or app in the account's options, so that its edits can be told from those of others"
        )
    counts = (len(applied) - len(unapproved), len(applied), len(applied) - len(unseen))
    return Statement(account, span.day, *counts, tuple(differences), tuple(remarks))


def _sent(ledger: Ledger, account: AccountId, begin: datetime, end: datetime) -> list[Sent]:
    """Changes whose word was written in this time, oldest first."""
    records: Sequence[PlanRecord] = ()
    limit = _FIRST_PLANS
    while True:
        records = ledger.plans(account, limit=limit)
        if len(records) < limit or records[-1].plan.expires_at < begin:
            break  # from there on nothing can have been sent in this time
        limit *= 4
    found = [
        Sent(record, item, item.sent_at)
        for record in records
        for item in record.changes.values()
        if item.sent_at is not None and begin <= item.sent_at < end
    ]
    return sorted(found, key=lambda one: one.at)


def _matched(sent: Sequence[Sent], edits: Sequence[Edit]) -> dict[Edit, Sent | None]:
    """Each edit with the change that it is of, each change once; the same value may be set twice."""
    left = list(sent)
    found: dict[Edit, Sent | None] = {}
    for edit in sorted(edits, key=lambda edit: edit.at):
        fitting = [one for one in left if _fits(one, edit)]
        # Of two equal changes the one that the ledger calls applied: the other's request may have been lost.
        by = min(fitting, key=lambda one: one.item.state in _NEVER_STOOD, default=None)
        if by is not None:
            left.remove(by)
        found[edit] = by
    return found


def _fits(one: Sent, edit: Edit) -> bool:
    change = one.item.change
    return (
        (edit.ref, edit.lever) == (change.ref, change.lever)
        and edit.after in (change.after, None)
        and one.at - CLOCKS_DIFFER_BY <= edit.at <= max(one.item.since, one.at + SHOWN_WITHIN)
    )


def _strange(edit: Edit, by: Sent | None) -> str:
    """What is wrong with an edit of ours; "" when the ledger knows it."""
    what = f"{edit.ref} {edit.lever} was set to {edit.after} on {edit.at:%Y-%m-%d %H:%M} UTC by {edit.by}"
    if by is None:
        # Platforms that note a value that stood already say so; it moved nothing.
        return "" if edit.before is not None and edit.before == edit.after else f"{what}: not in the ledger"
    if by.item.state in _NEVER_STOOD:
        return f"{what}, and the ledger calls {_name(by)} {by.item.state}"
    return ""


def _is_approved(one: Sent, seal: Seal) -> bool:
    return any(
        one.item.change.id in word.approved
        and word.fingerprint == one.record.plan.fingerprint
        and word.bears(seal)
        for word in one.record.approvals
    )


def _since_the_seal(ledger: Ledger, unapproved: Sequence[Sent]) -> Sequence[Sent]:
    """Without what a gebot sent that signed no approvals yet: before the audit chain began."""
    chain = ledger.entries() if unapproved else ()
    return [one for one in unapproved if not chain or one.at >= chain[0].at]


def _is_told(one: Sent) -> bool:
    """Whether histories tell of such a change at all."""
    change = one.item.change
    return change.ref.kind not in _UNTOLD and not change.lever.is_of_hours


def _name(one: Sent) -> str:
    change = one.item.change
    return f"change {change.id} of plan {one.record.plan.id} ({change.ref} {change.lever} to {change.after})"
