"""gebot sandbox both: serve a Google Ads and a Meta account over one market."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from agent.cli.options import Json
from agent.cli.sandbox import google_ads, meta_ads, options
from agent.cli.sandbox.running import directory, serve
from agent.clock import SystemClock
from agent.wiring import plugins

SERVE = "simulations.sandbox.both.serve"


_JOINT = """\
# one account of both, for portfolios across them:
# [[account]]
# name = "both"
# joins = ["google", "meta"]"""


def both(
    google_port: Annotated[int, typer.Option(help="For the Google Ads client; 0: any free one.")] = 0,
    meta_port: Annotated[int, typer.Option(help="For the Meta client; 0: any free one.")] = 0,
    control_port: options.Control = 0,
    state: options.State = None,
    seed: options.Seed = 1,
    campaigns: Annotated[int, typer.Option(help="How many on both platforms together.")] = 24,
    currency: options.Currency = "EUR",
    time_zone: options.TimeZone = "UTC",
    minimum_budget: options.MinimumBudget = None,
    history_days: options.HistoryDays = 90,
    speed: options.Speed = None,
    now: options.Now = None,
    limit: options.LimitTexts = None,
    json_: Json = False,
) -> None:
    """Serve a Google Ads and a Meta account over one market and one clock, until Ctrl-C or SIGTERM."""
    module = plugins.module(SERVE)
    with directory(state) as place:
        settings = module.settings_of(
            state=place,
            account={
                "seed": seed,
                "campaigns": campaigns,
                "currency": currency,
                "time_zone": time_zone,
                "minimum_budget": minimum_budget,
                "history_days": history_days,
            },
            limit=limit or (),
            google_port=google_port,
            meta_port=meta_port,
            control_port=control_port,
            speed=options.speed_of(speed, now),
            start=options.moment_of(now),
        )
        serve(lambda: module.open_sandbox(settings, SystemClock()), _ready, as_json=json_)


def _ready(running: Any) -> Mapping[str, object]:
    blocks = [google_ads.block(running.google, "google"), meta_ads.block(running.meta, "meta")]
    clock = f'[clock]\nfollow = "{running.control}"'
    return {
        "headline": (
            f"google {running.google.endpoint} meta {running.meta.endpoint} control {running.control}"
            f" ca {running.google.ca_file}"
        ),
        "google": {"endpoint": running.google.endpoint, "customer": running.google.customer},
        "meta": {"endpoint": running.meta.endpoint, "account": running.meta.account_id},
        "ca_file": str(running.google.ca_file),
        "control": running.control,
        "control_port": running.control_port,
        "journal": "meta_ads/journal",
        "config": "\n\n".join([*blocks, _JOINT, clock]),
    }
