"""gebot user: let people sign in to the page, and shut them out. What they may do stands in config.toml."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.options import DEFAULT_CONFIG, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.config.durations import duration_of
from agent.config.load import load
from agent.domain.board import Board
from agent.domain.errors import Mistake
from agent.web.welcome import Welcome, welcome

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Name = Annotated[str, typer.Argument(help="As [approval] in config.toml spells it.")]

_PIPED = "a program may send it on standard input, one line"


@app.callback()
def user() -> None:
    """Let people sign in to the page, and shut them out."""


@app.command(help=f"Let somebody in; the password is asked for, or {_PIPED}.")
def add(name: Name, config: ConfigPath = DEFAULT_CONFIG) -> None:
    with _welcome(config) as doors:
        person = doors.add(name, _asked(f"Password for {name}"))
    say(f"{person.name} may sign in")


@app.command(help=f"Set a new password, asked for, or {_PIPED}; all sessions of the person end.")
def password(name: Name, config: ConfigPath = DEFAULT_CONFIG) -> None:
    with _welcome(config) as doors:
        known = doors.found(name).name
        doors.set_password(known, _asked(f"New password for {known}"))
    say(f"{known} may sign in with the new password; wherever they were signed in, they no longer are")


@app.command(help="Shut somebody out at once; all sessions and tokens of the person end.")
def disable(name: Name, config: ConfigPath = DEFAULT_CONFIG) -> None:
    with _welcome(config) as doors:
        known = doors.found(name).name
        doors.disable(known)
    say(f"{known} may not sign in any more; `gebot user password {known}` lets them in again")


@app.command("list", help="Say who may sign in, and what they may do.")
def list_(config: ConfigPath = DEFAULT_CONFIG, json: Json = False) -> None:
    board = load(config).approval.board
    with _welcome(config) as doors:
        records = [
            {
                "name": one.name,
                "role": _role(board, one.name),
                "may_sign_in": not one.disabled,
                "changed_at": one.changed_at.isoformat(timespec="seconds"),
            }
            for one in doors.all()
        ]
    if json:
        print_json(records)
        return
    if not records:
        say("nobody may sign in yet; `gebot user add NAME` lets somebody in")
        return
    table = Table("name", "role", "may sign in", "since (UTC)", box=None)
    for one in records:
        shown = one["role"] or "none: on no list of [approval]"
        since = str(one["changed_at"])[:16].replace("T", " ")
        table.add_row(escape(str(one["name"])), str(shown), "yes" if one["may_sign_in"] else "no", since)
    console().print(table)


@app.command(help="Make a token with which a program reads the API as this person, and print it this once.")
def token(
    name: Name,
    lasts: Annotated[str, typer.Option(help="How long it is good for, such as '90d'.")] = "90d",
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    span = duration_of(lasts)
    if span is None or not timedelta() < span <= timedelta(days=3660):
        raise Mistake("--lasts", repr(lasts), "a duration such as '90d' or '12h' is right")
    with _welcome(config) as doors:
        secret = doors.token(name, span)
    sys.stdout.write(secret + "\n")
    say("send it as `Authorization: Bearer ...`; `gebot user password` and `disable` end it")


def _role(board: Board, name: str) -> str | None:
    role = board.role_of(name)
    return None if role is None else role.value


@contextmanager
def _welcome(config: ConfigPath) -> Iterator[Welcome]:
    doors = welcome(load(config))
    try:
        yield doors
    finally:
        doors.people.close()


def _asked(question: str) -> str:
    """The password, typed twice on a terminal or read from standard input; never an argument.

    Raises:
        Mistake: It was not the same twice, or there was none.
    """
    if not sys.stdin.isatty():
        found = sys.stdin.readline().rstrip("\r\n")
        if not found:
            raise Mistake("the password", "was empty", _PIPED)
        return found
    found = getpass.getpass(f"{question}: ")
    if getpass.getpass("The same once more: ") != found:
        raise Mistake("the password", "was not the same twice", "nothing was changed; try again")
    return found
