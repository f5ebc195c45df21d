"""gebot user and gebot web: let people in, shut them out, and say plainly what to do first."""

import contextlib
import io
import json
import socket
import sys
from pathlib import Path

import pytest
from visiting import PASSWORD, write_config

from agent.cli.main import main
from agent.cli.web import greeting
from agent.config.load import load
from agent.web.welcome import pronounceable, welcome


class Terminal:
    """Types commands in a folder, with something on standard input."""

    def __init__(self, folder: Path, typing: pytest.MonkeyPatch, printed: pytest.CaptureFixture[str]) -> None:
        self._typing = typing
        self._printed = printed
        typing.chdir(folder)

    def gebot(self, *arguments: str, typed: str = "") -> tuple[int, str]:
        """The exit status, and all that was printed."""
        self._typing.setattr(sys, "argv", ["gebot", *arguments])
        self._typing.setattr(sys, "stdin", io.StringIO(typed))
        self._printed.readouterr()
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        told = self._printed.readouterr()
        return status, told.out + told.err


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    write_config(tmp_path)
    return Terminal(tmp_path, monkeypatch, capsys)


def test_people_are_let_in_listed_and_shut_out(terminal: Terminal) -> None:
    """The password comes from standard input, and is never shown."""
    added = terminal.gebot("user", "add", "anna", typed=f"{PASSWORD}\n")
    again = terminal.gebot("user", "add", "Anna", typed=f"{PASSWORD}\n")
    listed = json.loads(terminal.gebot("user", "list", "--json")[1])
    disabled = terminal.gebot("user", "disable", "ANNA")
    after = json.loads(terminal.gebot("user", "list", "--json")[1])

    assert added == (0, "anna may sign in\n")
    assert again[0] == 2 and "is there already" in again[1]
    assert [(one["name"], one["role"], one["may_sign_in"]) for one in listed] == [("anna", "admin", True)]
    assert disabled[0] == 0 and after[0]["may_sign_in"] is False


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaaaaaa", "x" * 5000])
def test_a_password_that_is_no_good_is_refused(terminal: Terminal, password: str) -> None:
    """And nobody is let in by it."""
    status, told = terminal.gebot("user", "add", "anna", typed=f"{password}\n")

    assert status == 2 and "the password" in told
    assert password == "" or password not in told
    assert json.loads(terminal.gebot("user", "list", "--json")[1]) == []


def test_a_token_needs_somebody_who_may_sign_in(terminal: Terminal) -> None:
    """And is printed by itself, to be piped on."""
    unknown = terminal.gebot("user", "token", "anna")
    terminal.gebot("user", "add", "anna", typed=f"{PASSWORD}\n")
    status, told = terminal.gebot("user", "token", "anna", "--lasts", "1d")
    terminal.gebot("user", "disable", "anna")

    assert unknown[0] == 2 and "is not there" in unknown[1]
    assert status == 0 and len(told.splitlines()[0]) >= 40
    assert terminal.gebot("user", "token", "anna")[0] == 2
    assert terminal.gebot("user", "token", "anna", "--lasts", "soon")[0] == 2


def test_a_port_that_is_taken_is_told(terminal: Terminal, tmp_path: Path) -> None:
    """With what would be right, and no traceback."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        write_config(tmp_path, web=f'listen = "127.0.0.1:{port}"')

        status, told = terminal.gebot("web")

    assert status == 2 and f"127.0.0.1:{port}" in told and "another" in told


def test_the_first_person_of_a_simulated_account_gets_a_password_of_chance(tmp_path: Path) -> None:
    """It is told once, and it is another one in each folder."""
    write_config(tmp_path)
    settings = load(tmp_path / "config.toml")

    first, second = greeting(settings), greeting(settings)

    password = first[1].rpartition(" ")[2]
    assert "sign in as demo with the password" in first[1] and len(password) == 27
    assert len(second) == 1 and password not in second[0]


@pytest.mark.parametrize(
    "change",
    [
        ('platform = "simulated"', 'platform = "csv"'),
        ("[web]\n", '[web]\nlisten = "0.0.0.0:8750"\nurl = "https://gebot.example.com"\n'),
    ],
)
def test_nobody_is_let_in_by_themselves_where_others_or_real_money_are(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    """A person does that, with `gebot user add`."""
    write_config(tmp_path)
    file = tmp_path / "config.toml"
    file.write_text(file.read_text().replace("speed = 1", "# speed = 1").replace(*change))

    told = greeting(load(file))

    assert "gebot user add" in told[1]
    assert welcome(load(file)).all() == []


def test_passwords_of_chance_differ() -> None:
    """1,000 of them, all different, all typeable."""
    made = {pronounceable() for _ in range(1000)}

    assert len(made) == 1000
    assert all(one.isascii() and len(one) == 27 for one in made)
