"""A plan comes back from its bytes exactly, whatever is in it."""

import json
import zlib
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.domain.calibration import Calibration, Reliability
from agent.domain.errors import LedgerError
from agent.domain.lever import Lever, Ratio, Status
from agent.domain.money import Money
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Evidence, Figure, Interval, Proposal, Purpose
from agent.domain.ref import AccountId, Kind, Ref
from agent.domain.verdict import Allow, Clamp, Deny, Word
from agent.ledger.codec import decode, encode

NUMBERS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False)
TEXTS = st.text(max_size=8)
VALUES = (
    st.builds(Money, NUMBERS, st.sampled_from(["EUR", "JPY"]))
    | st.builds(Ratio, NUMBERS)
    | st.sampled_from(Status)
)
REFS = st.builds(Ref, TEXTS, TEXTS, st.sampled_from(Kind), TEXTS)
LEVERS = st.sampled_from(Lever)
INTERVALS = st.builds(Interval, FLOATS, FLOATS, FLOATS)
EVIDENCE = st.builds(
    Evidence,
    st.lists(st.builds(Figure, TEXTS, TEXTS), max_size=3).map(tuple),
    TEXTS,
    st.none() | INTERVALS,
    st.none() | INTERVALS,
    st.none() | FLOATS,
    st.none() | NUMBERS,
    st.none() | FLOATS,
)
PROPOSALS = st.builds(Proposal, REFS, LEVERS, VALUES, TEXTS, TEXTS, TEXTS, EVIDENCE, st.sampled_from(Purpose))
VERDICTS = st.just(Allow()) | st.builds(Clamp, VALUES, TEXTS) | st.builds(Deny, TEXTS)
WORDS = st.lists(st.builds(Word, TEXTS, VERDICTS), max_size=3).map(tuple)
DECISIONS = st.builds(
    Decision,
    PROPOSALS,
    st.none() | VALUES,
    WORDS,
    st.none() | st.builds(Change, REFS, LEVERS, VALUES, VALUES),
    TEXTS,
    st.none() | VALUES,
    TEXTS,
)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
CALIBRATIONS = st.builds(
    Calibration,
    TEXTS,
    NUMBERS,
    NUMBERS,
    FLOATS,
    FLOATS,
    st.none() | FLOATS,
    FLOATS,
    st.sampled_from(Reliability),
    st.booleans(),
)
PLANS = st.builds(
    Plan,
    st.builds(AccountId, TEXTS, TEXTS),
    MOMENTS,
    MOMENTS,
    TEXTS,
    TEXTS,
    NUMBERS,
    st.lists(DECISIONS, max_size=4).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
    st.lists(CALIBRATIONS, max_size=2).map(tuple),
    TEXTS,
    TEXTS,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PLANS)
def test_what_was_encoded_is_decoded_equal_with_the_same_fingerprint(plan: Plan) -> None:
    """An approval stays bound to the plan through every restart."""
    read = decode(encode(plan))

    assert read == plan
    assert read.fingerprint == plan.fingerprint
    assert [change.id for change in read.changes] == [change.id for change in plan.changes]


def test_the_strategies_above_fill_every_field() -> None:
    """A new field of a noun must come with a change of the codec: this fails first."""
    nouns = (Plan, Decision, Proposal, Evidence, Interval, Change, Word, Calibration)
    counts = [len(fields(noun)) for noun in nouns]

    assert counts == [11, 7, 8, 7, 3, 4, 2, 9]


def test_a_plan_that_was_stored_before_calibration_was_known_is_read() -> None:
    """An upgrade does not lose what was decided."""
    now = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    plan = Plan(AccountId("p", "a"), now, now + timedelta(days=1), "", "", 1, (), ("a note",))
    head = ["p", "a"], now.isoformat(), (now + timedelta(days=1)).isoformat(), "", "", 1, ["a note"]

    assert decode(zlib.compress(json.dumps([1, *head]).encode())) == plan


def test_a_plan_that_was_stored_before_authors_and_anchors_were_known_is_read() -> None:
    """With the fingerprint that people have approved."""
    wish = Proposal(Ref("p", "a", Kind.CAMPAIGN, "1"), Lever.DAILY_BUDGET, Money(1, "EUR"), "", "s")
    change = Change(wish.ref, wish.lever, Money(2, "EUR"), Money(1, "EUR"))
    now = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    decisions = (Decision(wish, Money(2, "EUR"), (), change, "first"),)
    plan = Plan(AccountId("p", "a"), now, now + timedelta(days=1), "", "", 1, decisions, code="code")
    head, line = zlib.decompress(encode(plan)).decode().split("\n")
    older = json.dumps([3, *json.loads(head)[1:-1]]), line

    read = decode(zlib.compress("\n".join(older).encode()))

    assert (read, read.fingerprint) == (plan, plan.fingerprint)
    assert len(json.loads(line)) == 5, "what has neither is written as it was"


def test_ref_and_lever_of_a_change_are_the_proposals_or_its_own() -> None:
    """A change usually is its proposal's; where it is not, that is kept too."""
    wish = Proposal(Ref("p", "a", Kind.CAMPAIGN, "1"), Lever.DAILY_BUDGET, Money(1, "EUR"), "", "s")
    same = Change(wish.ref, wish.lever, Money(2, "EUR"), Money(1, "EUR"))
    other = Change(Ref("p", "a", Kind.CAMPAIGN_BUDGET, "9"), wish.lever, Money(2, "EUR"), Money(1, "EUR"))
    now = datetime(2026, 11, 21, 6, 0, 0, 123456, tzinfo=UTC)
    decisions = tuple(Decision(wish, None, (), change) for change in (same, other, None))
    plan = Plan(AccountId("p", "a"), now, now + timedelta(days=1), "", "", 1, decisions)

    assert decode(encode(plan)) == plan


@pytest.mark.parametrize("body", [b"", b"nonsense", encode.__doc__.encode() if encode.__doc__ else b""])
def test_bytes_that_are_no_plan_are_a_ledger_error(body: bytes) -> None:
    """Damage is named, not guessed around."""
    with pytest.raises(LedgerError, match="cannot be read"):
        decode(body)
