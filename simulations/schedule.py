"""Schedule: which budgets and statuses stood when, replayed from the edits of an account."""

from dataclasses import dataclass
from datetime import datetime

from agent.domain.entity import Flags
from simulations.journal import Field, PlatformEdit
from simulations.market import Micros


@dataclass(frozen=True, slots=True)
class Levers:
    """How things stand: amounts of shape (n_budgets,), statuses of shape (n_campaigns,)."""

    amounts: Micros
    enabled: Flags


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time during which nothing was edited, in seconds."""

    seconds: float
    levers: Levers


class Schedule:
    """Replays edits day by day; days are closed in order and never opened again."""

    def __init__(self, levers: Levers, budget_rows: dict[str, int], campaign_rows: dict[str, int]) -> None:
        self._levers = levers
        self._now = levers
        self._budget_rows = budget_rows
        self._campaign_rows = campaign_rows
        self._open: list[PlatformEdit] = []

    @property
    def now(self) -> Levers:
        """After the last edit."""
        return self._now

    def add(self, edit: PlatformEdit) -> None:
        """Take the next edit."""
        self._open.append(edit)
        self._now = self._after(self._now, [edit])

    def stretches(self, start: datetime, end: datetime) -> list[Stretch]:
        """The time from `start` to `end`, cut at every edit; `start` is where the last day was closed."""
        found = []
        levers, since = self._levers, start
        for edit in self._open:
            if edit.at >= end:
                break
            if edit.at > since:
                found.append(Stretch((edit.at - since).total_seconds(), levers))
                since = edit.at
            levers = self._after(levers, [edit])
        found.append(Stretch((end - since).total_seconds(), levers))
        return found

    def close(self, end: datetime) -> None:
        """Let go of the edits before `end`."""
        past = [edit for edit in self._open if edit.at < end]
        if past:
            self._levers = self._after(self._levers, past)
            self._open = self._open[len(past) :]

    def _after(self, levers: Levers, edits: list[PlatformEdit]) -> Levers:
        amounts, enabled = levers.amounts.copy(), levers.enabled.copy()
        for edit in edits:
            if edit.field is Field.AMOUNT:
                amounts[self._budget_rows[edit.id]] = edit.after
            else:
                enabled[self._campaign_rows[edit.id]] = bool(edit.after)
        return Levers(amounts, enabled)
