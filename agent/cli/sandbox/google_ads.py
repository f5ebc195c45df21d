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
CONDUCT = "simulations.sandbox.google_ads.conduct:conduct_of"


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
    groups: Annotated[int, typer.Option(help="Ad groups of each campaign.")] = 0,
    keywords: Annotated[int, typer.Option(help="Keywords of each ad group of a search campaign.")] = 0,
    portfolios: Annotated[
        int, typer.Option(help="Portfolio strategies; each has one target for two campaigns.")
    ] = 0,
    bidding: Annotated[
        list[str] | None,
        typer.Option(help="How campaigns bid, in turn: 'manual_cpc', 'target_cpa'... Can be repeated."),
    ] = None,
    advice: Annotated[
        bool, typer.Option(help="Tell late conversions and simulations of other budgets.")
    ] = False,
    manager: Annotated[str | None, typer.Option(help="Customer id of a manager account above it.")] = None,
    sign_in: Annotated[
        bool, typer.Option(help="Give out tokens on a port of their own, and take no others.")
    ] = False,
    operations_per_day: Annotated[int | None, typer.Option(help="The quota of a day.")] = None,
    operations_per_minute: Annotated[int | None, typer.Option(help="The quota of a minute.")] = None,
    merged_targets: Annotated[
        bool, typer.Option(help="Keep targets inside of maximize_conversions and maximize_conversion_value.")
    ] = False,
    refuse_idle_bids: Annotated[
        bool, typer.Option(help="Refuse bids that the bidding strategy ignores, instead of ignoring them.")
    ] = False,
    keep_replies: Annotated[
        bool, typer.Option(help="Answer a query again from memory while nothing changes: for load tests.")
    ] = False,
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
                "groups_per_campaign": groups,
                "keywords_per_group": keywords,
                "portfolio_strategies": portfolios,
                "bidding": tuple(bidding or ()),
                "advises": advice,
            },
            port=port,
            control_port=control_port,
            speed=options.speed_of(speed, now),
            start=options.moment_of(now),
            change_delay=timedelta(seconds=change_delay_s),
            faults=fault or (),
            conduct=plugins.load(CONDUCT)(
                manager=None if manager is None else manager.replace("-", ""),
                sign_in=sign_in,
                operations_per_day=operations_per_day,
                operations_per_minute=operations_per_minute,
                merged_targets=merged_targets,
                refuses_idle_bids=refuse_idle_bids,
                keeps_replies=keep_replies,
            ),
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
    sign_in = running.front.sign_in
    signed = (
        {}
        if sign_in is None
        else {
            "token_uri": sign_in.token_uri,
            "service_account_file": str(sign_in.service_account_file),
        }
    )
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
        **signed,
    }
