"""Accounts for tests: a sandbox whose clock stands still, and adapters on it."""

from datetime import UTC, datetime
from pathlib import Path

import canaries

from adapters.google_ads.connect import Options, connect
from agent.clock import SteppedClock
from agent.ports.platform import Adapter
from simulations.sandbox.google_ads.conduct import EASY, Conduct
from simulations.sandbox.google_ads.serve import Sandbox, open_sandbox, settings_of

START = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
ACCOUNT = {
    "campaigns": 8,
    "shared_budgets": 1,
    "experiments": 1,
    "history_days": 60,
    "time_zone": "America/New_York",
    "minimum_budget": "1.00 EUR",
}


def opened(directory: Path, conduct: Conduct = EASY, /, **account: object) -> Sandbox:
    """A sandbox whose clock moves only when it is told to."""
    settings = settings_of(
        state=directory,
        customer="1234567890",
        account={**ACCOUNT, **account},
        speed=0.0,
        start=START,
        faults=(),
        conduct=conduct,
    )
    return open_sandbox(settings, SteppedClock(START))


def adapter_on(sandbox: Sandbox, **options: object) -> Adapter:
    """An adapter that signs in with `token` and remembers in `state`, if they are among the options."""
    state = options.pop("state", None)
    credentials = {"token": str(options.pop("token"))} if "token" in options else {}
    credentials["developer_token"] = canaries.of("google developer token")
    return connect(
        "123-456-7890",
        Options.model_validate({"endpoint": sandbox.endpoint, "ca_file": sandbox.ca_file, **options}),
        credentials=credentials,
        clock=sandbox.clock,
        home=sandbox.ca_file.parent,
        state=None if state is None else Path(str(state)),
    )
