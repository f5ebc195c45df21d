"""Reader: an account whose figures stand in a file. Nothing can be applied to it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from adapters.csv import translate
from adapters.csv.columns import Column
from adapters.csv.load import load
from adapters.csv.options import Options
from agent.domain.advice import NO_ADVICE, Advice
from agent.domain.entity import Account, EntityTable
from agent.domain.errors import Mistakes, Misunderstood, Unreachable
from agent.domain.hours import HourlyMetrics, no_hours
from agent.domain.lever import Lever, Value
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Edit, Receipt, Refused
from agent.domain.plan import Change
from agent.domain.ref import Ref
from agent.ports.clock import Clock


class CsvReader:
    """Reads the file again when it has changed; the whole of it or nothing."""

    def __init__(self, account: Account, path: Path, options: Options, clock: Clock) -> None:
        self._account = account
        self._path = path
        self._options = options
        self._clock = clock
        self._stamp: tuple[int, int] | None = None
        self._kept = pl.DataFrame()

    def account(self) -> Account:
        """The account's facts; its name says so where its budgets are assumed."""
        name = self._path.name + (" (daily budgets assumed from cost)" if self.assumes_budgets() else "")
        return replace(self._account, name=name)

    def entities(self) -> EntityTable:
        rows = self._rows()
        assumes = self._assumes(rows)
        return translate.entities(rows, self._account, self._today(), assume_budgets=assumes)

    def metrics(self, since: date, until: date) -> MetricsTable:
        return translate.metrics(self._rows(), since, until, self._today())

    def hours(self, since: date, until: date) -> HourlyMetrics:
        return no_hours()

    def advice(self) -> Advice:
        return NO_ADVICE

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> Mapping[tuple[Ref, Lever], Value]:
        table = self.entities()
        rows = {ref: table.row(ref) for ref, _ in levers}
        values = {(ref, lever): _value(table, rows[ref], lever) for ref, lever in levers}
        return {key: value for key, value in values.items() if value is not None}

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        return [Refused("csv is read-only") for _ in changes]

    def history(self, since: datetime) -> Sequence[Edit]:
        """Nobody writes into a file who changed what."""
        return ()

    def assumes_budgets(self) -> bool:
        """True where the file has no budgets, or they are not to be used."""
        return self._assumes(self._rows())

    def _rows(self) -> pl.DataFrame:
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp != self._stamp:
                self._kept = load(self._path, self._options)
                self._stamp = stamp
        except OSError as error:
            raise Unreachable(str(self._account.id), f"{self._path}: {error.strerror}") from error
        except Mistakes as error:
            reasons = "; ".join(str(fault) for fault in error.exceptions)
            raise Misunderstood(str(self._account.id), f"{error.message}: {reasons}") from error
        return self._kept

    def _assumes(self, rows: pl.DataFrame) -> bool:
        if self._options.budget != "auto":
            return self._options.budget == "average_cost"
        return bool(rows[Column.DAILY_BUDGET].is_null().all())

    def _today(self) -> date:
        return self._clock.now().astimezone(ZoneInfo(self._account.time_zone)).date()


def _value(table: EntityTable, row: int | None, lever: Lever) -> Value | None:
    return None if row is None else table.value(row, lever)
