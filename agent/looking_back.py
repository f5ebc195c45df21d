"""Looking back: read out of the ledger what reports and the page tell of an account's days.

    figures(...)         daily figures of all that the account held, gone or not
    verdicts(...)        what came of the changes that were made
    portfolio_pacing()   where each portfolio's month stands
    account_report(...)  all of it, of one period

Nothing here asks a platform or writes.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.entity import EntityTable, Flags, entity_table
from agent.domain.portfolio import Goal
from agent.domain.record import PlanRecord, Run, RunKind
from agent.domain.ref import AccountId
from agent.domain.snapshot import Snapshot
from agent.ports.ledger import Ledger
from agent.report.account_report import AccountReport, Figures, board
from agent.report.foretold import with_forecasts
from agent.report.incidents import incidents
from agent.report.made import Made, expired, held, held_late, made, rejections, waiting
from agent.report.pacing import Pacing, pacing_of
from agent.report.period import Period
from agent.report.rows import names_of
from agent.report.verdicts import Judged, Verdict, judged
from agent.steps.decide import Desk, members
from agent.steps.learn import learn_lag
from agent.steps.measure import measure
from agent.steps.recall import recall

_AROUND_DAYS = 8
"""Days that a verdict needs before a change and after it."""
_LONGEST_WAIT = timedelta(days=8)
"""A change is applied at most so long after its plan was drawn up, for all that the config allows."""
_EARLIER = timedelta(days=21)
"""A day's report tells of changes so far back that can be judged by now."""
_MOST_RUNS = 5_000
_LEAST_HISTORY_DAYS = 60


def figures(ledger: Ledger, account: AccountId, first: date, last: date, now: datetime) -> Figures | None:
    """Daily figures from `first` to `last` as known now; None when the account was never observed."""
    newest = ledger.entities(account, now)
    if newest is None or last < first:
        return None
    zone = ZoneInfo(newest.account.time_zone)
    table = _all_that_was(ledger, newest, _moments(first, last, zone, now))
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    lag = learn_lag(ledger, account, now)
    coverages = ledger.coverages(account, now)
    seen_on = coverages[-1].observed_at.astimezone(zone).date() if coverages else now.astimezone(zone).date()
    ages = np.maximum((np.datetime64(seen_on, "D") - days).astype(np.int64), 0)
    channels, place = np.unique(table.channels, return_inverse=True)
    curves = [lag.channels.get(channel, lag.account).at(ages) for channel in channels.tolist()]
    return Figures(
        account=newest.account,
        kinds=table.kinds,
        ids=table.ids,
        names=table.names,
        channels=table.channels,
        days=days,
        metrics=ledger.metrics(table, days, now),
        reported=np.stack(curves)[place] if curves else np.empty((0, len(days))),
    )


def snapshot_since(ledger: Ledger, account: AccountId, since: datetime, now: datetime) -> Snapshot | None:
    """All that is known now, with the days that verdicts on changes since then need."""
    days = (now - since).days + _AROUND_DAYS + 2
    history = max(days, _LEAST_HISTORY_DAYS)
    return recall(ledger, account, now, learn_lag(ledger, account, now), history_days=history, max_age=None)


def verdicts(
    ledger: Ledger, snapshot: Snapshot, desks: Sequence[Desk], changes: Sequence[Made]
) -> list[Judged]:
    """What came of these changes, in their order.

    Args:
        snapshot: Of the whole account, as `snapshot_since` makes it.
    """
    if not changes:
        return []
    account = snapshot.entities.account.id
    found = judged(changes, snapshot, _by_value(snapshot, desks, changes))
    since = min(one.at for one in changes) - timedelta(days=1)
    told = measure(ledger.forecasts(account, since, snapshot.as_of), snapshot)
    return with_forecasts(found, account, told.forecasts, told.measured)


def portfolio_pacing(snapshot: Snapshot, desks: Sequence[Desk]) -> list[Pacing]:
    """Where the month of each portfolio stands, in the order of config.toml."""
    cuts = (
        snapshot.only(rows, desk.portfolio)
        for desk, rows in zip(desks, members(snapshot, desks), strict=True)
    )
    return [found for cut in cuts if (found := pacing_of(cut)) is not None]


def account_report(
    ledger: Ledger, account: AccountId, period: Period, now: datetime, *, name: str, desks: Sequence[Desk]
) -> AccountReport | None:
    """All that is to be told of the period; None when the account was never observed.

    Args:
        name: In config.toml. `desks`: its portfolios.
    """
    told = figures(ledger, account, period.before.first, max(period.span.last, period.before.first), now)
    if told is None:
        return None
    zone = ZoneInfo(told.account.time_zone)
    since, until = _midnight(period.span.first, zone), _midnight(period.span.last + timedelta(days=1), zone)
    is_running = period.span.last < period.ends or now.astimezone(zone).date() <= period.ends
    if is_running:
        until = max(until, now)
    back = since if period.is_month else since - _EARLIER
    records = ledger.plans_between(account, back - _LONGEST_WAIT, until)
    mine = [one for one in records if one.plan.drawn_up_at >= since]
    snapshot = snapshot_since(ledger, account, back, now)
    assert snapshot is not None, "it was observed"
    pacing = portfolio_pacing(snapshot, desks) if period.is_month and is_running else []
    found = verdicts(ledger, snapshot, desks, made(records, back, until))
    halted, frozen = ledger.haltings(account), ledger.freezes(account, now)
    return AccountReport(
        name=name,
        account=told.account,
        period=period,
        as_of=now,
        goals=frozenset(desk.portfolio.goal for desk in desks),
        board=board(told, period),
        pacing=tuple(pacing),
        judged=tuple(one for one in found if one.made.at >= since),
        earlier=tuple(one for one in found if one.made.at < since and one.verdict is not Verdict.UNKNOWN),
        held=tuple(held(mine)),
        held_late=tuple(held_late(mine)),
        waiting=tuple(waiting(ledger.plans(account, only_open=True), now)),
        rejections=tuple(rejections(mine)),
        expired=expired(mine),
        n_plans=len(mine),
        incidents=tuple(incidents(halted, frozen, list(_runs(ledger, account)), since, until)),
        entity_names=_names(told, mine),
    )


def today_of(ledger: Ledger, account: AccountId, now: datetime) -> date | None:
    """The account's date; None when it was never observed."""
    table = ledger.entities(account, now)
    return None if table is None else now.astimezone(ZoneInfo(table.account.time_zone)).date()


def _moments(first: date, last: date, zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    """The end of each week of these days and of the last one, newest first; none after now."""
    day = last
    while day >= first:
        yield min(_midnight(day + timedelta(days=1), zone), now)
        day -= timedelta(days=7)


def _all_that_was(ledger: Ledger, newest: EntityTable, moments: Iterator[datetime]) -> EntityTable:
    """The newest table, with the names of what is gone since one of these moments behind it."""
    there = newest.index()
    gone: list[tuple[str, str, str, str]] = []
    for moment in moments:
        older = ledger.entities(newest.account.id, moment)
        if older is None:
            continue
        for row, key in enumerate(zip(older.kinds.tolist(), older.ids.tolist(), strict=True)):
            if key not in there:
                there[key] = -1
                gone.append((*key, str(older.names[row]), str(older.channels[row])))
    if not gone:
        return newest
    kinds, ids, names, channels = zip(*gone, strict=True)
    return entity_table(
        newest.account,
        [*newest.ids.tolist(), *ids],
        names=[*newest.names.tolist(), *names],
        kinds=[*newest.kinds.tolist(), *kinds],
        channels=[*newest.channels.tolist(), *channels],
    )


def _by_value(snapshot: Snapshot, desks: Sequence[Desk], changes: Sequence[Made]) -> Flags:
    """Whether the goal of each change's portfolio is value; of what is in none, that of the first."""
    first = bool(desks) and desks[0].portfolio.goal is not Goal.VALUE
    of_row = np.full(len(snapshot) + 1, not first)
    for desk, rows in zip(desks, members(snapshot, desks), strict=True):
        of_row[rows] = desk.portfolio.goal is Goal.VALUE
    found = [snapshot.entities.row(one.change.ref) for one in changes]
    flags: Flags = of_row[np.array([-1 if row is None else row for row in found], dtype=np.int64)]
    return flags


def _runs(ledger: Ledger, account: AccountId) -> Iterator[Run]:
    for kind in RunKind:
        yield from ledger.runs(account, kind, _MOST_RUNS)


def _names(told: Figures, records: Sequence[PlanRecord]) -> dict[str, str]:
    """What people call each entity that a plan speaks of."""
    table = entity_table(
        told.account, told.ids.tolist(), names=told.names.tolist(), kinds=told.kinds.tolist()
    )
    spoken = {
        row
        for record in records
        for decision in record.plan.decisions
        if (row := table.row(decision.proposal.ref)) is not None
    }
    return names_of(table.take(np.array(sorted(spoken), dtype=np.intp)))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
