"""Metrics are kept as observed: restatements add, and "what did we know at T" answers."""

import numpy as np
import pytest
import sample
from seen import at, days, told

from agent.domain.entity import entity_table
from agent.domain.errors import LedgerError
from agent.ports.ledger import Ledger

ACCOUNT = sample.ACCOUNT.id
TABLE = sample.entities([50.0, 60.0])


def test_a_restatement_adds_and_the_old_answer_stays(ledger: Ledger) -> None:
    """Whoever asks as of a moment gets what was known then, for ever."""
    ledger.record_metrics(
        ACCOUNT, told("2026-11-01", "2026-11-01", [("000001", "2026-11-01", 100, 1.0)]), at(0)
    )
    ledger.record_metrics(
        ACCOUNT, told("2026-11-01", "2026-11-01", [("000001", "2026-11-01", 100, 2.5)]), at(1)
    )

    then = ledger.metrics(TABLE, days("2026-11-01", "2026-11-01"), at(0.5))
    now = ledger.metrics(TABLE, days("2026-11-01", "2026-11-01"), at(1))

    assert then.conversions[:, 0].tolist() == [1.0, 0.0]
    assert now.conversions[:, 0].tolist() == [2.5, 0.0]
    assert now.cost_micros[:, 0].tolist() == [100, 0]


def test_nothing_is_known_before_the_first_reading(ledger: Ledger) -> None:
    """Missing is not zero: the day is not known."""
    ledger.record_metrics(
        ACCOUNT, told("2026-11-01", "2026-11-01", [("000001", "2026-11-01", 100, 1.0)]), at(0)
    )

    matrices = ledger.metrics(TABLE, days("2026-10-31", "2026-11-02"), at(-0.001))

    assert not matrices.known.any()
    assert matrices.cost_micros.sum() == 0
    assert np.isnan(matrices.search_rank_lost_impression_share).all()


def test_only_what_differs_is_appended(ledger: Ledger) -> None:
    """Reading the same figures hourly costs nothing."""
    rows = [("000001", "2026-11-01", 100, 1.0), ("000002", "2026-11-01", 301, 0.0)]
    first = ledger.record_metrics(ACCOUNT, told("2026-11-01", "2026-11-01", rows), at(0))
    again = ledger.record_metrics(ACCOUNT, told("2026-11-01", "2026-11-01", rows[::-1]), at(1))
    rows[1] = ("000002", "2026-11-01", 301, 0.5)
    third = ledger.record_metrics(ACCOUNT, told("2026-11-01", "2026-11-01", rows), at(2))

    assert (first, again, third) == (2, 0, 1)
    assert len(ledger.coverages(ACCOUNT, at(9))) == 3


def test_a_row_that_vanished_is_a_zero(ledger: Ledger) -> None:
    """Platforms leave out rows that are all zero; what was there before is zero from then on."""
    ledger.record_metrics(
        ACCOUNT,
        told(
            "2026-11-01", "2026-11-02", [("000001", "2026-11-01", 100, 1.0), ("000001", "2026-11-02", 7, 1.0)]
        ),
        at(1),
    )

    appended = ledger.record_metrics(
        ACCOUNT, told("2026-11-01", "2026-11-01", [("000002", "2026-11-01", 5, 1.0)]), at(2)
    )

    assert appended == 2
    matrices = ledger.metrics(TABLE, days("2026-11-01", "2026-11-02"), at(2))
    assert matrices.cost_micros.tolist() == [[0, 7], [5, 0]]
    assert np.isnan(matrices.search_rank_lost_impression_share[0, 0])
    assert ledger.metrics(TABLE, days("2026-11-01", "2026-11-02"), at(1)).cost_micros.tolist() == [
        [100, 7],
        [0, 0],
    ]


def test_a_day_is_known_once_it_was_read_when_it_was_over(ledger: Ledger) -> None:
    """Half a day must not be taken for a whole one, nor a later reading of other days for this one."""
    ledger.record_metrics(
        ACCOUNT,
        told(
            "2026-11-01",
            "2026-11-02",
            [("000001", "2026-11-01", 100, 1.0), ("000001", "2026-11-02", 50, 1.0)],
            partial_since="2026-11-02",
        ),
        at(0),
    )
    ledger.record_metrics(ACCOUNT, told("2026-11-03", "2026-11-03", []), at(1.9))

    before = ledger.metrics(TABLE, days("2026-10-31", "2026-11-04"), at(1.9))
    ledger.record_metrics(
        ACCOUNT, told("2026-11-02", "2026-11-02", [("000001", "2026-11-02", 80, 1.0)]), at(2)
    )
    after = ledger.metrics(TABLE, days("2026-10-31", "2026-11-04"), at(2))

    assert before.known.tolist() == [[False, True, False, True, False]] * 2
    assert before.cost_micros[0].tolist() == [0, 100, 0, 0, 0]
    assert after.known.tolist() == [[False, True, True, True, False]] * 2
    assert after.cost_micros[0].tolist() == [0, 100, 80, 0, 0]


def test_coverages_tell_what_each_reading_spoke_for(ledger: Ledger) -> None:
    """The freshness grade stands on them."""
    ledger.record_metrics(ACCOUNT, told("2026-11-01", "2026-11-02", [], partial_since="2026-11-02"), at(0))
    ledger.record_metrics(ACCOUNT, told("2026-11-03", "2026-11-03", [], partial_since="2026-11-03"), at(1))
    ledger.record_metrics(ACCOUNT, told("2026-11-01", "2026-11-03", []), at(2))

    found = ledger.coverages(ACCOUNT, at(1.5))

    assert [coverage.observed_at for coverage in found] == [at(0), at(1)]
    assert [str(coverage.complete_until) for coverage in found] == ["2026-11-01", "None"]
    assert str(ledger.coverages(ACCOUNT, at(2))[-1].complete_until) == "2026-11-03"


def test_a_reading_older_than_the_newest_is_refused(ledger: Ledger) -> None:
    """A clock that went back would make every "as of" wrong; nothing is written."""
    ledger.record_metrics(ACCOUNT, told("2026-11-01", "2026-11-01", []), at(1))

    with pytest.raises(LedgerError, match="clock"):
        ledger.record_metrics(ACCOUNT, told("2026-11-01", "2026-11-01", []), at(0))

    assert len(ledger.coverages(ACCOUNT, at(9))) == 1


def test_a_row_outside_the_days_spoken_for_is_a_fault_of_the_adapter(ledger: Ledger) -> None:
    """It would be half recorded otherwise; so would conversions that are no number."""
    with pytest.raises(ValueError, match="outside"):
        ledger.record_metrics(
            ACCOUNT, told("2026-11-01", "2026-11-01", [("000001", "2026-11-02", 1, 1.0)]), at(0)
        )
    with pytest.raises(ValueError, match="finite"):
        ledger.record_metrics(
            ACCOUNT, told("2026-11-01", "2026-11-01", [("000001", "2026-11-01", 1, np.nan)]), at(0)
        )

    assert list(ledger.coverages(ACCOUNT, at(9))) == []


def test_conversions_of_a_removed_campaign_belong_to_its_channel(ledger: Ledger) -> None:
    """They still arrive; without them the channel would seem to lose what it had."""
    called = {"a": "search", "b": "search", "c": "social"}
    account = sample.ACCOUNT
    ledger.record_entities(
        entity_table(account, list(called), names=list(called), channels=list(called.values())), at(0)
    )
    rows = [("a", "2026-11-01", 100, 4.0), ("b", "2026-11-01", 100, 2.0), ("c", "2026-11-01", 100, 1.0)]
    ledger.record_metrics(ACCOUNT, told("2026-11-01", "2026-11-01", rows), at(0))
    left = {"b": "search", "c": "social"}
    ledger.record_entities(
        entity_table(account, list(left), names=list(left), channels=list(left.values())), at(1)
    )
    rows[0] = ("a", "2026-11-01", 100, 5.0)
    ledger.record_metrics(ACCOUNT, told("2026-11-01", "2026-11-01", rows), at(1))

    search = ledger.channel_development(ACCOUNT, at(2), 4)["search"]

    assert search.earlier.tolist() == [0.0, 6.0, 0.0]
    assert search.later.tolist() == [0.0, 7.0, 0.0]


def test_two_accounts_do_not_see_each_other(ledger: Ledger) -> None:
    """The same ids in another account are other entities."""
    other = sample.Account(sample.AccountId("simulated", "other"), "Other", "EUR", "UTC")
    ledger.record_metrics(
        ACCOUNT, told("2026-11-01", "2026-11-01", [("000001", "2026-11-01", 100, 1.0)]), at(0)
    )
    ledger.record_metrics(
        other.id, told("2026-11-01", "2026-11-01", [("000002", "2026-11-01", 9, 1.0)]), at(0)
    )

    matrices = ledger.metrics(
        sample.entities([1.0, 2.0], account=other), days("2026-11-01", "2026-11-01"), at(0)
    )

    assert matrices.cost_micros[:, 0].tolist() == [0, 9]


def test_every_figure_survives_to_the_last_bit(ledger: Ledger) -> None:
    """Money is exact beyond what a double can hold, conversions are exact doubles."""
    table = told("2026-11-01", "2026-11-01", [("000001", "2026-11-01", 2**53 + 1, 0.1 + 0.2)])
    ledger.record_metrics(ACCOUNT, table, at(0))
    ledger.record_metrics(ACCOUNT, told("2026-11-01", "2026-11-01", []), at(1))

    matrices = ledger.metrics(TABLE, days("2026-11-01", "2026-11-01"), at(0))

    assert matrices.cost_micros[0, 0] == 2**53 + 1
    assert matrices.conversions[0, 0] == 0.1 + 0.2
    assert matrices.search_rank_lost_impression_share[0, 0] == 1 / 3
    assert matrices.conversion_value_micros[0, 0] == 3 * (2**53 + 1)
