"""Clock: the sandbox's time, which can run faster, stand still, be moved forward, and lasts."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from agent.domain.errors import Mistake
from agent.ports.clock import Clock


class SandboxClock:
    """Runs `speed` times as fast as the time outside; at speed 0 it moves only when told to."""

    def __init__(
        self, file: Path, system: Clock, *, speed: float = 1.0, start: datetime | None = None
    ) -> None:
        """Open the clock, and go on where the file says.

        Args:
            system: The time outside.
            start: Where a new clock begins (UTC), or where an older one goes on if that is
                later; None: at the time outside.
        """
        self._file = file
        self._system = system
        self._speed = speed
        self._real = system.now()
        self._moment = start or self._real
        if file.exists():
            kept = json.loads(file.read_text(encoding="utf-8"))
            gone = self._real - datetime.fromisoformat(kept["real"])
            reached = datetime.fromisoformat(kept["moment"]) + gone * float(kept["speed"])
            self._moment = max(reached, start) if start is not None else reached
        self._keep()

    @property
    def speed(self) -> float:
        """Seconds here for a second outside."""
        return self._speed

    def now(self) -> datetime:
        return self._moment + (self._system.now() - self._real) * self._speed

    def advance(self, by: timedelta) -> None:
        """Move forward.

        Raises:
            Mistake: It would be backwards.
        """
        if by < timedelta(0):
            raise Mistake("clock", f"was told to go back by {-by}", "it only goes forward")
        self._moment += by
        self._keep()

    def _keep(self) -> None:
        kept = {"real": self._real.isoformat(), "moment": self._moment.isoformat(), "speed": self._speed}
        self._file.write_text(json.dumps(kept), encoding="utf-8")
