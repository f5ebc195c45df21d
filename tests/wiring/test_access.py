"""Access: what `gebot check` finds out about an account without changing anything."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from live import Live, live

from agent.domain.entity import EntityTable
from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited, Unreachable
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable
from agent.domain.outcome import Accepted, Ambiguous, Receipt, Refused
from agent.domain.plan import Change
from agent.wiring.access import Visit, tried_out
from agent.wiring.finding import Finding, Grade
from agent.wiring.remedy import remedy
from simulations.faults import Faulty

NAME = "simulated:demo"
METHODS = {
    "structure": "entities",
    "figures": "metrics",
    "hours and advice": "hours",
    "history": "history",
    "writing": "rehearse",
}


class Watched(Faulty):
    """Counts calls by method and fails in one of them."""

    def __init__(self, account: Live, method: str = "", error: PlatformError | None = None) -> None:
        super().__init__(account.adapter)
        self.asked: list[str] = []
        self.rehearsed: list[Change] = []
        for name in ("entities", "metrics", "hours", "history", "rehearse"):
            setattr(
                self, name, self._watching(name, getattr(super(), name), error if name == method else None)
            )

    def _watching(self, name: str, call: Any, error: PlatformError | None) -> Any:
        def watched(*arguments: Any) -> Any:
            self.asked.append(name)
            if error is not None:
                raise error
            if name == "rehearse":
                self.rehearsed += arguments[0]
            return call(*arguments)

        return watched


def visit(account: Live, link: Any, *, may_write: bool = True) -> Visit:
    return Visit("account 'a'", link, account.clock, account.adapter.account(), may_write, lambda _: "do it")


def by_part(findings: Sequence[Finding]) -> Mapping[str, Finding]:
    return {one.where.partition(": ")[2]: one for one in findings}


def test_a_healthy_account_is_told_part_by_part() -> None:
    """Campaigns, levers, yesterday's cost, a week's conversions, history, and the right to write."""
    account = live()
    link = Watched(account)
    before = account.budgets()

    seen = tried_out(visit(account, link))

    found = by_part(seen.findings)
    assert list(found) == list(METHODS)
    assert {one.grade for one in found.values()} == {Grade.OK}
    assert "3 campaigns; levers: daily_budget 3, status 3" in found["structure"].found
    assert "2026-11-20: 3 campaigns, cost" in found["figures"].found
    assert "nothing was changed: daily_budget" in found["writing"].found
    assert account.budgets() == before


def test_what_is_rehearsed_differs_from_what_stands_by_the_smallest_step() -> None:
    """Adapters answer by themselves what stands already: that would prove nothing."""
    account = live()
    link = Watched(account)

    tried_out(visit(account, link))

    (change,) = link.rehearsed
    assert change.lever is Lever.DAILY_BUDGET
    assert change.content()[-1] == int(change.content()[-2]) + account.adapter.account().unit_micros


def test_without_the_right_to_write_nothing_is_rehearsed() -> None:
    """A machine that only proposes does not even ask."""
    account = live()
    link = Watched(account)

    found = by_part(tried_out(visit(account, link, may_write=False)).findings)

    assert "rehearse" not in link.asked
    assert found["writing"].found.startswith("reads only")


@pytest.mark.parametrize("part", METHODS)
@pytest.mark.parametrize("error", [AccessDenied(NAME, "no rights"), Misunderstood(NAME, "what?")])
def test_one_part_that_fails_hides_no_other(part: str, error: PlatformError) -> None:
    """All faults at once, each with what to do."""
    account = live()

    found = by_part(tried_out(visit(account, Watched(account, METHODS[part], error))).findings)

    assert found[part] == Finding(f"account 'a': {part}", Grade.FAULT, str(error), "do it")
    others = set(METHODS) - {part} - ({"writing"} if part == "structure" else set())
    assert {one: found[one].grade for one in others} == dict.fromkeys(others, Grade.OK)


@pytest.mark.parametrize("part", METHODS)
@pytest.mark.parametrize("error", [RateLimited(NAME, "slow down", 60), Unreachable(NAME, "no answer")])
def test_a_platform_that_asks_to_wait_or_is_silent_is_asked_nothing_more(
    part: str, error: PlatformError
) -> None:
    """A check must not make things worse."""
    account = live()
    link = Watched(account, METHODS[part], error)

    found = tried_out(visit(account, link)).findings

    assert link.asked[-1] == METHODS[part]
    assert [one.grade for one in found].count(Grade.FAULT) == 1 and found[-1].grade is Grade.FAULT


class Told(Faulty):
    """Answers with these tables in place of the account's own."""

    def __init__(
        self,
        account: Live,
        *,
        table: EntityTable | None = None,
        figures: MetricsTable | None = None,
        receipts: Sequence[Receipt] = (),
    ) -> None:
        super().__init__(account.adapter)
        self._table = table
        self._figures = figures
        self._receipts = list(receipts)
        self.rehearsed: list[Change] = []

    def entities(self) -> EntityTable:
        return super().entities() if self._table is None else self._table

    def metrics(self, since: date, until: date) -> MetricsTable:
        return super().metrics(since, until) if self._figures is None else self._figures

    def rehearse(self, changes: Sequence[Change]) -> Sequence[Receipt]:
        self.rehearsed += changes
        return [self._receipts.pop(0)] if self._receipts else super().rehearse(changes)


def week(account: Live) -> MetricsTable:
    return account.adapter.metrics(date(2026, 11, 14), date(2026, 11, 20))


def test_what_is_left_alone_is_told_with_its_reasons() -> None:
    """Experiments and the like: nobody is left to wonder why gebot never touches them."""
    account = live()
    table = replace(account.adapter.entities(), locked=np.array(["an experiment", "", "an experiment"]))
    link = Told(account, table=table)

    found = by_part(tried_out(visit(account, link)).findings)

    assert "left alone: 2 an experiment" in found["structure"].found
    assert [change.ref for change in link.rehearsed] == [table.ref(1)], "and not rehearsed on"


def test_an_account_with_nothing_to_steer_proves_no_right_to_write() -> None:
    """That is told, and is no fault."""
    account = live()
    empty = account.adapter.entities().take(np.array([], dtype=np.intp))

    found = by_part(tried_out(visit(account, Told(account, table=empty))).findings)

    assert found["structure"].grade is Grade.WARNING and found["structure"].found == "no campaigns"
    assert found["writing"].grade is Grade.WARNING


def test_conversions_that_nobody_counts_are_told() -> None:
    """The usual slip on a new account: spend, and not one conversion in a week."""
    account = live()
    table = week(account)
    link = Told(account, figures=replace(table, conversions=np.zeros(len(table))))

    found = by_part(tried_out(visit(account, link)).findings)

    assert found["figures"].grade is Grade.WARNING and "conversion tracking" in found["figures"].to_do


def test_an_account_without_figures_is_told() -> None:
    """Nothing ran, or nothing may be seen."""
    account = live()
    table = week(account)
    nothing = {
        name: getattr(table, name)[:0]
        for name in MetricsTable.__dataclass_fields__
        if isinstance(getattr(table, name), np.ndarray)
    }

    found = by_part(tried_out(visit(account, Told(account, figures=replace(table, **nothing)))).findings)

    assert found["figures"].grade is Grade.WARNING and found["figures"].found.startswith("none in the 7 days")


@pytest.mark.parametrize(
    ("receipts", "grade", "tries"),
    [
        ([Refused("too low"), Accepted()], Grade.OK, 2),
        ([Ambiguous("no entry"), Accepted()], Grade.OK, 2),
        ([Refused("too low")] * 9, Grade.FAULT, 3),
    ],
)
def test_a_refusal_is_tried_on_other_entities(receipts: list[Receipt], grade: Grade, tries: int) -> None:
    """One odd campaign says nothing about rights; three in a row are told with their reasons."""
    account = live()
    link = Told(account, receipts=receipts)

    found = by_part(tried_out(visit(account, link)).findings)

    assert found["writing"].grade is grade and len(link.rehearsed) == tries


DENIED = AccessDenied(NAME, "the caller has no permission (authorization_error.USER_PERMISSION_DENIED)")


@pytest.mark.parametrize(
    ("error", "sandbox", "words"),
    [
        (DENIED, False, "[account.write_credentials]"),
        (RateLimited(NAME, "slow down", 45), False, "wait 45 seconds"),
        (RateLimited(NAME, "slow down", 3600), False, "wait 60 minutes"),
        (Unreachable(NAME, "no answer"), False, "network"),
        (Unreachable(NAME, "no answer"), True, "is the sandbox running"),
        (Misunderstood(NAME, "what?"), False, "compare `id`"),
    ],
)
def test_each_error_says_who_must_act(error: PlatformError, sandbox: bool, words: str) -> None:
    """Where the platform's own table says nothing."""
    assert words in remedy(error, {}, sandbox=sandbox, credentials="write_credentials")


def test_the_platforms_own_words_come_first() -> None:
    """The first that fits."""
    known = {"OTHER": "no", "USER_PERMISSION_DENIED": "ask ann", "authorization_error": "no"}

    assert remedy(DENIED, known, sandbox=False, credentials="credentials") == "ask ann"
