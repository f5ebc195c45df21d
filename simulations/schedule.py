"""Schedule: which budgets and statuses stood when, replayed from the edits of an account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.domain.entity import Flags
from simulations.journal import Field, PlatformEdit
from simulations.market import Micros


@dataclass(frozen=True, slots=True)
class Levers:
    """How things stand: amounts of shape (n_budgets,), micros; statuses of shape (n_campaigns,)."""

    amounts: Micros
    enabled: Flags


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time during which nothing was edited, in seconds."""

    seconds: float
    levers: Levers


class Schedule:
    """Replays edits day by day; days are closed in order and never opened again."""

    def __init__(
        self, opening: Levers, budget_rows: Mapping[str, int], campaign_rows: Mapping[str, int]
    ) -> None:
        self._budget_rows = budget_rows
        self._campaign_rows = campaign_rows
        self._closed = opening
        self._open: list[PlatformEdit] = []
        self._latest = self._after(opening, ())
        self._told: Levers | None = None

    @property
    def now(self) -> Levers:
        """After the last edit; the same object until the next one."""
        if self._told is None:
            self._told = self._after(self._latest, ())
        return self._told

    def amount_micros(self, budget_id: str) -> int:
        """How the budget stands after the last edit."""
        return int(self._latest.amounts[self._budget_rows[budget_id]])

    def is_enabled(self, campaign_id: str) -> bool:
        """How the campaign stands after the last edit."""
        return bool(self._latest.enabled[self._campaign_rows[campaign_id]])

    def add(self, edits: Sequence[PlatformEdit]) -> None:
        """Take the next edits, in order."""
        self._open += edits
        self._write(self._latest, edits)
        self._told = None

    def stretches(self, start: datetime, end: datetime) -> list[Stretch]:
        """The time from `start` to `end`, cut at every edit; `start` is where the last day was closed."""
        found = []
        levers, since = self._closed, start
        together: list[PlatformEdit] = []
        for edit in self._open:
            if edit.at >= end:
                break
            if edit.at > since:
                levers = self._after(levers, together)
                found.append(Stretch((edit.at - since).total_seconds(), levers))
                since, together = edit.at, []
            together.append(edit)
        found.append(Stretch((end - since).total_seconds(), self._after(levers, together)))
        return found

    def close(self, end: datetime) -> None:
        """Let go of the edits before `end`."""
        past = [edit for edit in self._open if edit.at < end]
        if past:
            self._closed = self._after(self._closed, past)
            self._open = self._open[len(past) :]

    def _after(self, levers: Levers, edits: Sequence[PlatformEdit]) -> Levers:
        copied = Levers(levers.amounts.copy(), levers.enabled.copy())
        self._write(copied, edits)
        return copied

    def _write(self, levers: Levers, edits: Sequence[PlatformEdit]) -> None:
        for edit in edits:
            if edit.field is Field.AMOUNT:
                levers.amounts[self._budget_rows[edit.id]] = edit.after
            else:
                levers.enabled[self._campaign_rows[edit.id]] = edit.after == 1
