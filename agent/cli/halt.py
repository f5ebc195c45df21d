"""gebot halt and gebot resume: the stop that survives restarts."""

from pathlib import Path
from typing import Annotated

import typer

from agent import stop
from agent.cli.options import DEFAULT_CONFIG, ME, AccountName, By, ConfigPath
from agent.cli.output import say
from agent.config.faults import meant
from agent.config.load import load, parsed
from agent.config.settings import Settings
from agent.domain.errors import GebotError, Mistake, Mistakes
from agent.domain.record import Halt
from agent.domain.ref import AccountId
from agent.ports.ledger import Ledger
from agent.wiring import halts
from agent.wiring.joined import joined_of
from agent.wiring.memory import READ_PATIENCE_S, ledger, ledger_to_halt
from agent.wiring.parts import clock

_PLACES = 2  # where a halt of everything is written down: the stop file and the ledger; either is enough


def halt(
    because: Annotated[str, typer.Argument(help="Why, for the record.")] = "no reason given",
    account: AccountName = None,
    by: By = ME,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    try:
        settings = load(config)
    except Mistakes as mistakes:
        _halt_by_file_alone(config, mistakes, f"halted by {by}: {because}")
        return
    if account is not None:
        ledger_to_halt(settings).halt(Halt(by, clock(settings).now(), because, _id(settings, account)))
        say(f"halted: gebot changes nothing of {account} until `gebot resume --account {account}`")
        return
    untold = []
    try:
        stop.put_up(settings.state, f"halted by {by}: {because}")
    except OSError as error:
        untold.append(f"the stop file could not be written: {error}")
    try:
        ledger_to_halt(settings).halt(Halt(by, clock(settings).now(), because))
    except (GebotError, Mistakes) as error:
        untold.append(f"the ledger could not be told, so other machines go on: {error}")
    if len(untold) == _PLACES:
        raise GebotError(f"nothing was halted; end the agent itself; {'; '.join(untold)}")
    say("; ".join(["halted: gebot sends nothing until `gebot resume`", *untold]))


def resume(account: AccountName = None, by: By = ME, config: ConfigPath = DEFAULT_CONFIG) -> None:
    settings = load(config)
    memory = _ledger(settings)
    if account is not None:
        memory.resume(by, clock(settings).now(), _id(settings, account))
        say(f"resumed: {account} may be changed again" + _of_everything(settings, memory))
        return
    memory.resume(by, clock(settings).now())
    stop.take_down(settings.state)
    say("resumed: what is approved and still valid may be sent")
    for still in memory.halts():
        say(f"{still.account} stays {halts.words(still)}; {halts.way_out(settings, still)} ends that")


def _of_everything(settings: Settings, memory: Ledger) -> str:
    """What still stops it, when that is so."""
    halt = next((one for one in memory.halts() if one.account is None), None)
    if halt is not None:
        return f", once everything is resumed: {halts.words(halt)}"
    reason = stop.reason_to_stop(settings.state)
    return f", once everything is resumed: {reason}" if reason else ""


def _halt_by_file_alone(config: Path, mistakes: Mistakes, words: str) -> None:
    """A configuration that cannot be used must not keep anybody from stopping what runs already.

    Raises:
        Mistakes: The state folder is not there, or not where it usually is.
    """
    way_out = f"an empty file {stop.STOP_FILE} in the state folder (var, if you kept it) halts at once"
    try:
        named = parsed(config).get("state", "var")
    except Mistakes:
        named = "var"  # not even TOML: where it usually is, which is told
    try:
        state = config.absolute().parent / Path(str(named)).expanduser()
        if not state.is_dir():
            raise FileNotFoundError
        stop.put_up(state, words)
    except (OSError, RuntimeError):
        raise Mistakes(f"nothing was halted; {way_out}; {mistakes.message}", mistakes.each()) from None
    say(
        f"halted: what works with {state} sends nothing until `gebot resume`; "
        f"the ledger could not be told, so other machines go on: {mistakes.message}"
    )


def _ledger(settings: Settings) -> Ledger:
    return ledger(settings, busy_timeout_s=READ_PATIENCE_S)


def _id(settings: Settings, name: str) -> AccountId:
    for account in settings.decided:
        if account.name == name:
            return joined_of(settings, account).id
    right = meant(name, [account.name for account in settings.decided])
    raise Mistake(f"account {name!r}", f"is not in {settings.file}", right)
