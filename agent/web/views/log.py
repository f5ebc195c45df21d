"""Log: what was planned, said, sent and stopped, in the days that somebody asks for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from agent.domain.outcome import State
from agent.domain.record import PlanRecord
from agent.domain.ref import AccountId
from agent.office import Office
from agent.report.rows import decision_rows, names_of, plain
from agent.wiring.joined import joined_of

MOST_DAYS = 92
PAGE_ENTRIES = 100
_USUAL_DAYS = 7
_STATES = tuple(state.value.replace("_", " ") for state in State)
WHATS = ("plan", "approval", *_STATES, "halt", "resume", "freeze", "thaw")


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What is asked for; "" where it is all the same. Days are the account's, both included."""

    since: date
    until: date
    account: str = ""
    what: str = ""
    who: str = ""
    text: str = ""
    page: int = 1

    @classmethod
    def of(cls, told: Mapping[str, str], today: date) -> "LogQuery":
        """What an address asks for; what makes no sense in it is as if it were not there."""
        until = min(_day(told.get("until", ""), today), today)
        since = _day(told.get("since", ""), until - timedelta(days=_USUAL_DAYS - 1))
        since = max(min(since, until), until - timedelta(days=MOST_DAYS - 1))
        page, what = told.get("page", "1"), told.get("what", "")
        return cls(
            since,
            until,
            told.get("account", "")[:200],
            what if what in WHATS else "",
            told.get("who", "").strip()[:100],
            told.get("text", "").strip()[:200],
            int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 else 1,
        )

    def address(self, page: int | None = None) -> str:
        """The part behind the question mark."""
        told = {"since": self.since, "until": self.until, "account": self.account, "what": self.what}
        told |= {"who": self.who, "text": self.text, "page": page}
        return urlencode({name: value for name, value in told.items() if value})


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that befell; texts, "" where there is nothing to say.

    Attributes:
        at: UTC.
        who: A person, "policy" or "gebot".
    """

    at: datetime
    account: str
    what: str
    who: str
    plan: str
    number: int | None
    entity: str
    name: str
    lever: str
    before: str
    after: str
    because: str
    zone: str


@dataclass(frozen=True, slots=True)
class LogView:
    """A page of the log, newest first."""

    query: LogQuery
    accounts: tuple[str, ...]
    whats: tuple[str, ...]
    entries: tuple[LogEntry, ...]
    n: int
    page: int
    n_pages: int


def today_of(office: Office) -> date:
    """The date of today where it is latest: entries of an account east of here are not left out."""
    now = office.clock.now()
    facts = [office.memory.facts(joined_of(office.settings, one).id, now) for one in office.accounts]
    zones = [ZoneInfo("UTC"), *(ZoneInfo(one.time_zone) for one in facts if one is not None)]
    return max(now.astimezone(zone).date() for zone in zones)


def log_view(office: Office, query: LogQuery) -> LogView:
    """Ask the ledger.

    Raises:
        LedgerError: It did not answer.
    """
    found = log_entries(office, query)
    n_pages = max(1, -(-len(found) // PAGE_ENTRIES))
    page = max(1, min(query.page, n_pages))
    shown = found[(page - 1) * PAGE_ENTRIES : page * PAGE_ENTRIES]
    names = tuple(one.name for one in office.accounts)
    return LogView(replace(query, page=page), names, WHATS, tuple(shown), len(found), page, n_pages)


def log_entries(office: Office, query: LogQuery) -> Sequence[LogEntry]:
    """All that the query asks for, newest first.

    Raises:
        LedgerError: The ledger did not answer.
    """
    found: list[LogEntry] = []
    for account in office.accounts:
        if query.account in ("", account.name):
            found += _of_account(office, joined_of(office.settings, account).id, account.name, query)
    shown = [one for one in dict.fromkeys(found) if _fits(one, query)]
    return sorted(shown, key=lambda one: one.at, reverse=True)


def _of_account(office: Office, id_: AccountId, name: str, query: LogQuery) -> Iterator[LogEntry]:
    """Plans drawn up in these days with all that befell them, and stops and freezes that touch these days."""
    facts = office.memory.facts(id_, office.clock.now())
    zone = "UTC" if facts is None else facts.time_zone
    since = datetime.combine(query.since, time(), ZoneInfo(zone)).astimezone(UTC)
    until = datetime.combine(query.until + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    blank = LogEntry(since, plain(name), "", "gebot", "", None, "", "", "", "", "", "", zone)
    told: list[LogEntry] = []
    for record in office.memory.plans_between(id_, since, until):
        told += _of_plan(office, record, blank)
    for one in office.memory.haltings(id_):
        everything = "" if one.halt.account else "everything: "
        halt = replace(
            blank, what="halt", who=plain(one.halt.by), because=everything + plain(one.halt.because)
        )
        told.append(replace(halt, at=one.halt.at))
        if one.ended is not None:
            told.append(replace(blank, at=one.ended, what="resume", who=plain(one.by)))
    for freeze in office.memory.freezes(id_, office.clock.now()):
        told.append(replace(blank, at=freeze.at, what="freeze", because=plain(freeze.because)))
        if freeze.ended is not None:
            told.append(replace(blank, at=freeze.ended, what="thaw", who=plain(freeze.by)))
    return (one for one in told if since <= one.at.astimezone(UTC) < until)


def _of_plan(office: Office, record: PlanRecord, blank: LogEntry) -> Iterable[LogEntry]:
    plan = record.plan
    mine = replace(blank, plan=plan.id)
    changes = f"{len(plan.decisions)} decisions, {len(plan.changes)} changes"
    author = plain(plan.author) or "gebot"
    yield replace(mine, at=plan.drawn_up_at, what="plan", who=author, because=changes)
    for word in record.approvals:
        counts = f"{len(word.approved)} approved, {len(word.rejected)} rejected"
        because = plain(f"{counts}: {word.comment}" if word.comment else counts)
        yield replace(mine, at=word.at, what="approval", who=plain(word.by), because=because)
    table = office.memory.entities(plan.account, plan.drawn_up_at)
    for row in decision_rows(record, names_of(table)):
        change = record.changes.get(row["change"] or "")
        if change is not None:
            yield replace(
                mine,
                at=change.since,
                what=row["state"].replace("_", " "),
                number=row["number"],
                entity=row["entity"],
                name=row["name"],
                lever=row["lever"],
                before=row["before"] or "",
                after=row["after"] or "",
                because=row["state_because"] or row["because"],
            )


def _fits(one: LogEntry, query: LogQuery) -> bool:
    if query.what not in ("", one.what):
        return False
    if query.who and query.who.casefold() not in f"{one.who} {one.because}".casefold():
        return False
    text = f"{one.name} {one.entity} {one.plan} {one.because}"
    return not query.text or query.text.casefold() in text.casefold()


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
