"""gebot sandbox meta-ads: serve one simulated Meta ad account to the official client."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

import typer

from agent.cli.options import Json
from agent.cli.sandbox import options
from agent.cli.sandbox.running import directory, quoted, serve
from agent.clock import SystemClock
from agent.wiring import plugins

SERVE = "simulations.sandbox.meta_ads.serve"
SETTINGS = "simulations.sandbox.meta_ads.settings"


def meta_ads(
    port: Annotated[int, typer.Option(help="For the Meta client (HTTP); 0: any free one.")] = 0,
    control_port: options.Control = 0,
    state: options.State = None,
    account: Annotated[str, typer.Option(help="Id of the account, without act_.")] = "100000000000001",
    seed: options.Seed = 1,
    campaigns: options.Campaigns = 8,
    ad_sets: Annotated[int, typer.Option(help="How many ad sets each campaign has.")] = 2,
    ad_set_budgets: Annotated[int, typer.Option(help="How many campaigns have budgets on ad sets.")] = 1,
    lifetime_budgets: Annotated[int, typer.Option(help="How many campaigns have a lifetime budget.")] = 0,
    experiments: Annotated[int, typer.Option(help="How many campaigns nobody may change.")] = 0,
    currency: options.Currency = "EUR",
    time_zone: options.TimeZone = "UTC",
    minimum_budget: options.MinimumBudget = None,
    history_days: options.HistoryDays = 90,
    speed: options.Speed = None,
    now: options.Now = None,
    change_delay_s: Annotated[
        float, typer.Option(help="How long a change takes to show in the activities.")
    ] = 0.0,
    token: Annotated[
        str | None, typer.Option(help="The only access token that is let in; none: any.")
    ] = None,
    require_proof: Annotated[
        bool, typer.Option("--require-proof", help="Refuse calls without appsecret_proof.")
    ] = False,
    limit: options.LimitTexts = None,
    fault: options.FaultTexts = None,
    json_: Json = False,
) -> None:
    """Serve one simulated Meta ad account to the official client, until Ctrl-C or SIGTERM."""
    chosen, module = plugins.module(SETTINGS), plugins.module(SERVE)
    with directory(state) as place:
        settings = chosen.settings_of(
            state=place,
            account_id=account.removeprefix("act_"),
            account={
                "seed": seed,
                "campaigns": campaigns,
                "groups_per_campaign": ad_sets,
                "group_budgets": ad_set_budgets,
                "lifetime_budgets": lifetime_budgets,
                "experiments": experiments,
                "currency": currency,
                "time_zone": time_zone,
                "minimum_budget": minimum_budget,
                "history_days": history_days,
            },
            credentials=chosen.credentials(token=token, requires_proof=require_proof),
            port=port,
            control_port=control_port,
            speed=options.speed_of(speed, now),
            start=options.moment_of(now),
            change_delay=timedelta(seconds=change_delay_s),
            limit=limit or (),
            faults=fault or (),
        )
        serve(lambda: module.open_sandbox(settings, SystemClock()), _ready, as_json=json_)


def block(front: Any, name: str = "sandbox") -> str:
    """An account block for config.toml."""
    return "\n".join(
        [
            "[[account]]",
            f"name = {quoted(name)}",
            'platform = "meta_ads"',
            f"id = {quoted(front.account_id)}",
            "[account.credentials]",
            f"access_token = {quoted(f'file:{front.token_file}')}",
            f"app_secret = {quoted(f'file:{front.secret_file}')}",
            "[account.options]",
            f"endpoint = {quoted(front.endpoint)}",
            f"own_app = {quoted(front.credentials.app_id)}",
        ]
    )


def _ready(running: Any) -> Mapping[str, object]:
    front = running.front
    return {
        "headline": f"{front.endpoint} control {running.control}",
        "endpoint": front.endpoint,
        "port": front.port,
        "control": running.control,
        "control_port": running.control_port,
        "journal": "journal",
        "account": front.account_id,
        "app_id": front.credentials.app_id,
        "config": block(front),
    }
