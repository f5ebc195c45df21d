"""Attribution: which of our own edits in a platform's history a change of unknown fate may claim."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sample import ACCOUNT, NOW, entities

from agent.domain.lever import Lever, Value
from agent.domain.money import MICROS, Money
from agent.domain.outcome import Edit, State, Step
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.record import ChangeRecord, PlanRecord
from agent.domain.ref import Kind, Ref
from agent.steps.verify import settle_unknown

REF = ACCOUNT.id.ref(Kind.CAMPAIGN, "000001")
BEFORE, AFTER, ELSE = (Money.of(amount, "EUR") for amount in (50, 60, 55))
GRACE = timedelta(minutes=10)


class Told:
    """A reader that tells where the lever stands, and a history."""

    def __init__(self, stands: Value, *edits: Edit) -> None:
        self._stands = stands
        self._edits = edits

    def read(self, levers: Sequence[tuple[Ref, Lever]]) -> dict[tuple[Ref, Lever], Value]:
        return dict.fromkeys(levers, self._stands)

    def history(self, since: datetime) -> Sequence[Edit]:
        return [edit for edit in self._edits if edit.at >= since]


def edit(after: Money, seconds: float, *, ours: bool = True, before: Money | None = None) -> Edit:
    """So many seconds after the word was written."""
    return Edit(NOW + timedelta(seconds=seconds), REF, Lever.DAILY_BUDGET, before, after, "somebody", ours)


def settled(reader: Told, known: Money | None = None) -> State:
    step = step_of(reader, known)
    return State.UNKNOWN if step is None else step.state


def step_of(reader: Told, known: Money | None = None) -> Step | None:
    """What is settled; None when it stays unknown.

    Args:
        known: Where the lever was last seen one grace ago; None: nobody looked.
    """
    change = Change(REF, Lever.DAILY_BUDGET, BEFORE, AFTER)
    proposal = Proposal(REF, Lever.DAILY_BUDGET, AFTER, "to see", "test")
    plan = Plan(ACCOUNT.id, NOW, NOW + GRACE, "policy", "data", 1, (Decision(proposal, BEFORE, (), change),))
    record = PlanRecord(plan, {change.id: ChangeRecord(change, State.UNKNOWN, NOW, sent_at=NOW)}, ())
    table = None if known is None else entities([known.micros / MICROS])
    steps = settle_unknown(reader, [record], NOW + GRACE, grace=GRACE, known=table)  # type: ignore[arg-type]  # it reads two things
    return steps[0] if steps else None


@pytest.mark.parametrize(
    ("reader", "state"),
    [
        (Told(AFTER, edit(AFTER, 3)), State.APPLIED),
        (Told(AFTER, edit(AFTER, -20)), State.APPLIED),  # the platform's clock is behind ours
        (Told(ELSE, edit(AFTER, 3), edit(ELSE, 60, ours=False)), State.APPLIED),
        (Told(BEFORE, edit(AFTER, 3), edit(BEFORE, 60, ours=False)), State.APPLIED),
        (Told(BEFORE), State.NOT_APPLIED),
        (Told(BEFORE, edit(AFTER, -200)), State.NOT_APPLIED),
        (Told(AFTER, edit(AFTER, 60, ours=False)), State.NOT_APPLIED),
    ],
)
def test_an_own_edit_since_the_word_was_written_is_the_change(reader: Told, state: State) -> None:
    """Who set which value when settles it; a value alone settles little."""
    assert settled(reader) is state


@pytest.mark.parametrize("stands", [BEFORE, ELSE])
def test_an_own_edit_from_before_the_word_may_be_an_earlier_change_of_the_same_content(stands: Money) -> None:
    """Clocks differ a little, so it may be this one; an equal one may have been sent before. Nobody knows."""
    reader = Told(stands, edit(AFTER, -3), edit(stands, -1, ours=False))

    assert settled(reader) is State.NEEDS_REVIEW


def test_a_late_write_on_a_persons_edit_is_told() -> None:
    """Nobody can prevent it; whoever reads what became of the change learns of it."""
    reader = Told(AFTER, edit(ELSE, 30, ours=False, before=BEFORE), edit(AFTER, 60, before=ELSE))

    step = step_of(reader)

    assert step is not None
    assert step.state is State.APPLIED
    assert "landed on 55.00 EUR" in step.because


@pytest.mark.parametrize(
    ("known", "state"), [(None, State.UNKNOWN), (BEFORE, State.UNKNOWN), (AFTER, State.APPLIED)]
)
def test_a_value_that_no_history_tells_of_must_have_stood_for_a_while(
    known: Money | None, state: State
) -> None:
    """Else a person may have set the very same a minute ago, and the history does not show it yet."""
    assert settled(Told(AFTER), known) is state
