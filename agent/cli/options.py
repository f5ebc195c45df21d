"""Options that many commands share."""

import getpass
import os
from pathlib import Path
from typing import Annotated

import typer

ConfigPath = Annotated[
    Path, typer.Option("--config", "-c", envvar="GEBOT_CONFIG", help="The configuration file.")
]
Json = Annotated[bool, typer.Option("--json", help="Plain records to standard output, nothing else.")]
AccountName = Annotated[
    str | None, typer.Option("--account", "-a", help="Only this account, by its name in the configuration.")
]
By = Annotated[str, typer.Option("--by", help="Your name, for the record.")]

DEFAULT_CONFIG = Path("config.toml")


def _me() -> str:
    """The name of whoever runs this; containers may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


ME = _me()
