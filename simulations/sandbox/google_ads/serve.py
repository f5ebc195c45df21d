"""Serve: one sandbox account with its platform port and its control port."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent.domain.errors import Mistake, Mistakes
from agent.ports.clock import Clock
from simulations.platform import Platform
from simulations.sandbox.google_ads import server
from simulations.sandbox.google_ads.access import Access, Tokens
from simulations.sandbox.google_ads.certificates import certificates_in
from simulations.sandbox.google_ads.conduct import EASY, Conduct
from simulations.sandbox.google_ads.oauth import SignIn, open_sign_in
from simulations.sandbox.google_ads.tables import Tables
from simulations.sandbox.google_ads.turn import DIALECT, Door
from simulations.sandbox.shared import control
from simulations.sandbox.shared.clock import SandboxClock
from simulations.sandbox.shared.faults import Fault, Faults, typed
from simulations.sandbox.shared.journal import Journal
from simulations.sandbox.shared.served import Served
from simulations.sandbox.shared.violations import Violations
from simulations.simulated.connect import Options, open_platform

OVER_DELIVERY = 2.0
"""Google may spend up to twice the budget on a day."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a sandbox is set up.

    Attributes:
        state: Directory in which its edits, journal, clock and certificates last.
        port, control_port: 0 takes a free one.
        account: The simulated market behind it.
        speed, start: See `SandboxClock`.
        change_delay: How long a change takes to show in change_event.
        conduct: How Google behaves towards this account.
    """

    state: Path
    customer: str = "1234567890"
    account: Options = field(default_factory=Options)
    port: int = 0
    control_port: int = 0
    speed: float = 1.0
    start: datetime | None = None
    change_delay: timedelta = timedelta(0)
    faults: Sequence[Fault] = ()
    conduct: Conduct = EASY


@dataclass(frozen=True, slots=True)
class Front:
    """The Google Ads port of an account, answering until it is closed.

    Attributes:
        sign_in: Where tokens are given out; None: nowhere, any token is good.
    """

    served: Served
    port: int
    ca_file: Path
    _grpc: Any
    sign_in: SignIn | None = None

    @property
    def customer(self) -> str:
        return self.served.platform.account.id.account

    @property
    def endpoint(self) -> str:
        return f"localhost:{self.port}"

    def close(self) -> None:
        """Let go of the port; calls in flight have a second to end."""
        if self.sign_in is not None:
            self.sign_in.close()
        self._grpc.stop(grace=1.0).wait()
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
    def journal(self) -> Journal:
        return self.front.served.journal

    @property
    def faults(self) -> Faults:
        return self.front.served.faults

    @property
    def port(self) -> int:
        return self.front.port

    @property
    def ca_file(self) -> Path:
        return self.front.ca_file

    @property
    def control_port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def control(self) -> str:
        return f"http://127.0.0.1:{self.control_port}"

    @property
    def endpoint(self) -> str:
        return self.front.endpoint

    @property
    def customer(self) -> str:
        return self.front.customer

    def stop(self) -> None:
        """Let go of both ports."""
        self._http.shutdown()
        self._http.server_close()
        self.front.close()


def settings_of(account: Mapping[str, object], faults: Sequence[str], **rest: Any) -> Settings:
    """Settings from what somebody typed.

    Args:
        account: The options of the simulated market.
        faults: As `Fault.parse` reads them.

    Raises:
        Mistakes: Every option and every fault that is wrong.
    """
    mistakes: list[Mistake] = []
    options = Options()
    try:
        options = Options.model_validate({"over_delivery": OVER_DELIVERY, **account})
    except ValidationError as error:
        mistakes += [Mistake(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
    read = typed(faults, DIALECT)
    mistakes += read.mistakes
    if not re.fullmatch(r"\d{10}", str(rest["customer"])):
        mistakes.append(Mistake("customer", f"was {rest['customer']!r}", "ten digits are right"))
    manager = rest["conduct"].manager if "conduct" in rest else None
    if manager is not None and not re.fullmatch(r"\d{10}", manager):
        mistakes.append(Mistake("manager", f"was {manager!r}", "ten digits are right"))
    if rest["speed"] < 0:
        mistakes.append(Mistake("speed", f"was {rest['speed']}", "0 or more is right"))
    if mistakes:
        raise Mistakes("the sandbox cannot start", mistakes)
    return Settings(account=options, faults=read.faults, **rest)


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
    account = settings.account.model_copy(update={"journal": state / "account.jsonl"})
    platform = open_platform(settings.customer, account, {}, clock, state)
    front = open_front(
        platform,
        state,
        port=settings.port,
        change_delay=settings.change_delay,
        faults=settings.faults,
        conduct=settings.conduct,
    )
    try:
        http = control.start(control.routes_of(clock, [front.served]), settings.control_port)
    except OSError:
        front.close()
        raise
    return Sandbox(front, clock, http)


def open_front(
    platform: Platform,
    state: Path,
    *,
    port: int,
    change_delay: timedelta = timedelta(0),
    faults: Sequence[Fault] = (),
    conduct: Conduct = EASY,
) -> Front:
    """Serve the account to Google Ads clients; when this returns, it answers.

    Args:
        state: Directory in which certificates, keys and the journal last.

    Raises:
        OSError: The port is taken, or the directory cannot be written.
    """
    certificates = certificates_in(state)
    served = Served("google_ads", platform, Journal(state / "mutations.jsonl"), Faults(DIALECT), Violations())
    customer, tokens, sign_in = platform.account.id.account, Tokens(), None
    access = Access(customer, tokens=tokens, manager=conduct.manager, strict=conduct.strict_tokens)
    try:
        for fault in faults:
            served.faults.arm(fault)
        if conduct.sign_in:
            sign_in = open_sign_in(state, tokens, platform, port=0, lasts=conduct.token_lasts)
        grpc_server, bound = server.start(
            served,
            Tables(
                platform,
                change_delay=change_delay,
                manager=conduct.manager,
                merged_targets=conduct.strictness.merged_targets,
            ),
            Door(served, access=access, allowance=conduct.allowance),
            conduct,
            port=port,
            key=certificates.key,
            chain=certificates.chain,
        )
    except (Mistake, OSError):
        if sign_in is not None:
            sign_in.close()
        served.journal.close()
        raise
    return Front(served, bound, certificates.ca_file, grpc_server, sign_in)
