"""A CSV export as a stage: the file is written from a simulated market."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from markets import platform_of
from simulated_stage import UNITS

from adapters.conformance.stage import Ability, Opening, Trouble
from adapters.csv.connect import connect
from adapters.csv.options import Options
from agent.clock import SteppedClock
from agent.domain.lever import Lever, Value
from agent.domain.money import MICROS
from agent.domain.ref import AccountId, Ref
from agent.ports.platform import Adapter, Reader
from simulations.platform import Platform


@dataclass
class CsvScene:
    """One file, with what it was written from."""

    platform: Platform
    file: Path
    reader: Reader
    clock: SteppedClock
    abilities: frozenset[Ability]
    folder: TemporaryDirectory[str]
    secrets: tuple[str, ...] = ()

    @property
    def writer(self) -> Adapter:
        raise NotImplementedError("a file is not written to")

    @property
    def unit_micros(self) -> int:
        return self.platform.account.unit_micros

    def now(self) -> datetime:
        return self.clock.now()

    def standing(self, ref: Ref, lever: Lever) -> int | None:
        raise NotImplementedError("a file is not written to")

    def writes(self) -> int:
        return 0

    def cost_micros(self, day: date) -> int:
        return int(self.platform.metrics(day, day).cost_micros.sum())

    def advance(self, span: timedelta) -> None:
        self.clock.move_to(self.clock.now() + span)

    def edit(self, ref: Ref, lever: Lever, value: Value) -> None:
        """Export the file again, now with this budget or status."""
        rows = pl.read_csv(self.file, infer_schema=False)
        column = {Lever.DAILY_BUDGET: "Budget", Lever.STATUS: "Status"}[lever]
        cell = pl.when(pl.col("Campaign ID") == ref.id).then(pl.lit(str(value).split()[0]))
        changed = rows.with_columns(cell.otherwise(pl.col(column)).alias(column))
        part = self.file.with_suffix(".part")
        changed.write_csv(part)
        part.replace(self.file)

    def make(self, trouble: Trouble) -> None:
        self.file.rename(self.file.with_suffix(".gone"))

    def mend(self) -> None:
        gone = self.file.with_suffix(".gone")
        if gone.exists():
            gone.rename(self.file)

    def close(self) -> None:
        self.folder.cleanup()


@dataclass(frozen=True)
class CsvStage:
    """Exports simulated accounts, today included, and reads the files."""

    name: str = "csv"
    abilities: frozenset[Ability] = frozenset(
        {Ability.ADVANCE, Ability.COUNT_COST, Ability.OPEN_PAGES, Ability.VANISH, Ability.EDIT}
    )

    def open(self, opening: Opening) -> CsvScene:
        clock = SteppedClock(opening.now)
        unit_micros = UNITS.get(opening.currency, 10_000)
        account = AccountId("csv", "demo")
        platform = platform_of(opening, clock, account, unit_micros=unit_micros, shared_budgets=0)
        folder = TemporaryDirectory()
        file = Path(folder.name) / "export.csv"
        _write(platform, file)
        options = Options(
            path=file.relative_to(folder.name),
            currency=opening.currency,
            time_zone=opening.time_zone,
            unit_micros=platform.account.unit_micros,
        )
        reader = connect("demo", options, credentials={}, clock=clock, home=Path(folder.name))
        return CsvScene(platform, file, reader, clock, self.abilities, folder)


def _write(platform: Platform, file: Path) -> None:
    """All days up to today, with the budgets and statuses that stand."""
    table = platform.metrics(platform.market.first_day, platform.today())
    facts = {
        campaign.id: (campaign.name, platform.budget_micros(campaign.budget_id))
        for campaign in platform.campaigns
    }
    ids = table.ids.tolist()
    pl.DataFrame(
        {
            "Date": table.days.astype("datetime64[D]").astype(str),
            "Campaign ID": ids,
            "Campaign": [facts[id_][0] for id_ in ids],
            "Cost": _money(table.cost_micros.tolist()),
            "Impressions": table.impressions,
            "Clicks": table.clicks,
            "Conversions": np.round(table.conversions, 2),
            "Conversion value": _money(table.conversion_value_micros.tolist()),
            "Budget": _money([facts[id_][1] for id_ in ids]),
            "Status": ["enabled"] * len(ids),
        }
    ).write_csv(file)


def _money(micros: list[int]) -> list[str]:
    return [f"{number // MICROS}.{number % MICROS:06d}" for number in micros]
