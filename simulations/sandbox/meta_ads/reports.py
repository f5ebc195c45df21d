"""Reports: insights that are ordered, worked on, and fetched when they are ready."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from simulations.sandbox.meta_ads.fields import Row
from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.refusal import MISSING_OBJECT, PARAMETER, REPORT_TIMED_OUT, Code, Refusal

_FIRST_ID = 6_020_000_000_001


@dataclass(frozen=True, slots=True)
class Run:
    """One report that was ordered.

    Attributes:
        rows: As they were when it was ordered.
        polls: How often it was asked for.
        fails_with: The error that it ends with; None: it ends well.
    """

    id: str
    ordered: datetime
    since: date
    until: date
    rows: Sequence[Row]
    polls: int = 0
    fails_with: Code | None = None


class Reports:
    """All that were ordered and are not forgotten. Safe between threads.

    A report goes on each time it is asked for, so that it gets ready while the clock stands still.
    """

    def __init__(self, limits: Limits, account_id: str) -> None:
        self._limits = limits
        self._account_id = account_id
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}

    def order(
        self, rows: Sequence[Row], *, since: date, until: date, now: datetime, fails_with: Code | None
    ) -> str:
        """Begin a report; returns its id."""
        with self._lock:
            id_ = str(_FIRST_ID + len(self._runs))
            self._runs[id_] = Run(id_, now, since, until, rows, fails_with=fails_with)
            return id_

    def knows(self, id_: str) -> bool:
        with self._lock:
            return id_ in self._runs

    def state(self, id_: str, now: datetime) -> Row:
        """How far a report is; asking brings it on.

        Raises:
            Refusal: It was forgotten.
        """
        with self._lock:
            run = self._run(id_, now)
            self._runs[id_] = replace(run, polls=run.polls + 1)
            return self._row(self._runs[id_], now)

    def rows(self, id_: str, now: datetime) -> Sequence[Row]:
        """What a report found.

        Raises:
            Refusal: It is not ready, failed, or was forgotten.
        """
        with self._lock:
            run = self._run(id_, now)
            if self._percent(run) < 100 or run.fails_with is not None:
                raise Refusal(
                    PARAMETER, "The report is not ready, or has failed", violation="report_not_ready"
                )
            return run.rows

    def _run(self, id_: str, now: datetime) -> Run:
        run = self._runs[id_]
        if now - run.ordered > timedelta(days=self._limits.report_days):
            raise Refusal(MISSING_OBJECT, f"Object with ID '{id_}' does not exist")
        return run

    def _percent(self, run: Run) -> int:
        polls = self._limits.report_polls
        return 100 if run.polls >= polls else 100 * run.polls // polls

    def _row(self, run: Run, now: datetime) -> Row:
        percent = self._percent(run)
        row: dict[str, Any] = {
            "id": run.id,
            "account_id": self._account_id,
            "time_ref": round(run.ordered.timestamp()),
            "async_status": _status(percent, run),
            "async_percent_completion": percent,
            "date_start": run.since.isoformat(),
            "date_stop": run.until.isoformat(),
            "is_running": percent < 100,
        }
        if percent < 100:
            return row
        row["time_completed"] = round(now.timestamp())
        if run.fails_with is None:
            return row
        # Since v25 a failed report says why.
        return {
            **row,
            "async_percent_completion": 0,
            "error_code": run.fails_with.code,
            "error_subcode": run.fails_with.subcode,
            "error_message": Refusal(run.fails_with).message,
        }


def failure(text: str | None) -> Code:
    """What a report fails with when a fault says so."""
    return REPORT_TIMED_OUT if text is None else Code.parse(text)


def _status(percent: int, run: Run) -> str:
    if percent >= 100:
        return "Job Completed" if run.fails_with is None else "Job Failed"
    if run.polls == 0:
        return "Job Not Started"
    return "Job Started" if run.polls == 1 else "Job Running"
