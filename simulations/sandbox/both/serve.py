"""Serve: a Google Ads and a Meta account that share a market, a clock and a control port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from agent.domain.errors import Mistakes
from agent.ports.clock import Clock
from simulations.bidding import GOOGLE
from simulations.part import OTHERS
from simulations.sandbox.google_ads import serve as google_ads
from simulations.sandbox.meta_ads import serve as meta_ads
from simulations.sandbox.meta_ads import settings as meta_settings
from simulations.sandbox.shared import control
from simulations.sandbox.shared.clock import SandboxClock
from simulations.simulated.connect import open_platform

GOOGLE_USUAL: Mapping[str, object] = {
    "groups_per_campaign": 2,
    "keywords_per_group": 2,
    "bidding": GOOGLE,
    "learning_beyond": 0.2,
    "advises": True,
    "day_parts": True,
}
"""What the Google Ads account has, so that it is as rich as the other."""

CUSTOMER = "1234567890"
ACCOUNT = "100000000000001"


@dataclass(frozen=True, slots=True)
class Settings:
    """How both are set up; see the settings of each."""

    state: Path
    google: google_ads.Settings
    meta: meta_settings.Settings
    control_port: int
    speed: float
    start: datetime | None


@dataclass(frozen=True, slots=True)
class Sandboxes:
    """Both, running until they are stopped."""

    google: google_ads.Front
    meta: meta_ads.Front
    clock: SandboxClock
    _http: ThreadingHTTPServer

    @property
    def control_port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def control(self) -> str:
        return f"http://127.0.0.1:{self.control_port}"

    def stop(self) -> None:
        """Let go of all ports."""
        self._http.shutdown()
        self._http.server_close()
        self.meta.close()
        self.google.close()


def settings_of(
    state: Path,
    account: Mapping[str, object],
    *,
    google_port: int = 0,
    meta_port: int = 0,
    control_port: int = 0,
    speed: float = 1.0,
    start: datetime | None = None,
    limit: Sequence[str] = (),
) -> Settings:
    """Settings from what somebody typed.

    Args:
        account: Options of the market that both share; each platform has its own besides.
        limit: Of Meta's limits, as `limits.parse` reads them.

    Raises:
        Mistakes: Everything that is wrong.
    """
    common: dict[str, Any] = {"speed": speed, "start": start, "faults": ()}
    given = {name: value for name, value in account.items() if value is not None}
    google = google_ads.settings_of(
        state=state / "google_ads",
        customer=CUSTOMER,
        account={**GOOGLE_USUAL, **given},
        port=google_port,
        **common,
    )
    meta = meta_settings.settings_of(
        state=state / "meta_ads",
        account_id=ACCOUNT,
        account=given,
        limit=limit,
        port=meta_port,
        shares_market=True,
        **common,
    )
    return Settings(state, google, meta, control_port, speed, start)


def open_sandbox(settings: Settings, system: Clock) -> Sandboxes:
    """Start all servers; when this returns, they answer.

    Raises:
        Mistakes: The settings fit no account, or not those that the state directory holds.
        OSError: A port is taken, or the state directory cannot be written.
    """
    state = settings.state.absolute()
    for place in (state, state / "google_ads", state / "meta_ads"):
        place.mkdir(parents=True, exist_ok=True)
    clock = SandboxClock(state / "clock.json", system, speed=settings.speed, start=settings.start)
    opened: list[google_ads.Front | meta_ads.Front] = []
    try:
        meta = meta_ads.open_front(settings.meta, clock, state / "meta_ads")
        opened.append(meta)
        google = _open_google(settings.google, clock, state / "google_ads")
        opened.append(google)
        http = control.start(control.routes_of(clock, [google.served, meta.served]), settings.control_port)
    except (Mistakes, OSError):
        for front in opened:
            front.close()
        raise
    return Sandboxes(google, meta, clock, http)


def _open_google(settings: google_ads.Settings, clock: Clock, state: Path) -> google_ads.Front:
    account = settings.account.model_copy(update={"journal": state / "account.jsonl"})
    platform = open_platform(settings.customer, account, {}, clock, state, channels=OTHERS)
    return google_ads.open_front(
        platform, state, port=settings.port, change_delay=settings.change_delay, faults=settings.faults
    )
