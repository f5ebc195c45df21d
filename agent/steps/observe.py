"""Observe: read the platform, check what it said, and put it into the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from agent.domain.advice import Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import Misunderstood, PlatformError
from agent.domain.metrics import MetricsTable
from agent.domain.points import Point, unwatched
from agent.domain.record import Coverage
from agent.domain.ref import AccountId, Kind
from agent.ports.clock import Clock
from agent.ports.ledger import Ledger
from agent.ports.platform import Reader

_log = structlog.get_logger()
_SHARED = frozenset({Kind.CAMPAIGN_BUDGET.value, Kind.BIDDING_STRATEGY.value})


@dataclass(frozen=True, slots=True)
class Observed:
    """What one observation brought.

    Attributes:
        at: When it was recorded as seen (UTC).
        metrics: The figures that were read, those of today so far among them.
        since, until: Days that were read, both included, account time zone.
        appended: Rows of metrics that were new or restated.
    """

    at: datetime
    entities: EntityTable
    metrics: MetricsTable
    since: date
    until: date
    appended: int


def observe(
    reader: Reader,
    ledger: Ledger,
    account: AccountId,
    clock: Clock,
    *,
    history_days: int,
    reread_days: int,
    with_advice: bool,
    reached: Callable[[Point], None] = unwatched,
) -> Observed:
    """Read structure and metrics once; the first time the whole history, then the days that may move.

    Days that an outage left unread are read too, so that a hole closes by itself, and the whole
    history again where the platform begins to tell of a level or of something shared. All of it is
    recorded as seen when it had been read: another process may have observed in between. Where
    the platform's advice cannot be read, what it told last stays known, so that hours that were
    excluded stay excluded; figures are not held up by it.

    Args:
        with_advice: Read what the platform tells of its figures, too: several queries, that
            only decisions need.

    Raises:
        PlatformError: No answer, or one that cannot be true. Nothing was recorded.
    """
    now = clock.now()
    facts = reader.account()
    table = reader.entities()
    known = ledger.entities(account, now)
    _check_account(account, facts, table, known)
    today = now.astimezone(ZoneInfo(facts.time_zone)).date()
    coverages = [] if _tells_more(table, known) else ledger.coverages(account, now)
    since = _first_day(coverages, today, history_days, reread_days)
    metrics = reader.metrics(since, today)
    _check_metrics(account, metrics, since, today)
    advice = _advice(reader, account) if with_advice else None
    seen_at = clock.now()
    ledger.record_entities(table, seen_at)
    reached(Point.ENTITIES_RECORDED)
    appended = ledger.record_metrics(account, metrics, seen_at)
    reached(Point.METRICS_RECORDED)
    if advice is not None:
        ledger.record_advice(account, advice, seen_at)
    return Observed(seen_at, table, metrics, since, today, appended)


def _advice(reader: Reader, account: AccountId) -> Advice | None:
    """What the platform tells of its figures; None when it did not answer."""
    try:
        return reader.advice()
    except PlatformError as fault:
        _log.warning("advice.unread", account=str(account), because=str(fault))
        return None


def _tells_more(table: EntityTable, known: EntityTable | None) -> bool:
    """Whether there is what was not told before and has a past: a level, or what campaigns now share.

    Of these the ledger holds nothing for days that it knows of others, which would read as zero.
    """
    if known is None:
        return False
    kinds, before = set(table.kinds.tolist()), set(known.kinds.tolist())
    if not kinds <= before:
        return True
    return any(
        not set(table.ids[table.kinds == kind].tolist()) <= set(known.ids[known.kinds == kind].tolist())
        for kind in _SHARED & kinds
    )


def _first_day(coverages: Sequence[Coverage], today: date, history_days: int, reread_days: int) -> date:
    """Where to begin: far enough back for restatements, and for any hole in what was read."""
    oldest = today - timedelta(days=history_days)
    if not coverages or min(coverage.since for coverage in coverages) > oldest:
        return oldest
    complete = max((c.complete_until for c in coverages if c.complete_until is not None), default=oldest)
    return max(oldest, min(today - timedelta(days=reread_days), complete))


def _check_account(account: AccountId, facts: Account, table: EntityTable, known: EntityTable | None) -> None:
    """Refuse an answer about another account, in another currency, or of an account gone empty."""
    if facts.id != account or table.account.id != account:
        raise Misunderstood(str(account), f"the reply was about {facts.id}")
    if known is None:
        return
    if known.account.currency != facts.currency:
        raise Misunderstood(
            str(account), f"the currency was {known.account.currency} and is now {facts.currency}"
        )
    if len(known) > 0 and len(table) == 0:
        raise Misunderstood(str(account), f"had {len(known)} entities and now says it has none")
    if account.is_joint and (gone := sorted(_homes(known) - _homes(table))):
        raise Misunderstood(str(account), f"{', '.join(gone)} had entities and now says it has none")


def _homes(table: EntityTable) -> set[str]:
    """The accounts that the entities of a joint account are of."""
    return {id_.partition("/")[0] for id_ in table.ids.tolist()}


def _check_metrics(account: AccountId, metrics: MetricsTable, since: date, until: date) -> None:
    """Refuse days that were not asked for and figures that cannot be."""
    if len(metrics) == 0:
        return
    first, last = metrics.days.min().item(), metrics.days.max().item()
    if first < since or last > until:
        raise Misunderstood(str(account), f"metrics of {first}..{last} came for {since}..{until}")
    if min(metrics.cost_micros.min(), metrics.clicks.min(), metrics.impressions.min()) < 0:
        raise Misunderstood(str(account), "metrics below zero")
