"""gebot sandbox google-ads: serve one simulated Google Ads account to the official client."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

import typer

from agent.cli.options import Json
from agent.cli.sandbox import options
from agent.cli.sandbox.running import directory, quoted, serve
from agent.clock import SystemClock
from agent.wiring import plugins

SERVE = "simulations.sandbox.google_ads.serve"


def google_ads(
    port: Annotated[int, typer.Option(help="For the Google Ads client; 0: any free one.")] = 0,
    control_port: options.Control = 0,
    state: options.State = None,
    customer: Annotated[str, typer.Option(help="Customer id of the account.")] = "1234567890",
    seed: options.Seed = 1,
    campaigns: options.Campaigns = 8,
    shared_budgets: Annotated[int, typer.Option(help="How many budgets have two campaigns.")] = 1,
    experiments: Annotated[int, typer.Option(help="How many campaigns are experiments.")] = 1,
    currency: options.Currency = "EUR",
    time_zone: options.TimeZone = "UTC",
    minimum_budget: options.MinimumBudget = None,
    history_days: options.HistoryDays = 90,
    speed: options.Speed = None,
    now: options.Now = None,
    change_delay_s: Annotated[
        float, typer.Option(help="How long a change takes to show in change_event (Google: up to 180).")
    ] = 0.0,
    fault: options.FaultTexts = None,
    json_: Json = False,
) -> None:
    """Serve one simulated Google Ads account to the official client, until Ctrl-C or SIGTERM."""
    module = plugins.module(SERVE)
    with directory(state) as place:
        settings = module.settings_of(
            state=place,
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
            speed=options.speed_of(speed, now),
            start=options.moment_of(now),
            change_delay=timedelta(seconds=change_delay_s),
            faults=fault or (),
        )
        serve(lambda: module.open_sandbox(settings, SystemClock()), _ready, as_json=json_)


def block(front: Any, name: str = "sandbox") -> str:
    """An account block for config.toml."""
    return "\n".join(
        [
            "[[account]]",
            f"name = {quoted(name)}",
            'platform = "google_ads"',
            f"id = {quoted(front.customer)}",
            "[account.options]",
            f"endpoint = {quoted(front.endpoint)}",
            f"ca_file = {quoted(front.ca_file)}",
        ]
    )


def _ready(running: Any) -> Mapping[str, object]:
    return {
        "headline": f"{running.endpoint} control {running.control} ca {running.ca_file}",
        "endpoint": running.endpoint,
        "port": running.port,
        "control": running.control,
        "control_port": running.control_port,
        "journal": "journal",
        "ca_file": str(running.ca_file),
        "customer": running.customer,
        "config": block(running.front),
    }
