"""Watch: freeze an account whose conversions stopped being counted, and thaw it when they are back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import structlog

from agent.domain.advice import Window
from agent.domain.entity import Days, EntityTable, Flags, Floats, Numbers
from agent.domain.exclusion import touched_days
from agent.domain.maturity import LagCurve
from agent.domain.metrics import DailyMetrics, MetricsTable
from agent.domain.record import Freeze
from agent.domain.ref import AccountId, Kind
from agent.domain.tracking import Missing, Spans, missing, nearly_all_missing, returned
from agent.domain.tracking_break import broken_windows, in_force
from agent.domain.tracking_due import LOOKS_BACK_DAYS, Arrivals, Due, due
from agent.domain.tracking_rate import Told
from agent.ports.ledger import Ledger

_log = structlog.get_logger()

_MOST_DAYS = 90
_OF_CHANNEL = 1.5
"""A channel alone must miss so many times as much: there are several, and some are judged by mistake."""
_ENOUGH, _HALF = 10.0, 0.5  # conversions due, and share that came: a channel that missed some
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
BACK = "conversions came back"
"""Who lifts a freeze that no person lifted."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """All that one look at an account needs.

    Attributes:
        clicks, conversions: Shape (n_campaigns, n_days).
        running: Shape (n_campaigns,), clicks of today so far.
        windows: Hours that people marked at the platform.
    """

    now: datetime
    table: EntityTable
    days: Days
    clicks: Floats
    running: Floats
    conversions: Floats
    by_own_date: Floats
    learnable: Flags
    reported: Floats
    arrivals: Mapping[str, Arrivals]
    windows: Sequence[Window]


def watch(
    ledger: Ledger,
    account: AccountId,
    now: datetime,
    *,
    table: EntityTable,
    told: MetricsTable,
    learn: Callable[[], LagCurve],
    history_days: int,
) -> Freeze | None:
    """Judge what came against what was due, and record a freeze or its end.

    To be called right after figures were recorded. A freeze that a person lifted begins again
    only when conversions have come back since, or when the days since then speak for themselves.

    Args:
        told: The figures that were just read; of today so far, too.
        learn: The lag curve; asked for where there are conversions.

    Returns:
        The freeze in force afterwards.
    """
    freezes = ledger.freezes(account, now)
    if not freezes and not told.conversions.any():
        return None  # of an account that never has any, none are due
    sight = _sight(ledger, now, freezes, table=table, told=told, curve=learn(), history_days=history_days)
    frozen = in_force(freezes)
    if frozen is not None:
        if not _is_back(sight, frozen):
            return frozen
        ledger.thaw(account, BACK, now)
        _log.info("tracking.back", account=str(account), since=str(frozen.begins))
        return None
    found = _found(sight, freezes)
    if found is None:
        return None
    begins = found.begins.astype("datetime64[us]").item().replace(tzinfo=UTC)
    freeze = Freeze(account, begins, now, _because(found))
    ledger.freeze(freeze)
    _log.error("tracking.broken", account=str(account), since=str(begins), because=freeze.because)
    return freeze


def _found(sight: _Sight, freezes: Sequence[Freeze]) -> Missing | None:
    """The first source that misses conversions; what was known before the last freeze ended is over."""
    since = _moment(freezes[-1].ended or _LONG_AGO) if freezes else _moment(_LONG_AGO)
    sight = _believed(sight, freezes)
    account = _source(sight, "")
    if account is None:
        return None
    found = missing(account.spans.after(since), account.spread)
    if found is not None:
        return found
    for name, arrivals in sight.arrivals.items():
        if name and _is_suspect(account.spans, sight.arrivals[""], arrivals):
            channel = _source(sight, name)
            if channel is not None:
                found = nearly_all_missing(channel.spans.after(since), patience=_OF_CHANNEL)
                if found is not None:
                    return replace(found, whose=name)
    return None


def _believed(sight: _Sight, freezes: Sequence[Freeze]) -> _Sight:
    """With the days since then alone, where a person lifted a freeze and nothing has come back.

    That was no break, or gebot would freeze the account again at once: a new rate must be learned.
    """
    if not freezes or freezes[-1].ended is None or freezes[-1].by == BACK:
        return sight
    account, ended = _source(sight, ""), freezes[-1].ended
    if account is None or returned(account.spans.after(_moment(ended))):
        return sight
    on = np.datetime64(ended.astimezone(ZoneInfo(sight.table.account.time_zone)).date())
    return replace(sight, learnable=sight.learnable & (sight.days > on))


def _is_suspect(account: Spans, all_of_it: Arrivals, channel: Arrivals) -> bool:
    """Whether a channel's share of what was due may be missing: a quick look that spares a long one."""
    n = len(channel.at) - 1
    total = float(all_of_it.new[1:].sum())
    if n < 1 or n > len(account) or total <= 0:
        return False
    share = float(channel.new[1:].sum()) / total
    came = np.maximum(channel.new[1:], 0.0)
    rough = Spans(account.since[-n:], account.until[-n:], account.day[-n:], share * account.due[-n:], came)
    return nearly_all_missing(rough, patience=_OF_CHANNEL / 2) is not None


def _is_back(sight: _Sight, freeze: Freeze) -> bool:
    """Whether conversions came back to the account, and to each channel that had missed them."""
    account = _source(sight, "")
    since = _moment(freeze.at)
    if account is None or not returned(account.spans.after(since)):
        return False
    channels = [_source(sight, name) for name in sight.arrivals if name]
    missed = [one for one in channels if one is not None and _missed(one.spans, freeze)]
    return all(returned(one.spans.after(since)) for one in missed)


def _missed(spans: Spans, freeze: Freeze) -> bool:
    spans = spans.after(_moment(freeze.begins))
    before = spans.until <= _moment(freeze.at)
    owed, came = float(spans.due[before].sum()), float(spans.came[before].sum())
    return owed >= _ENOUGH and came < _HALF * owed


def _source(sight: _Sight, name: str) -> Due | None:
    """What was due and what came, of the account or one of its channels; None where too little is known."""
    table = sight.table
    rows = table.channels == name if name else np.ones(len(table), dtype=bool)
    told = _told(sight, rows, whole=not name)
    found = due(told, sight.arrivals[name], sight.now, table.account.time_zone)
    return None if found is None else replace(found, spans=_unmarked(found.spans, sight.windows))


def _told(sight: _Sight, rows: Flags, *, whole: bool) -> Told:
    return Told(
        days=sight.days,
        clicks=sight.clicks[rows],
        running=sight.running[rows],
        conversions=sight.conversions[rows],
        by_own_date=sight.by_own_date if whole else np.full(len(sight.days), np.nan),
        reported=sight.reported,
        learnable=sight.learnable,
    )


def _unmarked(spans: Spans, windows: Sequence[Window]) -> Spans:
    """Nothing is due in hours that people have marked: they know."""
    marked = np.zeros(len(spans), dtype=bool)
    for window in windows:
        marked |= (spans.since < _moment(window.until)) & (spans.until > _moment(window.since))
    return replace(spans, due=np.where(marked, 0.0, spans.due))


def _sight(
    ledger: Ledger,
    now: datetime,
    freezes: Sequence[Freeze],
    *,
    table: EntityTable,
    told: MetricsTable,
    curve: LagCurve,
    history_days: int,
) -> _Sight:
    campaigns = table.kinds == Kind.CAMPAIGN.value
    table = table.take(np.flatnonzero(campaigns if campaigns.any() else ~campaigns))
    account, zone = table.account.id, table.account.time_zone
    today = np.datetime64(now.astimezone(ZoneInfo(zone)).date(), "D")
    days = np.arange(today - min(history_days, _MOST_DAYS), today)
    metrics = ledger.metrics(table, days, now)
    marked = ledger.advice(account, now).windows
    excluded = touched_days((*marked, *broken_windows(freezes, now)), zone, days)
    by_clicks = bool(metrics.clicks.any())
    effort = metrics.clicks if by_clicks else metrics.cost_micros
    return _Sight(
        now=now,
        table=table,
        days=days,
        clicks=effort.astype(np.float64),
        running=_running(table, told, today, told.clicks if by_clicks else told.cost_micros),
        conversions=metrics.conversions,
        by_own_date=_by_own_date(metrics),
        learnable=metrics.known.all(axis=0) & ~excluded,
        reported=curve.reported,
        arrivals=ledger.arrivals(account, now - timedelta(days=LOOKS_BACK_DAYS), now),
        windows=marked,
    )


def _running(table: EntityTable, told: MetricsTable, today: np.datetime64, figures: Numbers) -> Floats:
    """Today's figures so far, in the order of the table; 0 where nothing was told."""
    index = table.index()
    running = np.zeros(len(table))
    for row in np.flatnonzero(told.days == today).tolist():
        place = index.get((str(told.kinds[row]), str(told.ids[row])))
        if place is not None:
            running[place] = figures[row]
    return running


def _by_own_date(metrics: DailyMetrics) -> Floats:
    """Conversions of each day by the day on which they happened; NaN where nobody tells."""
    told = metrics.conversions_by_conversion_date
    if told is None:
        return np.full(metrics.known.shape[1], np.nan)
    known = ~np.isnan(told)
    return np.where(known.any(axis=0), np.where(known, told, 0.0).sum(axis=0), np.nan)


def _because(found: Missing) -> str:
    whose = f" of {found.whose}" if found.whose else ""
    came = int(found.came)
    return f"{int(found.due)} conversions{whose} were expected and {f'only {came}' if came else 'none'} came"


def _moment(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")
