"""Halts: what is stopped, in words, and how it goes on."""

from agent.config.settings import Settings
from agent.domain.record import Halt
from agent.wiring.joined import joined_of


def words(halt: Halt) -> str:
    """Who stopped it, since when and why."""
    return f"halted by {halt.by} since {halt.at:%Y-%m-%d %H:%M} UTC: {halt.because}"


def way_out(settings: Settings, halt: Halt) -> str:
    """The command that ends it.

    Raises:
        Mistakes: As the wiring does.
    """
    if halt.account is None:
        return "`gebot resume`"
    names = (one.name for one in settings.decided if joined_of(settings, one).id == halt.account)
    return f"`gebot resume --account {next(names, str(halt.account))}`"
