"""Headers: which columns of a log hold which figure of which campaign or platform."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent.domain.errors import Mistake, Mistakes


class Figure(StrEnum):
    """What a log tells of a unit and a day; all but the value are needed."""

    COST = "cost"
    CLICKS = "clicks"
    CONVERSIONS = "conversions"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Located:
    """Headers as they stand in the file.

    Attributes:
        units: Columns that tell campaigns or platforms apart, the best first; none in a wide file.
        category: What kind of unit it is.
        figures: Of each unit of a wide file, by its name; of the unit "" in a long one.
    """

    date: str
    units: tuple[str, ...]
    category: str | None
    figures: Mapping[str, Mapping[Figure, str]]


_NEEDED = {Figure.COST, Figure.CLICKS, Figure.CONVERSIONS}
_DATES = ("date", "day", "c date", "segments date", "reporting starts", "report date", "ds", "timestamp")
_UNITS = (
    *("campaign", "campaign name", "campaignname", "utm campaign", "campaign id", "campaignid"),
    *("platform", "channel", "source", "media source", "network", "media", "ad group", "ad set", "adset"),
)
_CATEGORIES = ("category", "channel", "platform", "campaign type", "source", "network", "type")
_RATIO = re.compile(
    r"[/%]|\b(rate|ratio|ctr|cpc|cpm|cpa|cpl|cr|cvr|roas|roi|romi|avg|average|share|target|budget"
    r"|per (click|conversion|lead|order|result|acquisition|mille|impression|1000)s?)\b"
)
_WORDS = {  # looked for in this order: "purchase value" is no purchase
    Figure.VALUE: r"(total )?(conversions?|conv|purchases?|orders?|sales) value|revenues?|turnover|gmv",
    Figure.CLICKS: r"(link )?clicks?( all)?",
    Figure.CONVERSIONS: (
        r"purchases|orders|conversions?|conv|transactions|sales|acquisitions|results|sign ?ups|installs|leads"
    ),
    Figure.COST: r"((mark|amount|total|media) )?(spent|spend|spends|spending|costs?)",
}
_FIRST = ("conversions", "conversion", "conv", "purchases", "orders", "transactions", "sales", "results")
_FILLERS = re.compile(
    r"\b(per|of|on|for|in|the|total|daily|ads?|campaigns?|marketing|paid|usd|eur|gbp|inr|rub)\b"
)


def locate(headers: Sequence[str], file: str) -> Located:
    """Find the columns of a long file (a row for each unit and day) or a wide one (a row for each day).

    Raises:
        Mistakes: What is missing.
    """
    plain = {header: _plain(header) for header in headers if header.strip()}
    figures: dict[str, dict[Figure, str]] = {}
    for header, words in plain.items():
        if _RATIO.search(header.casefold()):
            continue
        for figure, pattern in _WORDS.items():
            if found := re.search(rf"\b({pattern})\b", words):
                unit = " ".join(_FILLERS.sub(" ", words.replace(found[0], " ", 1)).split())
                of_unit = figures.setdefault(unit, {})
                if figure not in of_unit or _rank(words) < _rank(plain[of_unit[figure]]):
                    of_unit[figure] = header
                break
    units = tuple(header for name in _UNITS for header in plain if plain[header] == name)
    if units and figures.get("", {}).keys() >= _NEEDED:
        figures = {"": figures[""]}
    else:
        units = ()
        figures = {unit: found for unit, found in figures.items() if unit and found.keys() >= _NEEDED}
    date = _first(plain, _DATES)
    if date is None or not figures:
        raise Mistakes(f"{file} cannot be used", _missing(file, date, figures, list(plain)))
    return Located(date, units, _first(plain, _CATEGORIES) if units else None, figures)


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", header.casefold()).split())


def _first(plain: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((header for name in names for header in plain if plain[header] == name), None)


def _rank(words: str) -> int:
    """Which of several columns is a unit's conversions: the lowest."""
    return next((rank for rank, name in enumerate(_FIRST) if name in words), len(_FIRST))


def _missing(
    file: str, date: str | None, figures: Mapping[str, Mapping[Figure, str]], headers: Sequence[str]
) -> list[Mistake]:
    faults = []
    if date is None:
        faults.append(Mistake(file, "no column for the date was found", "one named Date or Day is right"))
    if not figures:
        right = (
            "a column Campaign (or Platform) with Cost, Clicks and Conversions beside it, or these three "
            "for each platform, are right"
        )
        found = f"it has {', '.join(headers) or 'none'}"
        faults.append(Mistake(file, "cost, clicks and conversions were not all found", f"{right}; {found}"))
    return faults
