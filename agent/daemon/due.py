"""Due: which runs the time has come for. Level-triggered, keyed by local date, so DST loses none."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def observe_slot(now: datetime, zone: str, every: timedelta) -> str:
    """The slot of the day that `now` lies in, as "2026-11-21T14:00" local time.

    Args:
        now: UTC.
        every: Divides a day; slots count from local midnight.
    """
    local = now.astimezone(ZoneInfo(zone))
    minutes = (local.hour * 60 + local.minute) // _minutes(every) * _minutes(every)
    return f"{local.date()}T{minutes // 60:02d}:{minutes % 60:02d}"


def decide_slot(now: datetime, zone: str, at: time, last: str | None) -> str | None:
    """The local date that a decision is due for, as "2026-11-21"; None when none is.

    A date is due once its hour has come, or once it has passed undone. An hour that a clock
    change skips has come when the clock is past it. A new account is due at once: before the
    hour for the date before, so that its first day is decided on again when the hour comes.

    Args:
        now: UTC.
        at: Local time of the daily decision.
        last: The newest slot that was decided; None when none ever was.
    """
    local = now.astimezone(ZoneInfo(zone))
    today = local.date()
    date = today if local.time() >= at else today - timedelta(days=1)
    return str(date) if last is None or last < str(date) else None


def next_decision(now: datetime, zone: str, at: time, last: str | None) -> datetime:
    """When the next decision comes due (UTC); `now` when one is."""
    if decide_slot(now, zone, at, last) is not None:
        return now
    local = now.astimezone(ZoneInfo(zone))
    date = local.date() if local.time() < at else local.date() + timedelta(days=1)
    return datetime.combine(date, at, ZoneInfo(zone)).astimezone(now.tzinfo)


def _minutes(every: timedelta) -> int:
    return int(every.total_seconds() // 60)
