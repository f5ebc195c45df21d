"""The stage of the end-to-end tests: a sandbox process, a daemon process, a config on disk."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.domain.errors import LedgerError
from agent.ledger.open import open_ledger
from agent.ports.ledger import Ledger

CONFIG = """
mode = "{mode}"
ledger = "sqlite:///var/gebot.db"
state = "var"

[[account]]
name = "main"
platform = "google_ads"
id = "{customer}"
[account.options]
endpoint = "{endpoint}"
ca_file = "{ca}"
timeout_s = 20.0
[account.schedule]
decide_at = "00:00"
settle_after = "{settle_after}"

[[portfolio]]
name = "everything"
account = "main"
goal = "conversion_value"
daily_pot = "6000.00 EUR"
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
max_step = "20%"
max_change_7d = "50%"
cooldown = "20h"
max_changes_per_day = 4
"""

CUSTOMER = "1234567890"


@dataclass
class Stage:
    """Everything that runs, and how a test talks to it."""

    folder: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    control: str = ""
    endpoint: str = ""

    def open_sandbox(self) -> None:
        """Start the sandbox and wait until it is ready."""
        command = [sys.executable, "-m", "agent.cli.main", "sandbox", "google-ads", "--state", "sandbox"]
        command += ["--seed", "3", "--campaigns", "10", "--time-zone", _zone_where_it_is_noon()]
        process = self._start(command, "sandbox.log")
        ready = self.wait(lambda: re.search(r"READY (\S+) control (\S+) ca", self.log("sandbox.log")), 90)
        assert process.poll() is None
        self.endpoint, self.control = ready[1], ready[2]

    def open_with_json(self, *arguments: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
        """Start a sandbox; the process, and what it says of itself once it is ready."""
        command = [sys.executable, "-m", "agent.cli.main", "sandbox", *arguments, "--json"]
        process = self._start(command, "sandbox.log")
        line = self.wait(lambda: re.search(r"^\{.*\}$", self.log("sandbox.log"), re.M), 90)
        return process, json.loads(line[0])

    def write_config(self, mode: str = "review", settle_after: str = "2s") -> None:
        text = CONFIG.format(
            mode=mode,
            customer=CUSTOMER,
            endpoint=self.endpoint,
            ca=self.folder / "sandbox" / "ca.pem",
            settle_after=settle_after,
        )
        (self.folder / "config.toml").write_text(text, encoding="utf-8")

    def start_agent(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "agent.cli.main", "run", "--tick", "0.5"]
        return self._start(command, "agent.log")

    def gebot(self, *arguments: str, ok: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "agent.cli.main", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode in ok, (arguments, done.returncode, done.stdout, done.stderr)
        return done

    def records(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command prints with --json."""
        found: list[dict[str, Any]] = json.loads(self.gebot(*arguments, "--json").stdout)
        return found

    def ledger(self) -> Ledger | None:
        """The agent's memory, as soon as there is one; looked into without a command's start-up."""
        files = sorted((self.folder / "var").glob("gebot*.db"))
        return open_ledger(f"sqlite:///{files[0]}", create=False) if files else None

    def open_plan(self) -> str:
        """The id of the plan that waits, as soon as there is one."""

        def waiting() -> str | None:
            try:
                ledger = self.ledger()
                plans = ledger.plans(only_open=True) if ledger is not None else []
            except LedgerError:  # the agent is just making it
                return None
            return plans[0].plan.id if plans else None

        return str(self.wait(waiting))

    def states(self, plan: str) -> dict[str, str]:
        """State of each change of a plan, by change id."""
        ledger = self.ledger()
        record = ledger.plan(plan) if ledger is not None else None
        assert record is not None
        return {id_: item.state.value for id_, item in record.changes.items()}

    def mutations(self) -> list[dict[str, Any]]:
        """What reached the sandbox and was committed."""
        return [one for one in self.ask("GET", "/journal") if one["result"] == "committed"]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Talk to the sandbox's control port."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.loads(reply.read() or b"null")

    def wait(self, condition: Callable[[], Any], seconds: float = 90) -> Any:
        """What the condition returns once it is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.2)
        raise AssertionError(f"waited {seconds} s in vain; agent said:\n{self.log('agent.log')[-3000:]}")

    def log(self, name: str) -> str:
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, command: list[str], log: str) -> subprocess.Popen[str]:
        with (self.folder / log).open("a", encoding="utf-8") as out:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        self.processes.append(process)
        return process


def _zone_where_it_is_noon() -> str:
    """In the small hours yesterday's metrics are not complete, and nothing would be decided."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
