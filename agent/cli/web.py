"""gebot web: serve the page on which people read and approve."""

import contextlib
from typing import Annotated

import typer

from agent.cli.options import DEFAULT_CONFIG, ConfigPath
from agent.cli.output import say
from agent.config.load import load
from agent.config.settings import Settings
from agent.config.web import WebSettings
from agent.office import open_office
from agent.web.app import create_app
from agent.web.serve import bound, serve
from agent.web.welcome import welcome


def web(
    config: ConfigPath = DEFAULT_CONFIG,
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    settings = load(config)
    place = settings.web or WebSettings()
    with contextlib.closing(bound(place, settings.file)) as listening:
        app = create_app(lambda: open_office(config))
        for line in greeting(settings):
            say(line)
        serve(app, listening, with_parent=with_parent)


def greeting(settings: Settings) -> list[str]:
    """Where the page is, and how to sign in to it."""
    place = settings.web or WebSettings()
    doors = welcome(settings)
    try:
        password = doors.first(settings)
        anybody = any(not one.disabled for one in doors.all())
        names = [one.name for one in doors.all()]
    finally:
        doors.people.close()
    lines = [f"the page is at {place.address}"]
    if password:
        lines += [
            f"sign in as {names[0]} with the password {password}",
            "  (made by chance for this simulated account and told this once; "
            f"`gebot user password {names[0]}` sets another)",
        ]
    elif not anybody:
        lines.append("nobody may sign in yet: `gebot user add NAME` lets the first person in")
    return lines
