"""gebot notify: try the channels on which people are told, and tell what is due."""

from typing import Annotated

import typer

from agent.cli.options import DEFAULT_CONFIG, ConfigPath
from agent.cli.output import say
from agent.clock import SystemClock
from agent.config.credentials import resolve
from agent.config.faults import meant
from agent.config.load import load
from agent.config.notify import NotifySettings
from agent.config.settings import Settings
from agent.daemon.telling import link_of, post_office
from agent.domain.errors import Mistake
from agent.domain.notice import Event, Letter, Notice
from agent.notify.message import message_of
from agent.office import open_office
from agent.wiring import plugins

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Try the channels on which people are told, and tell what is due.",
)


@app.command(help="Send a message to each channel, or to one, and say what came back.")
def test(
    name: Annotated[
        str | None, typer.Argument(help="The channel; left out: all.", show_default=False)
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    settings = load(config)
    channels = _channels(settings, name)
    sender = plugins.load("agent.notify.sending:Sender")()
    failed = 0
    for channel in channels:
        try:
            url = resolve(channel.url, f"{settings.file}: notify {channel.name!r}.url")
            message = message_of([_trial(channel)], link_of(settings), channel.template)
            trouble = sender.send(channel.name, url, message)
        except Mistake as mistake:
            trouble = str(mistake)
        failed += bool(trouble)
        say(f"{channel.name}: {trouble or 'took the message'}")
    raise typer.Exit(1 if failed else 0)


@app.command(help="Tell what is due once, as `gebot run` does all the time; also that no agent runs.")
def send(config: ConfigPath = DEFAULT_CONFIG) -> None:
    office = open_office(config, create=False)
    _channels(office.settings, None)
    sender = plugins.load("agent.notify.sending:Sender")()
    with post_office(office, sender.send) as post:
        told = post.round()
    say(f"{told} message{'s' if told != 1 else ''} told")


def _channels(settings: Settings, name: str | None) -> tuple[NotifySettings, ...]:
    """Raises: Mistake: There is no channel at all, or none of this name."""
    if not settings.notify:
        raise Mistake(
            f"{settings.file}: notify", "was missing", "docs/notifications.md tells how to write it"
        )
    found = tuple(one for one in settings.notify if name in (None, one.name))
    if not found:
        names = [one.name for one in settings.notify]
        raise Mistake(f"channel {name!r}", f"is not in {settings.file}", meant(str(name), names))
    return found


def _trial(channel: NotifySettings) -> Letter:
    now = SystemClock().now()
    lines = ("Whoever reads this will be told by gebot.", f"Of: {', '.join(channel.events)}.")
    notice = Notice(Event.WAITING, f"test {now.isoformat()}", now, "", "a test of this channel", lines)
    return Letter(channel.name, notice, now, now)
