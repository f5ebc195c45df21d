"""A portfolio across two accounts, from config.toml to both platforms."""

from dataclasses import replace
from pathlib import Path

import pytest
import sample_config
from live import START

from adapters.wrappers.joint import joint
from agent import cycle
from agent.clock import SteppedClock
from agent.config.load import load
from agent.domain.errors import Unreachable
from agent.domain.lever import Lever
from agent.domain.outcome import State
from agent.domain.ref import AccountId
from agent.parts import Parts
from agent.wiring.joined import joined_of
from agent.wiring.memory import ledger
from agent.wiring.parts import parts
from simulations.faults import Befalls, Faulty

CONFIG = """
mode = "auto"
ledger = "sqlite:///var/gebot.db"

[[account]]
name = "rich"
platform = "simulated"
id = "rich"
options = { seed = 1, campaigns = 3, start = 2026-11-21, money_scale = 3.0 }

[[account]]
name = "poor"
platform = "simulated"
id = "poor"
options = { seed = 2, campaigns = 3, start = 2026-11-21 }

[[account]]
name = "both"
joins = ["rich", "poor"]

[[portfolio]]
name = "everything"
account = "both"
goal = "conversion_value"
daily_pot = "1600.00 EUR"
deciders = ["split"]

[[strategy]]
name = "split"
kind = "equal_split"

[guardrails]
max_metrics_age = "6h"
min_maturity = "10%"
min_clicks = 1
min_history_days = 7
max_changes_per_run = 50
max_changes_per_hour = 100
max_share_of_entities_per_run = "100%"
max_share_of_spend_per_run = "100%"
account_ceiling = "100000.00 EUR"
[guardrails.daily_budget]
floor = "1.00 EUR"
ceiling = "10000.00 EUR"
max_step = "50%"
max_change_7d = "90%"
cooldown = "20h"
max_changes_per_day = 4

[approval.auto]
levers = ["daily_budget"]
max_step = "50%"
max_total_increase = "1000.00 EUR"
"""


def both(tmp_path: Path) -> Parts:
    settings = load(sample_config.write(tmp_path, CONFIG))
    (account,) = settings.decided
    return parts(settings, account, ledger(settings), SteppedClock(START), write=True)


def budgets(made: Parts) -> dict[str, int]:
    """Daily budgets in micros, summed for each member account."""
    table = made.reader.entities()
    sums: dict[str, int] = {}
    for row, number in enumerate(table.levers[Lever.DAILY_BUDGET].numbers.tolist()):
        home = table.ref(row).account
        sums[home] = sums.get(home, 0) + number
    return sums


def test_money_moves_from_one_account_to_the_other(tmp_path: Path) -> None:
    """One plan, cuts on one platform before raises on the other, everything read back."""
    made = both(tmp_path)
    before = budgets(made)

    cycle.look(made)
    drawn_up = cycle.draw_up(made)
    assert drawn_up is not None
    record = cycle.put_forward(made, drawn_up, epoch=made.ledger.take_lead(made.account, "here", 1, START))
    record = cycle.carry_out(made, drawn_up.fingerprint, epoch=1)

    after = budgets(made)
    assert after["rich"] < before["rich"] and after["poor"] > before["poor"]
    assert {change.ref.account for change in drawn_up.changes} == {"rich", "poor"}
    assert {item.state for item in record.changes.values()} == {State.APPLIED}
    assert drawn_up.account == AccountId("joint", "both")
    assert [one.plan.id for one in made.ledger.plans(AccountId("joint", "both"))] == [drawn_up.id]


def test_nothing_is_recorded_when_one_of_them_cannot_be_read(tmp_path: Path) -> None:
    """Money is not moved towards an account that nobody has seen."""
    settings = load(sample_config.write(tmp_path, CONFIG))
    (account,) = settings.decided
    clock = SteppedClock(START)
    joined = joined_of(settings, account)
    rich, poor = (platform.connect({}, clock) for platform in joined.platforms)
    poor = Faulty(poor, reads=[Befalls.NOTHING, Befalls.UNREACHABLE])
    ids = [platform.id for platform in joined.platforms]
    reader = joint(joined.id, dict(zip(ids, (rich, poor), strict=True)), clock)
    made = replace(both(tmp_path), reader=reader, writer=None)

    with pytest.raises(Unreachable):
        cycle.look(made)

    assert made.ledger.entities(made.account, START) is None
