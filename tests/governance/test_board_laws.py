"""Laws of the board, over boards, plans and words of chance."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from agent.domain.approval import Approval
from agent.domain.asking import asked_of
from agent.domain.board import OPEN, Board, known_as
from agent.domain.due import due
from agent.domain.errors import Mistakes
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.record import ChangeRecord, PlanRecord
from agent.domain.ref import AccountId, Kind
from agent.domain.role import Role
from agent.domain.seal import Seal
from agent.domain.tier import Tier
from agent.steps.approve import approve
from agent.steps.vouch import unvouched

SEAL, FORGER = Seal(b"the key that the database does not hold"), Seal(b"a key of somebody else's")
BEGUN = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
ACCOUNT = AccountId("simulated", "demo")
PEOPLE = ("anna", "ben", "chief", "dora", "eva", "otto")
SPELLINGS = st.sampled_from([*PEOPLE, "Anna", " ben", "CHIEF", "stranger", "policy"])
HOURS = st.integers(0, 25)

tiers = st.builds(
    Tier,
    st.sampled_from(["large", "huge", "brand"]),
    st.integers(1, 3),
    st.none() | st.sampled_from([Fraction(1, 10), Fraction(1, 5)]),
    st.none() | st.sampled_from([Money.of(5, "EUR"), Money.of(50, "EUR")]),
    st.just(frozenset[Lever]()),
    st.sampled_from([frozenset[str](), frozenset({"brand"})]),
    st.frozensets(st.sampled_from(PEOPLE), max_size=3),
    st.none() | st.integers(1, 20).map(lambda hours: timedelta(hours=hours)),
    st.frozensets(st.sampled_from(PEOPLE), max_size=2),
)
boards = st.builds(
    Board,
    st.sampled_from(
        [
            dict.fromkeys(PEOPLE[:4], Role.APPROVER) | {"eva": Role.ADMIN, "otto": Role.OPERATOR},
            dict.fromkeys(PEOPLE[:2], Role.APPROVER) | {"dora": Role.VIEWER},
        ]
    ),
    st.lists(tiers, max_size=3).map(tuple),
    st.booleans(),
    st.booleans(),
    st.none() | st.just(timedelta(hours=2)),
)


def euros(amount: int) -> Money:
    return Money.of(amount, "EUR")


def decision(number: int, after: int, anchor: int | None, portfolio: str) -> Decision:
    ref = ACCOUNT.ref(Kind.CAMPAIGN, str(number))
    change = Change(ref, Lever.DAILY_BUDGET, euros(100), euros(after))
    wish = Proposal(ref, change.lever, change.after, "so it is wished", "test")
    stood = None if anchor is None else euros(anchor)
    return Decision(wish, change.before, (), change, anchor=stood, portfolio=portfolio)


decisions = st.builds(
    decision,
    st.just(1),
    st.sampled_from([90, 104, 115, 150]),
    st.none() | st.sampled_from([80, 100, 140]),
    st.sampled_from(["", "brand"]),
)
plans = st.builds(
    lambda first, second, author: Plan(
        ACCOUNT,
        BEGUN,
        BEGUN + timedelta(hours=24),
        "policy",
        "data",
        1,
        (first, replace_number(second)),
        author=author,
    ),
    decisions,
    decisions,
    st.sampled_from(["", "anna", "Ben"]),
)


def replace_number(one: Decision) -> Decision:
    """The same of another campaign."""
    assert one.change is not None
    ref = ACCOUNT.ref(Kind.CAMPAIGN, "2")
    return replace(one, proposal=replace(one.proposal, ref=ref), change=replace(one.change, ref=ref))


@st.composite
def words(draw: st.DrawFn, plan: Plan) -> list[Approval]:
    """Genuine and forged, of anybody, at any time, of this version of the plan and of another."""
    ids = [change.id for change in plan.changes]
    said = []
    for _ in range(draw(st.integers(0, 6))):
        one = Approval(
            plan.id,
            draw(st.sampled_from([plan.fingerprint] * 4 + ["0" * 64])),
            draw(st.frozensets(st.sampled_from(ids))),
            frozenset(),
            draw(SPELLINGS),
            BEGUN + timedelta(hours=draw(HOURS)),
        )
        said.append(one.sealed(draw(st.sampled_from([SEAL] * 4 + [FORGER]))))
    return said


def record(plan: Plan, said: Sequence[Approval], state: State = State.PROPOSED) -> PlanRecord:
    changes = {change.id: ChangeRecord(change, state, BEGUN) for change in plan.changes}
    return PlanRecord(plan, changes, tuple(said))


def met(plan: Plan, said: Sequence[Approval], board: Board) -> set[str]:
    found = asked_of(record(plan, said), board, SEAL, BEGUN)
    return {id_ for id_, asked in found.items() if asked.met}


@given(st.data(), boards, plans)
def test_more_words_never_make_less_approved(data: st.DataObject, board: Board, plan: Plan) -> None:
    """A yes takes nothing away."""
    said = data.draw(words(plan))
    more = data.draw(words(plan))

    assert met(plan, said, board) <= met(plan, [*said, *more], board)


@given(st.data(), boards, plans, st.randoms(use_true_random=False))
def test_the_order_of_words_makes_no_difference(
    data: st.DataObject, board: Board, plan: Plan, chance: object
) -> None:
    """Who said it first is as it may be."""
    said = data.draw(words(plan))
    shuffled = list(said)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random

    assert met(plan, shuffled, board) == met(plan, said, board)


@given(st.data(), boards, plans)
def test_nothing_goes_with_less_than_each_tier_asks(data: st.DataObject, board: Board, plan: Plan) -> None:
    """Counted anew, by hand: different people who may, are asked by then, and did not draw it up."""
    said = data.draw(words(plan))

    held = unvouched(record(plan, said, State.APPROVED), plan.changes, seal=SEAL, board=board, again=None)

    for one in plan.decisions:
        assert one.change is not None
        if one.change.id in held:
            continue
        for tier in [tier for tier in board.tiers if tier.covers(one)] or [Tier("", 1)]:
            people = set()
            for word in said:
                name = known_as(word.by)
                role = board.roles.get(name)
                late = tier.escalate_after is not None and word.at >= BEGUN + tier.escalate_after
                asked = not tier.by or name in tier.by or (late and name in tier.escalate_to)
                if (
                    word.signature == SEAL.sign(word.content())
                    and word.fingerprint == plan.fingerprint
                    and word.at < plan.expires_at
                    and one.change.id in word.approved
                    and role in (Role.APPROVER, Role.ADMIN)
                    and asked
                    and (board.author_may_approve or name != known_as(plan.author))
                ):
                    people.add(name)
            assert len(people) >= tier.approvals


@given(st.data(), boards, plans)
def test_what_is_called_approved_is_what_may_be_sent(data: st.DataObject, board: Board, plan: Plan) -> None:
    """Both looks agree while nothing has changed: at each word, and right before the send."""
    at, approved = BEGUN, set()
    said: list[Approval] = []
    for word in sorted(data.draw(words(plan)), key=lambda one: one.at):
        at = word.at
        standing = record(plan, said)
        states = {
            id_: replace(item, state=State.APPROVED) if id_ in approved else item
            for id_, item in standing.changes.items()
        }
        try:
            steps = approve(replace(standing, changes=states), word, board=board, seal=SEAL, now=at)
        except Mistakes:
            continue
        said.append(word.sealed(SEAL))
        approved |= {step.change_id for step in steps}

    held = unvouched(record(plan, said, State.APPROVED), plan.changes, seal=SEAL, board=board, again=None)

    assert {change.id for change in plan.changes} - held.keys() == approved


@given(st.data(), boards, plans, HOURS, HOURS)
def test_what_was_due_stays_due_until_somebody_answers(
    data: st.DataObject, board: Board, plan: Plan, hours: int, later: int
) -> None:
    """Escalation and reminders come once, keep their name, and end with the plan."""
    standing = record(plan, [])
    now = BEGUN + timedelta(hours=min(hours, later))
    then = BEGUN + timedelta(hours=max(hours, later))

    before = {one.key for one in due(standing, board, SEAL, now)}
    after = {one.key for one in due(standing, board, SEAL, then)}

    assert after == set() if then >= plan.expires_at else before <= after
    assert all(one.since <= now for one in due(standing, board, SEAL, now))


@given(tiers, decisions, st.sampled_from([105, 120, 160, 300]))
def test_a_larger_raise_is_in_no_fewer_tiers(tier: Tier, one: Decision, after: int) -> None:
    """Beyond where it stands and stood, further is larger."""
    assert one.change is not None
    stood = max(100, 0 if not isinstance(one.anchor, Money) else one.anchor.micros // 10**6)
    near, far = (
        replace(one, change=replace(one.change, after=euros(stood + rise))) for rise in (after // 3, after)
    )

    assert tier.covers(far) or not tier.covers(near)


@given(plans, st.lists(SPELLINGS, min_size=1, max_size=3))
def test_where_nobody_is_named_one_word_is_enough(plan: Plan, names: list[str]) -> None:
    """Of anybody but gebot itself, who says nothing by that name."""
    ids = frozenset(change.id for change in plan.changes)
    said = [Approval(plan.id, plan.fingerprint, ids, frozenset(), name, BEGUN).sealed(SEAL) for name in names]

    assert met(plan, said, OPEN) == (ids if set(names) != {"policy"} else set())
