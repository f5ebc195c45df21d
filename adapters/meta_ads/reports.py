"""Reports: insights rows of any range, at once or by a job of Meta's, in halves where they are too large."""

import time
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from adapters.meta_ads.client import Client
from adapters.meta_ads.errors import Answer, CallFailed, Fault, fault_of
from adapters.meta_ads.fields import HOUR, INSIGHTS, REPORT_RUN
from adapters.meta_ads.insights import Figures
from adapters.meta_ads.usage import Scope
from agent.domain.ref import Kind

_AT_ONCE = 5_000  # expected rows; above, a job
_PAGE = 1_000
_LEVELS = {Kind.CAMPAIGN: "campaign", Kind.AD_SET: "adset"}
_FIRST_POLL_S, _LONGEST_POLL_S = 0.2, 10.0


@dataclass(frozen=True, slots=True)
class Reports:
    """Reads insights.

    Attributes:
        patience_s: How long a job may take.
        monotonic: Of this process; another in tests.
    """

    client: Client
    patience_s: float = 600.0
    monotonic: Callable[[], float] = time.monotonic

    def read(
        self,
        figures: Figures,
        kind: Kind,
        since: date,
        until: date,
        *,
        n_expected: int,
        hourly: bool = False,
        among: Container[str] | None = None,
    ) -> None:
        """Add the rows of each object and day (or hour), both days included; what is all zero has none.

        Args:
            n_expected: Rows that may come; tells whether a job is worth it.
            among: Ids to keep; None: all.

        Raises:
            CallFailed: A part could not be read; the figures are not to be used.
        """
        params = _params(kind, since, until, hourly=hourly)
        before = len(figures)
        by_job = n_expected > _AT_ONCE
        fault = None
        try:
            rows = self._by_job(params) if by_job else self.client.rows(self._path(), params, Scope.INSIGHTS)
            figures.add(kind, rows, among)
        except CallFailed as failed:
            fault = failed.fault
        if fault is None:
            return
        if fault.answer is not Answer.TOO_MUCH or (since == until and by_job):
            raise CallFailed(fault)
        figures.cut(before)
        middle = since + (until - since) // 2
        parts = [(since, middle), (middle + timedelta(days=1), until)] if since < until else [(since, until)]
        # A single day that is too large at once may do as a job.
        n_each = max(1, n_expected // 2) if since < until else _AT_ONCE + 1
        for first, last in parts:
            self.read(figures, kind, first, last, n_expected=n_each, hourly=hourly, among=among)

    def _by_job(self, params: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Order a report, wait for it and fetch its rows."""
        run = str(self.client.post(self._path(), params, Scope.INSIGHTS)["report_run_id"])
        deadline, wait_s = self.monotonic() + self.patience_s, _FIRST_POLL_S
        while True:
            state = self.client.get((run,), {"fields": REPORT_RUN}, Scope.INSIGHTS)
            status = state.get("async_status")
            if status == "Job Completed" and int(state.get("async_percent_completion", 100)) == 100:
                return self.client.rows((run, "insights"), {"limit": _PAGE}, Scope.INSIGHTS)
            if status in ("Job Failed", "Job Skipped"):
                raise CallFailed(_job_fault(state))
            if self.monotonic() > deadline:
                raise CallFailed(
                    Fault(Answer.PASSING, f"a report was not ready after {self.patience_s:.0f} s")
                )
            self.client.sleep(wait_s)
            wait_s = min(2 * wait_s, _LONGEST_POLL_S)

    def _path(self) -> tuple[str, ...]:
        return (f"act_{self.client.account}", "insights")


def _params(kind: Kind, since: date, until: date, *, hourly: bool) -> dict[str, Any]:
    level = _LEVELS[kind]
    params: dict[str, Any] = {
        "level": level,
        "fields": f"{level}_id,{INSIGHTS}",
        "time_range": {"since": since.isoformat(), "until": until.isoformat()},
        "time_increment": 1,
        "limit": _PAGE,
    }
    if hourly:
        params["breakdowns"] = [HOUR]
    return params


def _job_fault(state: Mapping[str, Any]) -> Fault:
    """Why a job failed; Meta gives codes since v25, and a job without any may do better another time."""
    if state.get("error_code") is None:
        return Fault(Answer.PASSING, "Meta could not make a report")
    return fault_of(
        {
            "code": state["error_code"],
            "error_subcode": state.get("error_subcode"),
            "message": state.get("error_message"),
        }
    )
