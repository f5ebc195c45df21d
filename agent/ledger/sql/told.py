"""Told: the rows that every table must hold, by what the audit chain says."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.domain.audit import Entry
from agent.domain.outcome import State
from agent.ledger.events import Json
from agent.ledger.moments import micros


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One row as it must be, in plain words; `entry` is the number of the entry that says so."""

    entry: int
    values: tuple[str | int | None, ...]


@dataclass(slots=True)
class Told:
    """What the entries that were taken so far say.

    Attributes:
        begin: What stood before the chain, as the first entry says.
        rows: By table, in the order in which they were written.
    """

    begin: Mapping[str, Json] = field(default_factory=dict)
    rows: defaultdict[str, list[ToldRow]] = field(default_factory=lambda: defaultdict(list))

    def take(self, entry: Entry) -> list[str]:
        """Take the next entry. Returns: what is wrong with it."""
        try:
            self._take(entry, json.loads(entry.content), micros(entry.at))
        except (KeyError, TypeError, ValueError, IndexError):
            return [f"audit entry {entry.number} ({entry.what}): cannot be read"]
        return []

    def _take(self, entry: Entry, content: Json, at_us: int) -> None:
        match entry.what:
            case "begin":
                self.begin = content
            case "plan" | "approval" | "steps" | "policy":
                self._take_decision(entry, content, at_us)
            case "lead" | "halt" | "resume" | "freeze" | "thaw":
                self._take_of_accounts(entry, content, at_us)
            case "restored":
                pass
            case _:
                raise ValueError(f"what was {entry.what}")

    def _take_decision(self, entry: Entry, content: Json, at_us: int) -> None:
        match entry.what:
            case "plan":
                plan = entry.plans[0]
                what = (content["account"], content["fingerprint"], content["body"])
                self._row(entry, "plan", plan, at_us, *what)
                for change_id in content["changes"]:
                    self._row(entry, "change_step", plan, change_id, State.PROPOSED.value, at_us, "", None)
            case "approval":
                words = [" ".join(content[key]) for key in ("approved", "rejected")]
                said = (content["by"], at_us, content["comment"], *words, content["signature"])
                self._row(entry, "approval", entry.plans[0], *said)
                self._steps(entry, content["steps"], at_us, None)
            case "steps":
                self._steps(entry, content["steps"], at_us, content["epoch"])
            case "policy":
                self._row(entry, "policy", content["digest"], content["body"])

    def _take_of_accounts(self, entry: Entry, content: Json, at_us: int) -> None:
        match entry.what:
            case "lead":
                who = (content["host"], content["pid"], at_us)
                self._row(entry, "lead", content["account"], content["epoch"], *who)
            case "halt":
                self._row(entry, "stop", 1, content["by"], at_us, content["because"], content["account"])
            case "resume":
                self._row(entry, "stop", 0, content["by"], at_us, "", content["account"])
            case "freeze":
                begins = content["begins"]
                self._row(
                    entry, "tracking_freeze", content["account"], begins, at_us, content["because"], None, ""
                )
            case "thaw":
                self._thaw(entry, content, at_us)

    def _row(self, entry: Entry, table: str, *values: str | int | None) -> None:
        self.rows[table].append(ToldRow(entry.number, values))

    def _steps(self, entry: Entry, runs: Sequence[Json], at_us: int, epoch: int | None) -> None:
        for plan, state, because, change_ids in runs:
            for change_id in change_ids:
                self._row(entry, "change_step", plan, change_id, state, at_us, because, epoch)

    def _thaw(self, entry: Entry, content: Json, at_us: int) -> None:
        """Fill in the end of the account's last freeze."""
        rows = self.rows["tracking_freeze"]
        for place in reversed(range(len(rows))):
            account, begins, frozen_us, because, *_ = rows[place].values
            if account == content["account"]:
                rows[place] = ToldRow(
                    entry.number, (account, begins, frozen_us, because, at_us, content["by"])
                )
                return
