"""Moments and days as the integers that stand in a ledger."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from agent.domain.errors import LedgerError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC, exact; a moment without time zone is a TypeError."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at_us: int) -> datetime:
    """The moment (UTC) of so many microseconds; the inverse of `micros`."""
    return _EPOCH + timedelta(microseconds=at_us)


def day_number(day: np.datetime64) -> int:
    """Days since 1970."""
    return int(day.astype("datetime64[D]").astype(np.int64))


def day_numbers(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Days since 1970, the same shape."""
    return days.astype("datetime64[D]").astype(np.int64)


def known_day_numbers(days: NDArray[np.datetime64]) -> list[int | None]:
    """Days since 1970, None for NaT."""
    pairs = zip(day_numbers(days).tolist(), np.isnat(days).tolist(), strict=True)
    return [None if unknown else number for number, unknown in pairs]


def days_of(numbers: Sequence[int | None]) -> NDArray[np.datetime64]:
    """The days of these numbers, NaT for None; the inverse of `known_day_numbers`."""
    never = np.iinfo(np.int64).min  # how numpy writes NaT
    plain = [never if number is None else number for number in numbers]
    return np.array(plain, dtype=np.int64).view("datetime64[D]")


def day(number: int) -> date:
    """The date so many days after the first of 1970."""
    return _FIRST_DAY + timedelta(days=number)


def local_day(at_us: int, zone: tzinfo) -> int:
    """The number of the day on which that moment fell in a time zone."""
    return moment(at_us).astimezone(zone).toordinal() - _FIRST_DAY.toordinal()


def refuse_older(about: str, at: datetime, read_at: Sequence[datetime]) -> None:
    """Refuse a reading that was made before the newest one.

    Raises:
        LedgerError: "What was known at T" would be wrong for ever.
    """
    if read_at and at < read_at[-1]:
        raise LedgerError(
            f"ledger: {about} seen at {at} came after those of {read_at[-1]}; "
            "see that the clock is right and that only one agent observes"
        )
