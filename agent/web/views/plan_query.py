"""Plan query: which decisions of a plan somebody wants to see, as the address bar tells it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import ceil
from typing import Any
from urllib.parse import urlencode

from agent.web.views.plan_lines import Line

PAGE_LINES = 50
LONGEST_TEXT = 200
_MOST_PAGES = 100_000

_KEYS: Mapping[str, Callable[[Line], Any]] = {
    "number": lambda line: line.number,
    "name": lambda line: (line.name.casefold(), line.number),
    "percent": lambda line: line.percent,
    "money": lambda line: line.move_micros,
    "effect": lambda line: None if line.effect is None else line.effect.mean,
    "state": lambda line: line.state,
}

_GROUPS: Mapping[str, Callable[[Line], str]] = {
    "campaign": lambda line: line.campaign,
    "strategy": lambda line: line.source,
    "size": lambda line: line.size,
}


@dataclass(frozen=True, slots=True)
class PlanQuery:
    """Filters, order and page; "" where nothing was asked for.

    Attributes:
        down: "1": the largest first.
        page: From 1.
    """

    state: str = ""
    portfolio: str = ""
    strategy: str = ""
    lever: str = ""
    campaign: str = ""
    size: str = ""
    text: str = ""
    sort: str = "number"
    down: str = ""
    group: str = ""
    page: int = 1

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "PlanQuery":
        """What an address asks for; what makes no sense in it is as if it were not there."""
        words = {name: told.get(name, "")[:LONGEST_TEXT] for name in _FILTERS}
        page = told.get("page", "1")
        return cls(
            **words,
            sort=told.get("sort", "") if told.get("sort", "") in _KEYS else "number",
            down="1" if told.get("down") == "1" else "",
            group=told.get("group", "") if told.get("group", "") in _GROUPS else "",
            page=min(int(page), _MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    @property
    def filtered(self) -> bool:
        return any(getattr(self, name) for name in _FILTERS)

    @property
    def address(self) -> str:
        """The part behind the question mark; "" where all is as by itself."""
        usual = asdict(PlanQuery())
        return urlencode({name: value for name, value in asdict(self).items() if value != usual[name]})

    def link(self, **other: str | int) -> str:
        """``?sort=money&down=1``: the same with something else; from the first page on."""
        return "?" + replace(self, **{"page": 1, **other}).address  # type: ignore[arg-type]  # by name

    def by(self, sort: str) -> str:
        """A link that sorts by this; numbers the largest first, and the other way round the next time."""
        if self.sort == sort:
            return self.link(down="" if self.down else "1")
        return self.link(sort=sort, down="1" if sort in ("percent", "money", "effect") else "")

    def matching(self, lines: Sequence[Line]) -> list[Line]:
        """Those that the filters let through, in the order that was asked for, groups together."""
        found = [line for line in lines if self._shows(line)]
        key = _KEYS[self.sort]
        known = [line for line in found if key(line) is not None]
        known.sort(key=key, reverse=bool(self.down))
        found = known + [line for line in found if key(line) is None]
        if self.group:
            found.sort(key=self.group_of)
        return found

    def group_of(self, line: Line) -> str:
        """The heading that a line stands under; "" where nothing is grouped."""
        return _GROUPS[self.group](line) if self.group else ""

    def pages(self, n_lines: int) -> int:
        return max(1, ceil(n_lines / PAGE_LINES))

    def _shows(self, line: Line) -> bool:
        exact = (
            (self.portfolio, line.portfolio),
            (self.strategy, line.source),
            (self.lever, line.lever),
            (self.campaign, line.campaign),
            (self.size, line.size),
        )
        if any(wanted and wanted != found for wanted, found in exact):
            return False
        if self.state and self.state not in (line.state, "held back" if line.held_back else ""):
            return False
        return not self.text or self.text.casefold() in f"{line.name} {line.entity} {line.because}".casefold()


_FILTERS = ("state", "portfolio", "strategy", "lever", "campaign", "size", "text")
