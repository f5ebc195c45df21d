"""gebot sandbox: serve a local platform that behaves like the real one, to try gebot against."""

import contextlib
import importlib
import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from agent.cli.options import Json
from agent.clock import SystemClock
from agent.domain.errors import Mistake, Mistakes

app = typer.Typer(help="Serve a local platform that behaves like the real one.", no_args_is_help=True)

_SERVE = "simulations.sandbox.google_ads.serve"
_FAULT_HELP = (
    "Switch a fault on: before_commit, after_commit, latency, quota or operation, with settings as in"
    " 'quota:seconds=30,times=2,on=search'. Can be given more than once."
)


@app.callback()
def sandbox() -> None:
    """Serve a local platform that behaves like the real one."""


@app.command("google-ads")
def google_ads(
    port: Annotated[int, typer.Option(help="For the Google Ads client; 0: any free one.")] = 0,
    control_port: Annotated[int, typer.Option(help="For you (HTTP); 0: any free one.")] = 0,
    state: Annotated[
        Path | None, typer.Option(help="Directory in which the account lasts; none: until the end.")
    ] = None,
    customer: Annotated[str, typer.Option(help="Customer id of the account.")] = "1234567890",
    seed: Annotated[int, typer.Option(help="Which market is drawn.")] = 1,
    campaigns: Annotated[int, typer.Option(help="How many campaigns.")] = 8,
    shared_budgets: Annotated[int, typer.Option(help="How many budgets have two campaigns.")] = 1,
    experiments: Annotated[int, typer.Option(help="How many campaigns are experiments.")] = 1,
    currency: Annotated[str, typer.Option(help="Of the account.")] = "EUR",
    time_zone: Annotated[str, typer.Option(help="Of the account.")] = "UTC",
    minimum_budget: Annotated[
        str | None, typer.Option(help="Smallest daily budget, such as '1.00 EUR'.")
    ] = None,
    history_days: Annotated[int, typer.Option(help="Days of history before today.")] = 90,
    speed: Annotated[
        float | None, typer.Option(help="So many times as fast as real time; 0: stand still.")
    ] = None,
    now: Annotated[
        datetime | None,
        typer.Option(help="Begin at this moment (UTC), and stand still unless --speed is given."),
    ] = None,
    change_delay_s: Annotated[
        float, typer.Option(help="How long a change takes to show in change_event (Google: up to 180).")
    ] = 0.0,
    fault: Annotated[list[str] | None, typer.Option(help=_FAULT_HELP)] = None,
    json_: Json = False,
) -> None:
    """Serve one simulated Google Ads account to the official client, until Ctrl-C or SIGTERM."""
    serve = importlib.import_module(_SERVE)
    with contextlib.ExitStack() as stack:
        if state is None:
            state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gebot-sandbox-")))
        settings = serve.settings_of(
            state=state,
            customer=customer.replace("-", ""),
            account={
                "seed": seed,
                "campaigns": campaigns,
                "shared_budgets": shared_budgets,
                "experiments": experiments,
                "currency": currency,
                "time_zone": time_zone,
                "minimum_budget": minimum_budget,
                "history_days": history_days,
            },
            port=port,
            control_port=control_port,
            speed=speed if speed is not None else (1.0 if now is None else 0.0),
            start=None if now is None else now.replace(tzinfo=UTC),
            change_delay=timedelta(seconds=change_delay_s),
            faults=fault or (),
        )
        try:
            running = serve.open_sandbox(settings, SystemClock())
        except OSError as error:
            raise Mistakes("the sandbox cannot start", [Mistake("sandbox", str(error))]) from error
        stack.callback(running.stop)
        ended = serve.end_signal()
        typer.echo(_ready_record(running) if json_ else _ready_text(running))
        ended.wait()


def _ready_record(running: Any) -> str:
    record = {
        "ready": True,
        "endpoint": running.endpoint,
        "port": running.port,
        "control": running.control,
        "control_port": running.control_port,
        "ca_file": str(running.ca_file),
        "customer": running.customer,
        "config": _config(running),
    }
    return json.dumps(record, ensure_ascii=False)


def _ready_text(running: Any) -> str:
    return (
        f"READY {running.endpoint} control {running.control} ca {running.ca_file}\n\n"
        f"# for your config.toml:\n{_config(running)}\n\n"
        f"# what reached it: curl {running.control}/journal\n# Ctrl-C ends it"
    )


def _config(running: Any) -> str:
    """An account block; JSON strings are TOML strings."""
    return "\n".join(
        [
            "[[account]]",
            'name = "sandbox"',
            'platform = "google_ads"',
            f"id = {json.dumps(running.customer)}",
            "[account.options]",
            f"endpoint = {json.dumps(running.endpoint)}",
            f"ca_file = {json.dumps(str(running.ca_file))}",
        ]
    )
