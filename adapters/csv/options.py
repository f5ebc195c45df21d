"""Options: the ``options`` table of a CSV account in config.toml."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, NonNegativeInt

from adapters.csv.columns import Column


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"time zone was {name!r}, an IANA name such as Europe/Berlin is right")
    return name


class Options(BaseModel):
    """How to read the file.

    Attributes:
        path: Of the file; a relative one starts beside config.toml.
        currency: ISO 4217 code of all its money.
        time_zone: In which its dates are days.
        delimiter: One character; a tab is "\\t".
        encoding: As Python names it ("utf-16" for Google Ads' "Excel .csv").
        skip_lines: Lines above the header.
        decimal: Decimal separator; "auto" tells from the numbers.
        date_format: As of strptime, such as "%d.%m.%Y"; None for ISO dates.
        columns: Headers by our names, where they are not found by themselves; "" says that
            the file has none.
        name_case: "fold" takes names that differ only in case and spaces for one.
        duplicates: What to do with two rows of one campaign and day: a fault, or their sum.
        budget: Where daily budgets stand: a column, or assumed to be the mean daily cost of
            the file's last 7 days; "auto" takes the column when there is one.
        as_of: The day that gebot takes for today: "end" for the day after the last row, a
            date, or None for the real one.
        unit_micros: Smallest step of the account's money.
        over_delivery: What the platform may spend on a day, as a multiple of the budget.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    delimiter: Annotated[str, Field(pattern=r"^[^\w\s\"]$|^[\t ]$")] = ","
    encoding: str = "utf-8"
    skip_lines: NonNegativeInt = 0
    decimal: Literal["auto", ".", ","] = "auto"
    date_format: str | None = None
    columns: Mapping[Column, str] = Field(default_factory=dict)
    name_case: Literal["keep", "fold"] = "keep"
    duplicates: Literal["fault", "sum"] = "fault"
    budget: Literal["auto", "column", "average_cost"] = "auto"
    as_of: Literal["end"] | date | None = None
    unit_micros: Annotated[int, Field(gt=0, le=10**9)] = 10_000
    over_delivery: Annotated[float, Field(ge=1, le=100)] = 2.0
