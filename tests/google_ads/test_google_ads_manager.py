"""Managers: an account without campaigns says which accounts are below it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from google_ads_account import opened

from adapters.google_ads.connect import Options, children, connect
from agent.domain.errors import Misunderstood
from simulations.sandbox.google_ads.conduct import Conduct
from simulations.sandbox.google_ads.serve import Sandbox

MANAGER = "9876543210"


@pytest.fixture
def below(tmp_path: Path) -> Iterator[Sandbox]:
    running = opened(tmp_path, Conduct(manager=MANAGER))
    yield running
    running.stop()


def options(sandbox: Sandbox) -> Options:
    return Options(endpoint=sandbox.endpoint, ca_file=sandbox.ca_file, login_customer_id=MANAGER)


def test_a_manager_lists_the_accounts_below_it(below: Sandbox) -> None:
    """Whoever sets gebot up chooses from them; one operation."""
    found = children(MANAGER, options(below), credentials={}, clock=below.clock, home=Path())

    (child,) = [each for each in found if not each.manager]
    assert (child.id, child.level, child.status) == ("1234567890", 1, "enabled")
    assert (child.currency, child.time_zone) == ("EUR", "America/New_York")
    assert str(child).startswith("123-456-7890 ")
    assert len(below.journal.requests()) == 1


def test_a_manager_given_as_the_account_is_refused_with_what_would_be_right(below: Sandbox) -> None:
    """It has no campaigns and no figures; the message names what has."""
    adapter = connect(MANAGER, options(below), credentials={}, clock=below.clock, home=Path())

    with pytest.raises(Misunderstood, match=r"manager account.*its accounts are: 123-456-7890"):
        adapter.account()


def test_an_account_is_reached_through_its_manager(below: Sandbox) -> None:
    """With the manager as login_customer_id."""
    adapter = connect("123-456-7890", options(below), credentials={}, clock=below.clock, home=Path())

    assert adapter.account().currency == "EUR"
    assert len(adapter.entities()) > 0
