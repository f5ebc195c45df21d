"""Schedule: which levers stood when, replayed from the edits of an account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.domain.entity import Flags
from agent.domain.ref import Kind
from simulations.groups import OF_HOURS, Slot
from simulations.journal import Field, PlatformEdit
from simulations.market import Micros


@dataclass(frozen=True, slots=True)
class Levers:
    """How things stand.

    Attributes:
        amounts: Of budgets, shape (n_budgets,), micros; of lifetime budgets the whole.
        enabled: Status of campaigns, shape (n_campaigns,).
        numbers: All other levers, shape (n_slots + 1,), as `Structure.slots` places them.
    """

    amounts: Micros
    enabled: Flags
    numbers: Micros


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time during which nothing was edited, from `since` to `until`, UTC."""

    since: datetime
    until: datetime
    levers: Levers

    @property
    def seconds(self) -> float:
        return (self.until - self.since).total_seconds()


class Schedule:
    """Replays edits day by day; days are closed in order and never opened again."""

    def __init__(
        self,
        opening: Levers,
        budget_rows: Mapping[str, int],
        campaign_rows: Mapping[str, int],
        slots: Mapping[Slot, int],
    ) -> None:
        self._budget_rows = budget_rows
        self._campaign_rows = campaign_rows
        self._slots = slots
        self._closed = opening
        self._open: list[PlatformEdit] = []
        self._latest = _copied(opening)
        self._told: Levers | None = None

    @property
    def now(self) -> Levers:
        """After the last edit; the same object until the next one."""
        if self._told is None:
            self._told = _copied(self._latest)
        return self._told

    def amount_micros(self, budget_id: str) -> int:
        """How the budget stands after the last edit."""
        return int(self._latest.amounts[self._budget_rows[budget_id]])

    def is_enabled(self, campaign_id: str) -> bool:
        """How the campaign stands after the last edit."""
        return bool(self._latest.enabled[self._campaign_rows[campaign_id]])

    def number(self, slot: Slot) -> int:
        """How the lever stands after the last edit.

        Raises:
            KeyError: There is no such lever.
        """
        return int(self._latest.numbers[self._slots[slot]])

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
                found.append(Stretch(since, edit.at, levers))
                since, together = edit.at, []
            together.append(edit)
        found.append(Stretch(since, end, self._after(levers, together)))
        return found

    def close(self, end: datetime) -> None:
        """Let go of the edits before `end`."""
        past = [edit for edit in self._open if edit.at < end]
        if past:
            self._closed = self._after(self._closed, past)
            self._open = self._open[len(past) :]

    def _after(self, levers: Levers, edits: Sequence[PlatformEdit]) -> Levers:
        """The same object where there are no edits."""
        if not edits:
            return levers
        copied = _copied(levers)
        self._write(copied, edits)
        return copied

    def _write(self, levers: Levers, edits: Sequence[PlatformEdit]) -> None:
        for edit in edits:
            if edit.kind is Kind.CAMPAIGN_BUDGET:
                levers.amounts[self._budget_rows[edit.id]] = edit.after
            elif edit.kind is Kind.CAMPAIGN and edit.field is Field.STATUS:
                levers.enabled[self._campaign_rows[edit.id]] = edit.after == 1
            elif edit.kind not in OF_HOURS:
                levers.numbers[self._slots[Slot(edit.kind, edit.id, edit.field)]] = edit.after


def _copied(levers: Levers) -> Levers:
    return Levers(levers.amounts.copy(), levers.enabled.copy(), levers.numbers.copy())
