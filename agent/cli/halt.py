"""gebot halt and gebot resume: the stop that survives restarts."""

from pathlib import Path
from typing import Annotated

import typer

from agent import stop
from agent.cli.options import DEFAULT_CONFIG, ME, AccountName, By, ConfigPath
from agent.cli.output import say
from agent.config.load import load, parsed
from agent.config.may import check_may
from agent.domain.errors import Mistakes
from agent.domain.role import Act
from agent.stopping import Stopping
from agent.wiring.memory import READ_PATIENCE_S, ledger, ledger_to_halt


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
    by = check_may(settings, by, Act.STOP)
    stopping = Stopping(settings, lambda: ledger_to_halt(settings))
    if account is not None:
        stopping.halt_account(account, by, because)
        say(f"halted: gebot changes nothing of {account} until `gebot resume --account {account}`")
        return
    untold = stopping.halt(by, because)
    say("; ".join(["halted: gebot sends nothing until `gebot resume`", *untold]))


def resume(account: AccountName = None, by: By = ME, config: ConfigPath = DEFAULT_CONFIG) -> None:
    settings = load(config)
    by = check_may(settings, by, Act.RESUME)
    memory = ledger(settings, busy_timeout_s=READ_PATIENCE_S)
    stopping = Stopping(settings, lambda: memory)
    if account is not None:
        still = stopping.resume_account(account, by)
        say(f"resumed: {account} may be changed again" + (still and f", once everything is resumed: {still}"))
        return
    stays = stopping.resume(by)
    say("\n".join(["resumed: what is approved and still valid may be sent", *stays]))


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
