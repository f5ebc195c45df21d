"""gebot thaw and what gebot status says of a frozen account, as a person types them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from typed import gebot

from agent.config.load import load
from agent.domain.record import Freeze
from agent.domain.ref import AccountId
from agent.wiring.memory import ledger

NOW = datetime.now(UTC)


def freeze(folder: Path) -> None:
    """As the watch would have, an hour ago."""
    because = "23 conversions were expected and none came"
    account = AccountId("simulated", "demo")
    since, at = NOW - timedelta(hours=6), NOW - timedelta(hours=1)
    ledger(load(folder / "config.toml")).freeze(Freeze(account, since, at, because))


def test_a_frozen_account_is_told_and_thawed(demo: Path) -> None:
    """Who reads it knows since when, why, and what to type; afterwards it is well again."""
    gebot(demo, "plan", "--save")
    freeze(demo)

    (frozen,) = json.loads(gebot(demo, "status", "--json").stdout)
    done = gebot(demo, "thaw", frozen["name"], "--by", "anna")
    (thawed,) = json.loads(gebot(demo, "status", "--json").stdout)
    again = gebot(demo, "thaw", frozen["name"])

    (problem,) = [one for one in frozen["problems"] if "tracking looks broken" in one]
    assert "23 conversions were expected and none came; nothing is changed" in problem
    assert all(f"gebot {command}" in problem for command in ("thaw", "restore --account", "exclude"))
    assert done.returncode == 0 and "thawed" in done.stderr and "gebot exclude" in done.stderr
    assert not any("tracking" in one for one in thawed["problems"])
    assert again.returncode == 2 and "is not frozen" in again.stderr
