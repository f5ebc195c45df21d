"""gebot backtest: on an account's own history, on a twin of it, or on simulated markets."""

import typer

from agent.cli.markets import markets
from agent.cli.replay import replay

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

app.callback(
    invoke_without_command=True,
    help="""Try rules, strategies and guardrails before they are let near money.

    \b
    gebot backtest replay   what would have been proposed on each day of your own history?
    gebot backtest          which strategy does best on simulated markets? (the options below)

    Every one of them runs the live engine of config.toml: the same cycle, rules and guardrails.
    """,
)(markets)
app.command(
    help="""Replay your own history: what would have been proposed each morning?

    Draws up the plan of every past day from what was known by then: for a CSV account from its
    file, else from the ledger that `gebot run` has filled. It shows proposals and makes no claim
    about their effect. Then every plan is drawn up again by somebody who knows the later days: if
    any differs, somebody looked ahead, and the exit status is 1.
    """
)(replay)
