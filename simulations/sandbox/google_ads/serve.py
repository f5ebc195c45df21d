"""Serve: one sandbox account with its platform port and its control port."""

import re
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent.domain.errors import Mistake, Mistakes
from agent.ports import Clock
from simulations.platform import Platform
from simulations.sandbox.google_ads import server
from simulations.sandbox.google_ads.certificates import certificates_in
from simulations.sandbox.google_ads.tables import Tables
from simulations.sandbox.shared import control
from simulations.sandbox.shared.clock import SandboxClock
from simulations.sandbox.shared.faults import Fault, Faults
from simulations.sandbox.shared.journal import Journal
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


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that runs until it is stopped. `platform` is what it serves."""

    platform: Platform
    clock: SandboxClock
    journal: Journal
    faults: Faults
    port: int
    control_port: int
    ca_file: Path
    _grpc: Any
    _http: ThreadingHTTPServer

    @property
    def customer(self) -> str:
        return self.platform.account.id.account

    @property
    def endpoint(self) -> str:
        return f"localhost:{self.port}"

    @property
    def control(self) -> str:
        return f"http://127.0.0.1:{self.control_port}"

    def stop(self) -> None:
        """Let go of both ports; calls in flight have a second to end."""
        self._http.shutdown()
        self._http.server_close()
        self._grpc.stop(grace=1.0).wait()
        self.journal.close()


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
    armed = []
    for text in faults:
        try:
            armed.append(Fault.parse(text))
        except ValidationError as error:
            mistakes += [
                Mistake(f"fault {text!r}", " ".join([*map(str, each["loc"]), each["msg"]]))
                for each in error.errors()
            ]
    if not re.fullmatch(r"\d{10}", str(rest["customer"])):
        mistakes.append(Mistake("customer", f"was {rest['customer']!r}", "ten digits are right"))
    if rest["speed"] < 0:
        mistakes.append(Mistake("speed", f"was {rest['speed']}", "0 or more is right"))
    if mistakes:
        raise Mistakes("the sandbox cannot start", mistakes)
    return Settings(account=options, faults=tuple(armed), **rest)


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
    certificates = certificates_in(state)
    journal = Journal(state / "mutations.jsonl")
    faults = Faults()
    for fault in settings.faults:
        faults.arm(fault)
    tables = Tables(platform, change_delay=settings.change_delay)
    http = control.start(control.Control(platform, journal, faults, clock), settings.control_port)
    grpc_server, port = server.start(
        platform,
        tables,
        journal,
        faults,
        port=settings.port,
        key=certificates.key,
        chain=certificates.chain,
    )
    return Sandbox(
        platform=platform,
        clock=clock,
        journal=journal,
        faults=faults,
        port=port,
        control_port=http.server_address[1],
        ca_file=certificates.ca_file,
        _grpc=grpc_server,
        _http=http,
    )


def end_signal() -> threading.Event:
    """An event that SIGTERM or Ctrl-C sets from now on."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    return ended
