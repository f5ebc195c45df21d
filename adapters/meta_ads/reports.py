"""Reports: insights rows of any range, at once or by a job of Meta's, in halves where they are too large."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from adapters.meta_ads.client import Client
from adapters.meta_ads.errors import Answer, CallFailed, Fault, fault_of
from adapters.meta_ads.fields import HOUR, INSIGHTS, REPORT_RUN
from adapters.meta_ads.usage import Scope
from agent.domain.ref import Kind

_AT_ONCE = 2_000  # expected rows; above, a job
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

    def rows(
        self, kind: Kind, since: date, until: date, *, n_expected: int, hourly: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """Rows of each object and day (or hour), both days included; what is all zero has none.

        Args:
            n_expected: Rows that may come; tells whether a job is worth it.

        Raises:
            CallFailed: A part could not be read, so there is nothing.
        """
        params = _params(kind, since, until, hourly=hourly)
        n_days = (until - since).days + 1
        try:
            if n_expected > _AT_ONCE:
                found = self._by_job(params)
            else:
                found = list(self.client.rows(self._path(), params, Scope.INSIGHTS))
        except CallFailed as failed:
            if failed.fault.answer is not Answer.TOO_MUCH or (n_days == 1 and n_expected > _AT_ONCE):
                raise
            found = []
        else:
            return iter(found)
        return self._in_parts(kind, since, until, n_expected=n_expected, hourly=hourly)

    def _in_parts(
        self, kind: Kind, since: date, until: date, *, n_expected: int, hourly: bool
    ) -> Iterator[Mapping[str, Any]]:
        """The halves of the range; a single day by a job."""
        if since == until:
            yield from self.rows(kind, since, until, n_expected=_AT_ONCE + 1, hourly=hourly)
            return
        middle = since + (until - since) // 2
        half = max(1, n_expected // 2)
        yield from self.rows(kind, since, middle, n_expected=half, hourly=hourly)
        yield from self.rows(kind, middle + timedelta(days=1), until, n_expected=half, hourly=hourly)

    def _by_job(self, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Order a report, wait for it and fetch it."""
        run = str(self.client.post(self._path(), params, Scope.INSIGHTS)["report_run_id"])
        deadline, wait_s = self.monotonic() + self.patience_s, _FIRST_POLL_S
        while True:
            state = self.client.get((run,), {"fields": REPORT_RUN}, Scope.INSIGHTS)
            status = state.get("async_status")
            if status == "Job Completed" and int(state.get("async_percent_completion", 100)) == 100:
                return list(self.client.rows((run, "insights"), {"limit": _PAGE}, Scope.INSIGHTS))
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
