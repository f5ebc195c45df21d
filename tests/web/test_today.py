"""Today and Settings: what waits, what is at stake, what is wrong, and the policy without a secret."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from visiting import House, csrf, house, write_config

from agent.cli.main import main
from agent.domain.money import Money
from agent.web.views.settings import settings_view
from agent.web.views.today import TodayView, today_view


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A page over a ledger with a plan that waits."""
    folder = tmp_path_factory.mktemp("waiting")
    write_config(folder)
    with pytest.MonkeyPatch.context() as typing:
        typing.chdir(folder)
        typing.setattr(sys, "argv", ["gebot", "plan", "--save"])
        with pytest.raises(SystemExit):
            main()
    with house(folder) as opened:
        yield opened


def seen(waiting: House) -> TodayView:
    reception = waiting.reception
    return today_view(reception.office, reception.standing())


def test_money_at_stake_is_what_the_waiting_budgets_would_move(waiting: House) -> None:
    """Raises and cuts apart, in the account's currency; their difference is the net."""
    (record,) = waiting.reception.office.memory.plans(only_open=True)
    moves = [
        one.change.after.micros - one.change.before.micros
        for one in record.changes.values()
        if isinstance(one.change.after, Money) and isinstance(one.change.before, Money)
    ]

    view = seen(waiting)

    (stake,) = view.stakes
    assert stake.raises == sum(max(0, move) for move in moves) > 0
    assert stake.cuts == -sum(min(0, move) for move in moves)
    assert (stake.currency, stake.net) == ("EUR", sum(moves))
    assert view.waiting == len(record.changes) and view.plans[0].id == record.plan.id


def test_what_waits_is_shown_with_the_way_to_it(waiting: House) -> None:
    """One click from the plan."""
    (plan,) = seen(waiting).plans

    browser = waiting.signed_in("anna")
    text = browser.get("/").text

    link = re.search(rf'href="(/[^"]*{plan.id}[^"]*)"', text)
    assert link is not None and "Europe/Berlin" in text
    assert browser.get(link[1]).status_code == 200


def test_an_agent_that_does_not_run_is_told(waiting: House) -> None:
    """Nobody believes that all is well while nothing happens."""
    view = seen(waiting)

    assert not view.well and not view.accounts[0].agent_runs
    assert "the agent does not run" in waiting.signed_in("anna").get("/").text


def test_old_figures_are_told(waiting: House) -> None:
    """Three readings were missed."""
    office = waiting.reception.office
    (status,) = waiting.reception.standing()
    now = office.clock.now()
    fresh = {**status, "last_observed": (now - timedelta(hours=2)).isoformat()}
    old = {**status, "last_observed": (now - timedelta(hours=30)).isoformat()}

    assert today_view(office, [fresh]).accounts[0].stale == ""  # type: ignore[list-item]  # as the ledger told
    assert today_view(office, [old]).accounts[0].stale == "30 h"  # type: ignore[list-item]


def test_an_account_is_stopped_and_resumed_by_itself(waiting: House) -> None:
    """As `gebot halt --account` does."""
    browser = waiting.signed_in("anna")
    token = csrf(browser)

    browser.post("/stop", data={"csrf": token, "account": "demo", "because": "odd"})
    shown = browser.get("/resume").text
    browser.post("/resume", data={"csrf": token, "account": "demo"})

    assert "demo is stopped" in shown and "halted by anna" in shown and "odd" in shown
    assert not waiting.reception.office.memory.halts()


def test_settings_show_the_policy_and_no_secret(waiting: House) -> None:
    """Not even where one is kept."""
    office = waiting.reception.office
    (account,) = office.settings.accounts
    secretive = account.model_copy(update={"credentials": {"token": "env:X_Y_Z"}})
    audit = office.settings.audit.model_copy(update={"key": "file:/somewhere/key"})
    settings = office.settings.model_copy(update={"accounts": (secretive,), "audit": audit})

    view = settings_view(replace(office, settings=settings))

    values = [one.value for table in view.tables for one in table.settings]
    assert "guardrails.daily_budget" in [table.heading for table in view.tables]
    assert values.count("kept elsewhere") == 2
    assert not any("X_Y_Z" in value or "/somewhere" in value for value in values)
    assert view.digest in waiting.signed_in("anna").get("/settings").text
