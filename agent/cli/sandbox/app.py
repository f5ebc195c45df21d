"""gebot sandbox: the commands."""

import typer

from agent.cli.sandbox.both import both
from agent.cli.sandbox.google_ads import google_ads
from agent.cli.sandbox.meta_ads import meta_ads

app = typer.Typer(help="Serve a local platform that behaves like the real one.", no_args_is_help=True)
app.command("google-ads")(google_ads)
app.command("meta-ads")(meta_ads)
app.command("both")(both)
