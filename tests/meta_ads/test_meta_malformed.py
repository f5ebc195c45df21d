"""Answers of Meta that no document allows: an error in words, and an unknown outcome for a write."""

from datetime import UTC, date, datetime

import pytest
from meta_account import NODE, adapter_on, campaign, stock, to_budget
from meta_fake import FakeMeta, Reply, fake_meta

from agent.clock import SteppedClock
from agent.domain.errors import Misunderstood, PlatformError
from agent.domain.outcome import Ambiguous

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
DEEP = "[" * 100_000


@pytest.mark.parametrize("spend", ["1e400", "NaN", "-Infinity", "9" * 30])
def test_a_spend_that_is_no_number_is_refused(spend: str) -> None:
    """An infinite spend once became -9223372036854 units of cost."""
    with fake_meta() as server:
        stock(server)
        row = {"campaign_id": "11", "date_start": "2026-11-20", "spend": spend}
        server.on("GET", f"{NODE}/insights", {"data": [row]})

        with pytest.raises(Misunderstood):
            adapter_on(server, SteppedClock(NOW)).metrics(date(2026, 11, 20), date(2026, 11, 20))


def test_an_account_whose_status_is_no_number_is_still_read() -> None:
    """A list in its place was once a TypeError."""
    with fake_meta() as server:
        stock(server)
        told = {"id": NODE, "currency": "EUR", "timezone_name": "UTC", "account_status": [1]}
        server.on("GET", NODE, told)

        assert adapter_on(server, SteppedClock(NOW)).account().currency == "EUR"


def test_a_currency_that_is_none_is_refused() -> None:
    """No money is made of it."""
    with fake_meta() as server:
        stock(server)
        server.on("GET", NODE, {"id": NODE, "currency": "Euro!", "timezone_name": "UTC", "account_status": 1})

        with pytest.raises(Misunderstood):
            adapter_on(server, SteppedClock(NOW)).account()


def test_a_write_that_is_answered_with_endless_nesting_is_of_unknown_outcome() -> None:
    """Meta may have carried it out; nothing but reading can tell."""
    with fake_meta() as server:
        stock(server)
        adapter = adapter_on(server, SteppedClock(NOW))
        _answer(server, DEEP)

        (receipt,) = adapter.apply([to_budget(campaign("11"), "60.00")])

        assert isinstance(receipt, Ambiguous)


def test_endless_nesting_in_any_reading_is_a_platform_error() -> None:
    """Not a RecursionError."""
    with fake_meta() as server:
        stock(server)
        for path in (NODE, f"{NODE}/campaigns", f"{NODE}/insights"):
            server.on("GET", path, Reply(DEEP))

        with pytest.raises(PlatformError):
            adapter_on(server, SteppedClock(NOW)).entities()


def _answer(server: FakeMeta, body: str) -> None:
    server.on("POST", "", Reply(body))
