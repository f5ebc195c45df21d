"""Running: a sandbox from its start to the signal that ends it, and what it prints meanwhile."""

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from agent.domain.errors import Mistake, Mistakes
from agent.wiring import plugins


@contextlib.contextmanager
def directory(state: Path | None) -> Iterator[Path]:
    """Where the sandbox lasts: what was named, or a place that goes away with it."""
    if state is not None:
        yield state
        return
    with tempfile.TemporaryDirectory(prefix="gebot-sandbox-") as place:
        yield Path(place)


def serve(
    opened: Callable[[], Any],
    ready: Callable[[Any], Mapping[str, object]],
    *,
    as_json: bool,
) -> None:
    """Start a sandbox, say READY, and serve until Ctrl-C or SIGTERM.

    Args:
        opened: Starts it.
        ready: What there is to say of it. `headline`, `config` and `control` are for people.

    Raises:
        Mistakes: It cannot start.
    """
    try:
        running = opened()
    except OSError as error:
        raise Mistakes("the sandbox cannot start", [Mistake("sandbox", str(error))]) from error
    try:
        ended = plugins.load("simulations.sandbox.shared.ending:end_signal")()
        record = ready(running)
        typer.echo(_as_json(record) if as_json else _as_text(record))
        ended.wait()
    finally:
        running.stop()


def _as_json(record: Mapping[str, object]) -> str:
    shown = {key: value for key, value in record.items() if key != "headline"}
    return json.dumps({"ready": True, **shown}, ensure_ascii=False)


def _as_text(record: Mapping[str, object]) -> str:
    return (
        f"READY {record['headline']}\n\n"
        f"# for your config.toml:\n{record['config']}\n\n"
        f"# what reached it: curl {record['control']}/{record['journal']}\n# Ctrl-C ends it"
    )


def quoted(text: object) -> str:
    """A TOML string; JSON's are."""
    return json.dumps(str(text))
