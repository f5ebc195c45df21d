"""Hall: several machines that run gebot on one ledger, with a clock that a test moves."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import canaries

from agent.domain.lever import number_of
from agent.domain.outcome import State
from agent.domain.ref import AccountId
from agent.ledger.open import open_ledger
from agent.ledger.sql.ledger import SqlLedger
from agent.ports.ledger import Ledger

_MOVING = (State.PROPOSED, State.APPROVED, State.SENDING)
"""States that none is left in: the policy of these machines lets everything through at once."""

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

_HEAD = """
mode = "auto"
ledger = "{ledger}"
state = "var"

[clock]
follow = "{clock}"

[[strategy]]
name = "thompson"
kind = "thompson_budget"

[guardrails]
max_metrics_age = "6h"
min_maturity = "10%"
min_clicks = 1
min_history_days = 7
max_changes_per_run = 50
max_changes_per_hour = 1000
max_share_of_entities_per_run = "100%"
max_share_of_spend_per_run = "100%"
account_ceiling = "1000000.00 EUR"
[guardrails.daily_budget]
floor = "1.00 EUR"
ceiling = "100000.00 EUR"
max_step = "20%"
max_change_7d = "500%"
cooldown = "1h"
max_changes_per_day = 20

[approval.auto]
levers = ["daily_budget"]
max_step = "20%"
max_total_increase = "1000000.00 EUR"
"""

_ACCOUNT = """
[[account]]
name = "{name}"
platform = "simulated"
id = "{name}"
[account.options]
journal = "{journal}"
user = "{user}"
seed = {seed}
campaigns = 4
history_days = 60
[account.schedule]
decide_at = "06:00"
settle_after = "{settle_after}"

[[portfolio]]
name = "of-{name}"
account = "{name}"
goal = "conversion_value"
deciders = ["thompson"]
"""


class Time:
    """A clock for all machines, that only the test moves."""

    def __init__(self) -> None:
        self.now = START
        time_ = self

        class Teller(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps({"time": time_.now.isoformat(), "speed": 0.0}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Teller)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Hall:
    """Machines by name, the ledger that they share, and the journals of the platforms."""

    folder: Path
    ledger_url: str
    accounts: tuple[str, ...] = ("one", "two", "three")
    settle_after: str = "1h"
    shared_state: bool = False
    clock: Time = field(default_factory=Time)
    machines: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    def start(self, name: str) -> subprocess.Popen[str]:
        """Start a machine; its log is beside its configuration."""
        home = self.home(name)
        home.mkdir(exist_ok=True)
        text = _HEAD.format(ledger=self.ledger_url, clock=self.clock.address)
        if self.shared_state:
            text = text.replace('state = "var"', f'state = "{self.folder / "var"}"')
        for seed, account in enumerate(self.accounts, start=11):  # with something to change each day
            text += _ACCOUNT.format(
                name=account,
                journal=self.folder / f"{account}.jsonl",
                user=name,
                seed=seed,
                settle_after=self.settle_after,
            )
        (home / "config.toml").write_text(text, encoding="utf-8")
        self._share_key(home)
        with (home / "log").open("a", encoding="utf-8") as log:
            machine = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("machine.py"))],
                cwd=home,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                env={**os.environ, "COLUMNS": "200"},
            )
        self.machines[name] = machine
        return machine

    def _share_key(self, home: Path) -> None:
        """All machines seal with one key, as those of a team do."""
        state = self.folder / "var" if self.shared_state else home / "var"
        state.mkdir(exist_ok=True)
        key = state / "audit.key"
        key.write_text(canaries.of("audit key in a file") + "\n", encoding="utf-8")
        key.chmod(0o600)

    def home(self, name: str) -> Path:
        return self.folder / name

    def __post_init__(self) -> None:
        self.ledger_url = self.ledger_url.replace(":@", "@")  # an empty password is one to config.toml
        self.ledger = open_ledger(self.ledger_url, busy_timeout_s=10)

    def leads(self) -> dict[str, list[str]]:
        """The accounts of each living machine, as their signs of life tell."""
        pids = {machine.pid: name for name, machine in self.machines.items() if machine.poll() is None}
        return {
            pids[beat.pid]: [account.account for account in beat.accounts]
            for beat in self.ledger.heartbeats()
            if beat.pid in pids
        }

    def next_day(self) -> None:
        """Let a day pass, and wait until each account has been decided on and nothing moves any more."""
        self.clock.now += timedelta(days=1)
        self.wait(lambda: all(self._done(account) for account in self.accounts))

    def _done(self, account: str) -> bool:
        plans = self.ledger.plans(AccountId("simulated", account), limit=1)
        return (
            bool(plans)
            and plans[0].plan.drawn_up_at >= self.clock.now
            and not any(item.state in _MOVING for item in plans[0].changes.values())
        )

    def edits(self) -> list[dict[str, Any]]:
        """The journals, without their headlines."""
        found = []
        for account in self.accounts:
            path = self.folder / f"{account}.jsonl"
            lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
            found += [{"account": account, **json.loads(line)} for line in lines]
        return found

    def wait(self, condition: Callable[[], Any], seconds: float = 300) -> Any:
        """What the condition returns once it is true; a busy machine needs a minute to start three alone."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.1)
        said = "\n".join(f"{name}: {(self.home(name) / 'log').read_text()[-1500:]}" for name in self.machines)
        raise AssertionError(f"waited {seconds} s in vain; the machines said:\n{said}")

    def close(self) -> None:
        for machine in self.machines.values():
            if machine.poll() is None:
                machine.send_signal(signal.SIGCONT)
                machine.kill()
            machine.wait()
        self.clock.close()
        cast(SqlLedger, self.ledger).close()


OpenHall = Callable[..., Hall]


def applied(ledger: Ledger, account: str) -> Counter[int]:
    """The values that the ledger says were set."""
    records = ledger.plans(AccountId("simulated", account), limit=1000)
    return Counter(
        number_of(item.change.after)
        for record in records
        for item in record.changes.values()
        if item.state is State.APPLIED
    )
