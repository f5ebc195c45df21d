"""What a platform tells of its figures is known from when it told it, in every ledger."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from sample import ACCOUNT, NOW, entities
from seen import at, told

from agent.domain.advice import NO_ADVICE, Advice, ResponseCurve, ResponsePoint, Window
from agent.domain.errors import LedgerError
from agent.domain.lever import Lever
from agent.domain.ref import Kind
from agent.ledger.advice_codec import decode, encode
from agent.ledger.sql.ledger import SqlLedger
from agent.ports.ledger import Ledger

ADVICE = Advice(
    windows=(
        Window(
            Kind.DATA_EXCLUSION,
            "2026-11-10T08:00/2026-11-10T14:00 search,shopping",
            "broken tag",
            datetime(2026, 11, 10, 7, tzinfo=UTC),
            datetime(2026, 11, 10, 13, tzinfo=UTC),
            ("search", "shopping"),
            ("7", "8"),
        ),
        Window(
            Kind.SEASONALITY,
            "2026-11-27T00:00/2026-11-28T00:00",
            "sale",
            datetime(2026, 11, 26, 23, tzinfo=UTC),
            datetime(2026, 11, 27, 23, tzinfo=UTC),
            modifier_millionths=1_300_000,
        ),
    ),
    responses=(
        ResponseCurve(
            Kind.CAMPAIGN,
            "7",
            Lever.DAILY_BUDGET,
            date(2026, 11, 1),
            date(2026, 11, 7),
            (
                ResponsePoint(10_000_000, 70_000_000, 41.5, None, None),
                ResponsePoint(20_000_000, 130_000_000, 60.0, 1 / 3, 9_000_000),
            ),
        ),
    ),
    reported=(0.1 + 0.2, 0.8, 1.0),
    reported_n=123.5,
)


def test_nothing_is_known_before_anybody_asked(ledger: Ledger) -> None:
    """An account that was never seen, and one of which only the entities were."""
    ledger.record_entities(entities([10.0]), at(0))

    assert ledger.advice(ACCOUNT.id, at(9)) == NO_ADVICE


def test_advice_is_known_from_when_it_was_told(ledger: Ledger) -> None:
    """Bitemporal: a later word does not change what was known before."""
    later = replace(ADVICE, windows=ADVICE.windows[1:])
    ledger.record_advice(ACCOUNT.id, ADVICE, at(1))
    ledger.record_advice(ACCOUNT.id, ADVICE, at(2))
    ledger.record_advice(ACCOUNT.id, later, at(3))

    assert ledger.advice(ACCOUNT.id, at(0.5)) == NO_ADVICE
    assert ledger.advice(ACCOUNT.id, at(1)) == ADVICE
    assert ledger.advice(ACCOUNT.id, at(2.5)) == ADVICE
    assert ledger.advice(ACCOUNT.id, at(4)) == later


def test_advice_older_than_the_newest_is_refused(ledger: Ledger) -> None:
    """What was known at a moment must stay so."""
    ledger.record_advice(ACCOUNT.id, ADVICE, at(1))

    with pytest.raises(LedgerError, match="advice seen at"):
        ledger.record_advice(ACCOUNT.id, NO_ADVICE, at(0))


def test_advice_is_kept_once_while_it_stays_the_same(sqlite_ledger: SqlLedger) -> None:
    """An account is asked every hour, for years; what comes back is each reading."""
    for hour in range(5):
        sqlite_ledger.record_advice(ACCOUNT.id, ADVICE, at(hour / 24))

    readings = sqlite_ledger.readings(ACCOUNT.id)

    assert [reading.seen for reading in readings] == [ADVICE] * 5
    assert all(reading.seen is readings[0].seen for reading in readings)


def test_advice_comes_back_in_every_field() -> None:
    """Numbers that have no end in decimals among them."""
    assert decode(encode(ADVICE)) == ADVICE
    with pytest.raises(LedgerError, match="cannot be read"):
        decode(b"no advice")


def test_days_of_marked_hours_do_not_teach_lag(ledger: Ledger) -> None:
    """Conversions of a broken day that are mended later are not late."""
    ledger.record_entities(entities([10.0]), NOW)
    rows = [("000001", "2026-11-10", 1_000_000, 1.0), ("000001", "2026-11-11", 1_000_000, 10.0)]
    mended = [(id_, day, cost, 20.0) for id_, day, cost, _ in rows]
    ledger.record_metrics(
        ACCOUNT.id, told("2026-11-10", "2026-11-11", rows), datetime(2026, 11, 12, 6, tzinfo=UTC)
    )
    seen_at = datetime(2026, 11, 13, 6, tzinfo=UTC)
    ledger.record_metrics(ACCOUNT.id, told("2026-11-10", "2026-11-11", mended), seen_at)

    earlier, later = ledger.development(ACCOUNT.id, seen_at, 5, ADVICE.windows)

    assert earlier.tolist() == [0.0, 10.0, 0.0, 0.0]
    assert later.tolist() == [0.0, 20.0, 0.0, 0.0]


def test_a_level_that_is_told_from_now_on_does_not_look_late(ledger: Ledger) -> None:
    """An ad group's conversions are its campaign's, told once more."""
    ledger.record_entities(entities([10.0]), NOW)
    campaigns = told("2026-11-10", "2026-11-10", [("000001", "2026-11-10", 1_000_000, 10.0)])
    again = [(id_, "2026-11-10", 1_000_000, 10.0) for id_ in ("000001", "7")]
    both = replace(
        told("2026-11-10", "2026-11-10", again), kinds=np.array([Kind.CAMPAIGN.value, Kind.AD_GROUP.value])
    )
    seen_at = datetime(2026, 11, 12, 6, tzinfo=UTC)
    ledger.record_metrics(ACCOUNT.id, campaigns, datetime(2026, 11, 11, 6, tzinfo=UTC))
    ledger.record_metrics(ACCOUNT.id, both, seen_at)

    earlier, later = ledger.development(ACCOUNT.id, seen_at, 5)

    assert earlier.tolist() == later.tolist() == [0.0, 10.0, 0.0, 0.0]


def test_the_least_daily_budget_is_remembered(ledger: Ledger) -> None:
    """Limits are judged by it when the platform is not asked."""
    account = replace(ACCOUNT, min_daily_budget_micros=5_000_000)

    ledger.record_entities(entities([10.0], account=account), at(0))

    found = ledger.entities(ACCOUNT.id, at(0))
    assert found is not None
    assert found.account == account
