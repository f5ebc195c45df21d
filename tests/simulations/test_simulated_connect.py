"""Options of a simulated account, from config.toml to an adapter."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from agent.clock import SteppedClock
from agent.domain.errors import Mistakes
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.plan import Change
from agent.ports.platform import Adapter
from simulations.simulated.connect import CREDENTIALS, Options, connect

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)


def connected(tmp_path: Path, options: Options, now: datetime = NOW) -> Adapter:
    return connect("demo", options, credentials={}, clock=SteppedClock(now), home=tmp_path)


def test_a_plain_account_has_ninety_days_of_history(tmp_path: Path) -> None:
    account = connected(tmp_path, Options())

    table = account.metrics(date(2026, 1, 1), date(2026, 11, 20))

    assert CREDENTIALS == ()
    assert str(account.account().id) == "simulated:demo"
    assert len(account.entities()) == 20
    assert (table.days.min(), table.days.max()) == (
        date(2026, 8, 23),
        date(2026, 11, 20),
    )


def test_options_reach_the_account(tmp_path: Path) -> None:
    options = Options(
        world="A3",
        currency="JPY",
        money_scale=160,
        unit_micros=1_000_000,
        time_zone="Asia/Tokyo",
        over_delivery=2.0,
    )

    account = connected(tmp_path, options).account()
    table = connected(tmp_path, options).entities()

    assert (account.currency, account.unit_micros, account.over_delivery) == ("JPY", 1_000_000, 2.0)
    assert len(table) == 5
    assert (table.levers[Lever.DAILY_BUDGET].numbers % 1_000_000 == 0).all()


def test_the_scale_of_money_changes_nothing_else(tmp_path: Path) -> None:
    """Budgets and costs in yen are 160 times those in euros; clicks are the same."""
    days = (date(2026, 11, 1), date(2026, 11, 20))

    euros = connected(tmp_path, Options()).metrics(*days)
    yen = connected(tmp_path, Options(currency="JPY", money_scale=160)).metrics(*days)

    assert yen.cost_micros.sum() / euros.cost_micros.sum() == pytest.approx(160, rel=1e-3)
    assert yen.clicks.sum() == pytest.approx(euros.clicks.sum(), rel=1e-3)


def test_a_journal_keeps_edits_and_the_first_day(tmp_path: Path) -> None:
    """Opened again a week later, it is the same account with a longer history."""
    options = Options(journal=Path("state/account.jsonl"), campaigns=4)
    account = connected(tmp_path, options)
    table = account.entities()
    before = table.value(0, Lever.DAILY_BUDGET)
    assert before is not None
    account.apply([Change(table.ref(0), Lever.DAILY_BUDGET, before, Money.of(12, "EUR"))])

    later = connected(tmp_path, options, datetime(2026, 11, 28, 6, tzinfo=UTC))

    assert (tmp_path / "state/account.jsonl").is_file()
    assert later.entities().value(0, Lever.DAILY_BUDGET) == Money.of(12, "EUR")
    assert later.metrics(date(2026, 1, 1), date(2026, 11, 27)).days.min() == date(2026, 8, 23)
    assert len(later.history(NOW)) == 1


def test_another_market_on_the_same_journal_is_refused(tmp_path: Path) -> None:
    journal = Path("account.jsonl")
    connected(tmp_path, Options(journal=journal))

    with pytest.raises(Mistakes) as caught:
        connected(tmp_path, Options(journal=journal, seed=2))

    assert "the journal is of" in str(caught.value.exceptions[0])


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("buy milk\n")

    with pytest.raises(Mistakes) as caught:
        connected(tmp_path, Options(journal=Path("notes.txt")))

    assert "not a headline" in str(caught.value.exceptions[0])


def test_all_faults_of_the_options_are_named_at_once(tmp_path: Path) -> None:
    options = Options(minimum_budget="1 USD", campaigns=3, shared_budgets=2)

    with pytest.raises(Mistakes) as caught:
        connect("demo", options, credentials={"token": "x"}, clock=SteppedClock(NOW), home=tmp_path)

    wheres = [mistake.where for mistake in caught.value.exceptions]
    assert wheres == ["token", "minimum_budget", "campaigns"]


@pytest.mark.parametrize(
    "options",
    [
        {"world": "Mars"},
        {"time_zone": "Europe/Atlantis"},
        {"currency": "eur"},
        {"seed": -1},
        {"over_delivery": 0.5},
        {"sed": 1},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Options.model_validate(options)
