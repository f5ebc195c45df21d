"""gebot halt and gebot resume: the stop that survives restarts."""

from typing import Annotated

import typer

from agent import stop
from agent.cli.options import DEFAULT_CONFIG, ME, By, ConfigPath
from agent.cli.output import say
from agent.config.load import load
from agent.domain.errors import GebotError, LedgerError, Mistakes
from agent.domain.record import Halt
from agent.wiring.memory import ledger
from agent.wiring.parts import clock

_PLACES = 2  # where a halt is written down: the stop file and the ledger; either is enough


def halt(
    because: Annotated[str, typer.Argument(help="Why, for the record.")] = "no reason given",
    by: By = ME,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    try:
        settings = load(config)
    except Mistakes as mistakes:
        way_out = f"an empty file {stop.STOP_FILE} in the state folder (var, if you kept it) halts at once"
        raise Mistakes(f"nothing was halted; {way_out}; {mistakes.message}", mistakes.each()) from None
    untold = []
    try:
        stop.put_up(settings.state, f"halted by {by}: {because}")
    except OSError as error:
        untold.append(f"the stop file could not be written: {error}")
    try:
        ledger(settings).halt(Halt(by, clock(settings).now(), because))
    except LedgerError as error:
        untold.append(f"the ledger could not be told: {error}")
    if len(untold) == _PLACES:
        raise GebotError(f"nothing was halted; end the agent itself; {'; '.join(untold)}")
    say("; ".join(["halted: gebot sends nothing until `gebot resume`", *untold]))


def resume(by: By = ME, config: ConfigPath = DEFAULT_CONFIG) -> None:
    settings = load(config)
    ledger(settings).resume(by, clock(settings).now())
    stop.take_down(settings.state)
    say("resumed: what is approved and still valid may be sent")
