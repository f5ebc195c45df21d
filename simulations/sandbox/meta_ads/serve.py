"""Serve: one Meta account with its platform port and its control port."""

from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path

from agent.domain.errors import Mistake
from agent.domain.ref import Kind
from agent.ports.clock import Clock
from simulations.part import SOCIAL
from simulations.platform import Platform
from simulations.sandbox.meta_ads import front, ids
from simulations.sandbox.meta_ads.activities import Activities
from simulations.sandbox.meta_ads.door import DIALECT, Credentials, Door
from simulations.sandbox.meta_ads.graph import Graph, Parts
from simulations.sandbox.meta_ads.insights import Insights
from simulations.sandbox.meta_ads.nodes import Nodes
from simulations.sandbox.meta_ads.reports import Reports
from simulations.sandbox.meta_ads.settings import Settings
from simulations.sandbox.meta_ads.throttle import Throttle
from simulations.sandbox.meta_ads.turns import Turns
from simulations.sandbox.meta_ads.writes import Writes
from simulations.sandbox.shared import control
from simulations.sandbox.shared.clock import SandboxClock
from simulations.sandbox.shared.faults import Faults
from simulations.sandbox.shared.journal import Journal
from simulations.sandbox.shared.served import Served
from simulations.sandbox.shared.violations import Violations
from simulations.simulated.connect import open_platform

TOKEN = "sandbox-token"  # noqa: S105  # of the sandbox alone
"""What the block for config.toml has; any other is let in too unless one is named."""


@dataclass(frozen=True, slots=True)
class Front:
    """The Graph API port of an account, answering until it is closed.

    Attributes:
        token_file, secret_file: An access token and the app's secret, for its owner's eyes.
    """

    served: Served
    credentials: Credentials
    token_file: Path
    secret_file: Path
    _http: ThreadingHTTPServer

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def account_id(self) -> str:
        return self.served.platform.account.id.account

    def close(self) -> None:
        """Let go of the port."""
        self._http.shutdown()
        self._http.server_close()
        self.served.journal.close()


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that runs until it is stopped."""

    front: Front
    clock: SandboxClock
    _http: ThreadingHTTPServer

    @property
    def platform(self) -> Platform:
        """What it serves."""
        return self.front.served.platform

    @property
    def control_port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def control(self) -> str:
        return f"http://127.0.0.1:{self.control_port}"

    def stop(self) -> None:
        """Let go of both ports."""
        self._http.shutdown()
        self._http.server_close()
        self.front.close()


def open_sandbox(settings: Settings, system: Clock) -> Sandbox:
    """Start both servers; when this returns, they answer.

    Args:
        system: The time outside.

    Raises:
        Mistakes: The settings fit no account, or not the one that the state directory holds.
        OSError: A port is taken, or the state directory cannot be written.
    """
    state = settings.state.absolute()
    state.mkdir(parents=True, exist_ok=True)
    clock = SandboxClock(state / "clock.json", system, speed=settings.speed, start=settings.start)
    running = open_front(settings, clock, state)
    try:
        http = control.start(control.routes_of(clock, [running.served]), settings.control_port)
    except OSError:
        running.close()
        raise
    return Sandbox(running, clock, http)


def open_front(settings: Settings, clock: Clock, state: Path) -> Front:
    """Serve the account to Graph API clients; when this returns, it answers.

    Args:
        state: Directory in which the account's edits and the journal last.

    Raises:
        Mistakes, OSError: As `open_sandbox`.
    """
    account = settings.account.model_copy(update={"journal": state / "account.jsonl"})
    platform = open_platform(settings.account_id, account, {}, clock, state, channels=SOCIAL)
    served = Served(
        "meta_ads",
        platform,
        Journal(state / "mutations.jsonl"),
        Faults(DIALECT),
        Violations(),
        shown=ids.shown,
        own=ids.own,
    )
    try:
        for fault in settings.faults:
            served.faults.arm(fault)
        return Front(
            served,
            settings.credentials,
            _kept(state / "access_token", settings.credentials.access_token or TOKEN),
            _kept(state / "app_secret", settings.credentials.app_secret),
            front.start(_turns(served, settings), settings.port),
        )
    except (Mistake, OSError):
        served.journal.close()
        raise


def _turns(served: Served, settings: Settings) -> Turns:
    platform = served.platform
    n_ads = sum(group.kind is Kind.AD_SET for group in platform.groups)
    throttle = Throttle(settings.limits, settings.account_id, n_ads)
    graph = Graph(
        Parts(
            platform=platform,
            limits=settings.limits,
            credentials=settings.credentials,
            nodes=Nodes(platform, settings.limits),
            insights=Insights(platform, settings.limits),
            reports=Reports(settings.limits, settings.account_id),
            activities=Activities(platform, settings.credentials.app_id, delay=settings.change_delay),
            writes=Writes(platform, served.journal, throttle, settings.limits),
        )
    )
    return Turns(served, graph, Door(settings.credentials), throttle, settings.limits)


def _kept(file: Path, secret: str) -> Path:
    """A file that only its owner may read."""
    file.touch(mode=0o600)
    file.write_text(secret + "\n", encoding="utf-8")
    return file
