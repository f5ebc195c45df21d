"""gebot calibration: how often the 80 % intervals of each strategy held for past changes."""

from collections.abc import Iterator, Sequence
from typing import Annotated, TypedDict

import numpy as np
import typer
from rich.markup import escape
from rich.table import Table

from agent import cycle
from agent.cli.main import EXIT_FAILED
from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.domain.calibration import Reliability, calibrations
from agent.office import open_office
from agent.report.calibration_rows import CalibrationRow, calibration_row
from agent.report.rows import names_of, plain
from agent.steps.measure import HORIZON_DAYS, Measurement


class EachRow(TypedDict):
    """One measured change: the interval of the mean of a day, and the average of the days after it.

    In the unit of the goal: currency units, or conversions. `noise` is the standard error of
    `realised`, by which the interval is widened before it is asked whether it held.
    """

    account: str
    strategy: str
    entity: str
    name: str
    lever: str
    applied_at: str
    of: str
    mean: float
    low: float
    high: float
    realised: float
    noise: float
    held: bool


def calibration(
    config: ConfigPath = DEFAULT_CONFIG,
    account: AccountName = None,
    json: Json = False,
    each: Annotated[bool, typer.Option("--each", help="Every measured change, oldest first.")] = False,
) -> None:
    office = open_office(config, account, create=False)
    found: list[CalibrationRow] = []
    changes: list[EachRow] = []
    for settings, parts in office.parts(write=False):
        snapshot = cycle.known(parts)
        if snapshot is None:
            continue
        lived = cycle.lived(parts, snapshot)
        judged = calibrations(lived.measured, parts.tolerance)
        found += [calibration_row(settings.name, one) for one in judged]
        changes += _each(settings.name, lived, names_of(snapshot.entities))
    if json:
        print_json(changes if each else found)
    elif not found:
        say(
            "nothing could be measured yet: it takes changes of a strategy with a model, and "
            f"{HORIZON_DAYS} days after each whose conversions are in"
        )
    else:
        console().print(_changes(changes) if each else _strategies(found))
    if any(row["demoted"] for row in found):
        raise typer.Exit(EXIT_FAILED)


def _each(account: str, lived: Measurement, names: dict[str, str]) -> Iterator[EachRow]:
    said, measured = lived.forecasts, lived.measured
    held = measured.held()
    by_kind_and_id = {"/".join(ref.rsplit("/", 2)[1:]): name for ref, name in names.items()}
    for row in range(len(measured)):
        kind, entity = str(said.kinds[row]), str(said.ids[row])
        yield EachRow(
            account=account,
            strategy=str(said.sources[row]),
            entity=f"{kind} {entity}",
            name=plain(by_kind_and_id.get(f"{kind}/{entity}", entity)),
            lever=str(said.levers[row]),
            applied_at=f"{np.datetime_as_string(said.applied_at[row])}+00:00",
            of=plain(str(said.of[row])),
            mean=float(measured.mean[row]),
            low=float(measured.low[row]),
            high=float(measured.high[row]),
            realised=float(measured.realised[row]),
            noise=float(measured.noise[row]),
            held=bool(held[row]),
        )


def _strategies(found: Sequence[CalibrationRow]) -> Table:
    table = Table("account", "strategy", box=None)
    for heading in ("held", "of", "share", "surely within", "came true", "should be"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for row in found:
        style = "bold red" if row["verdict"] == Reliability.TOO_NARROW else "default"
        follows = ": proposals only" if row["demoted"] else ""
        table.add_row(
            escape(row["account"]),
            escape(row["strategy"]),
            str(row["held"]),
            str(row["measured"]),
            f"{row['share']:.0%}",
            f"{row['share_low']:.0%} to {row['share_high']:.0%}",
            "" if row["bias"] is None else f"{row['bias']:+.0%}",
            "" if row["stretch"] is None else f"{row['stretch']:.1f} x as wide",
            f"[{style}]{row['verdict']}{follows}",
        )
    return table


def _changes(changes: Sequence[EachRow]) -> Table:
    table = Table("applied (UTC)", "strategy", "entity", "lever", box=None)
    for heading in ("expected", "80 % interval", "came true", "± by luck", ""):
        table.add_column(heading, justify="right")
    for row in changes:
        table.add_row(
            row["applied_at"][:16].replace("T", " "),
            escape(row["strategy"]),
            escape(row["name"]),
            row["lever"],
            f"{row['mean']:,.2f}",
            f"{row['low']:,.2f} to {row['high']:,.2f}",
            f"{row['realised']:,.2f}",
            f"{row['noise']:,.2f}",
            "held" if row["held"] else "[red]missed",
        )
    return table
