"""Run: the whole suite over one stage, for authors without pytest.

python -c "from my_stage import MyStage; from adapters.conformance.run import run; print(run(MyStage()))"
"""

import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from adapters.conformance.check import Breach, Check, Group
from adapters.conformance.stage import Stage
from adapters.conformance.suite import CHECKS


class Result(StrEnum):
    """What became of a check."""

    HOLDS = "holds"
    BROKEN = "BROKEN"
    FAILED = "FAILED"  # something else was raised: the adapter or the stage has a fault
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Row:
    """One check on one account; `because` is "" where it holds."""

    group: Group
    check: str
    result: Result
    because: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a run; `str` is a table for people."""

    stage: str
    rows: tuple[Row, ...]

    @property
    def conforms(self) -> bool:
        """True when every check that could be tried holds."""
        return not any(row.result in (Result.BROKEN, Result.FAILED) for row in self.rows)

    def __str__(self) -> str:
        width = max((len(row.check) for row in self.rows), default=0)
        lines = [
            f"{row.group:<8} {row.check:<{width}} {row.result:<7} {row.because}".rstrip() for row in self.rows
        ]
        counts = Counter(row.result for row in self.rows)
        summary = ", ".join(f"{counts[result]} {result.lower()}" for result in Result if counts[result])
        return "\n".join([*lines, f"{self.stage}: {summary or 'nothing was tried'}"])


def run(stage: Stage, checks: Iterable[Check] = CHECKS) -> Report:
    """Try all checks, whatever becomes of each."""
    return Report(stage.name, tuple(row for each in checks for row in _rows(stage, each)))


def _rows(stage: Stage, check: Check) -> list[Row]:
    skipped = check.skipped(stage)
    if skipped:
        return [Row(check.group, check.name, Result.SKIPPED, skipped)]
    return [_row(stage, one) for one in check.each()]


def _row(stage: Stage, check: Check) -> Row:
    try:
        check.run(stage)
    except Breach as breach:
        return Row(check.group, check.label, Result.BROKEN, str(breach))
    except Exception:  # noqa: BLE001  # an author wants the whole table, whatever a stage raises
        last = traceback.format_exc().strip().splitlines()[-1]
        return Row(check.group, check.label, Result.FAILED, last)
    return Row(check.group, check.label, Result.HOLDS, "")
