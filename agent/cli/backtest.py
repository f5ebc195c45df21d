"""gebot backtest: on an account's own history, on a twin of it, or on simulated markets."""

import typer

from agent.cli.markets import markets
from agent.cli.replay import replay
from agent.cli.twin import twin

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

app.callback(
    invoke_without_command=True,
    help="""Try rules, strategies and guardrails before they are let near money.

    \b
    gebot backtest replay  what would it have proposed on your own past days?
    gebot backtest twin    what does best on a market fitted to your history?
    gebot backtest         what does best on simulated markets? (options below)

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
app.command(
    help="""Try strategies, rules and guardrails on a market fitted to your own history.

    First a fit report: does the twin reproduce spend, clicks, conversions, value and lag, and how
    much does the history tell of the answer to more or less money? Then the mornings of the history
    are lived through again, on many draws, by each policy through the live cycle, against what
    people did and against a clairvoyant.
    """
)(twin)
