"""Secrecy: what an adapter signs in with is said nowhere, least of all when something breaks."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO

from adapters.conformance.changes import KINDS_OF_ERRORS, budget_steps
from adapters.conformance.check import Group, check, must
from adapters.conformance.stage import Ability, Scene
from adapters.conformance.trouble import OF_ALL_CALLS, OF_WRITES, asks, made
from agent.domain.outcome import Accepted

_TROUBLES = (*OF_ALL_CALLS, *OF_WRITES)


@check(Group.TROUBLE)
def no_secret_is_in_any_message(scene: Scene) -> None:
    """Not in an error, nor in what Python prints of it, a receipt, a log line or on the terminal."""
    calls = [(ask.method, ask.run) for ask in asks(scene)]
    if Ability.WRITE in scene.abilities:
        changes = budget_steps(scene, 2)
        calls.append(("apply", lambda: scene.writer.apply(changes)))
    for method, run in calls:
        for what in _TROUBLES:
            for trouble in made(scene, what):
                with _heard() as heard:
                    said = _said(run)
                scene.mend()
                _check_silent(scene, "\n".join([*said, heard.getvalue()]), f"{method}, {trouble.what.value}")


@check(Group.TROUBLE)
def no_secret_shows_when_things_are_printed(scene: Scene) -> None:
    """An account that is printed, an adapter in a debugger, a usual call: no secret in any of them."""
    with _heard() as heard:
        said = [repr(scene.reader), repr(scene.reader.account())]
        for ask in asks(scene):
            ask.run()

    _check_silent(scene, "\n".join([*said, heard.getvalue()]), "what is printed of it")


def _said(run: object) -> list[str]:
    """All that a call says: its error as Python prints it, or the reasons of its receipts."""
    assert callable(run)
    try:
        answer = run()
    except KINDS_OF_ERRORS as error:
        return [repr(error), *traceback.format_exception(error)]
    receipts = answer if isinstance(answer, list | tuple) else ()
    return [repr(each) for each in receipts if not isinstance(each, Accepted)]


@contextmanager
def _heard() -> Iterator[StringIO]:
    """What is logged or printed meanwhile."""
    heard = StringIO()
    listener = logging.StreamHandler(heard)
    root = logging.getLogger()
    root.addHandler(listener)
    try:
        with redirect_stdout(heard), redirect_stderr(heard):
            yield heard
    finally:
        root.removeHandler(listener)


def _check_silent(scene: Scene, text: str, where: str) -> None:
    for secret in scene.secrets:
        must(secret not in text, f"{where}: a secret was said: {text.replace(secret, '<SECRET>')[:300]}")
