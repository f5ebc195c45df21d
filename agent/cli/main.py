"""gebot: the command line. A command's module is imported when it is called, so that --help is quick."""

import difflib
import importlib
import importlib.util
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from agent.domain.errors import GebotError, Mistake, Mistakes

COMMANDS = {
    "run": ("agent.cli.run:run", "run the agent: observe, decide, carry out what is approved"),
    "status": ("agent.cli.status:status", "say how the agent is; the exit status says well or not"),
    "hours": ("agent.cli.hours:hours", "say what today has cost so far, hour by hour, against its budgets"),
    "plan": ("agent.cli.plan:plan", "draw up a plan now and print it; nothing is applied"),
    "web": ("agent.cli.web:web", "serve the page on which people read plans and approve them"),
    "user": ("agent.cli.user:app", "let people sign in to the page, and shut them out"),
    "notify": ("agent.cli.notify:app", "try the channels on which people are told, and tell what is due"),
    "review": ("agent.cli.review:review", "list open plans, read one, approve or reject its changes"),
    "apply": ("agent.cli.apply:apply", "carry out an approved plan by hand, checked once more"),
    "explain": ("agent.cli.explain:explain", "make a decision again from what was known, and tell all of it"),
    "undo": ("agent.cli.undo:undo", "take back what a plan did, as a plan to approve"),
    "restore": ("agent.cli.restore:restore", "go back to how levers stood at a moment, as a plan to approve"),
    "exclude": ("agent.cli.exclude:exclude", "mark hours whose conversions are wrong or unusual"),
    "calibration": ("agent.cli.calibration:calibration", "say how often the intervals of strategies held"),
    "audit": ("agent.cli.audit:app", "verify, show and export the record of all that was decided"),
    "statement": (
        "agent.cli.statement:statement",
        "hold approvals, ledger and the platform's history together",
    ),
    "report": ("agent.cli.report:app", "tell a day or a month: figures, changes, and what came of them"),
    "export": ("agent.cli.export:export", "write metrics, changes, decisions and more as CSV or Parquet"),
    "halt": ("agent.cli.halt:halt", "stop every change at once, until somebody resumes"),
    "resume": ("agent.cli.halt:resume", "allow changes again after a halt"),
    "thaw": ("agent.cli.thaw:thaw", "steer an account again that was frozen because tracking looked broken"),
    "check": ("agent.cli.check:check", "check configuration, credentials, ledger and platforms"),
    "doctor": ("agent.cli.doctor:doctor", "say whether the installation is well; --prove: its guardrails"),
    "init": ("agent.cli.init:init", "write a config.toml for your account by asking"),
    "rules": ("agent.cli.rules:app", "check and test rule files"),
    "backtest": (
        "agent.cli.backtest:app",
        "try strategies and rules on your own history or simulated markets",
    ),
    "sweep": ("agent.cli.sweep:sweep", "try many settings on the same simulated markets"),
    "scenario": ("agent.cli.scenario:scenario", "live through things that go wrong, and see what is lost"),
    "benchmark": ("agent.cli.benchmark:benchmark", "hold our strategy against baselines on published worlds"),
    "chaos": ("agent.cli.chaos:chaos", "break everything on purpose, and count what did not hold"),
    "sandbox": ("agent.cli.sandbox.app:app", "serve a local platform that behaves like the real one"),
}

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What libraries of linear algebra go by; read when numpy is imported."""

OWNER_ALONE = 0o077
"""Of every file that gebot writes (ledger, keys, logs, plans, pages) nobody else reads anything."""

EXIT_FAILED = 1
EXIT_MISTAKE = 2


def main() -> None:
    """Run a command.

    The exit status is 0 when all is well, 1 when something failed or is not well, and 2 when
    a person wrote something that is wrong.
    """
    settle_on_one_thread()
    os.umask(OWNER_ALONE)
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in ("-h", "--help", "help"):
        _out(_help())
        return
    if name == "--version":
        _out(f"gebot {version('gebot')}")
        return
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        _err(
            f"there is no command {name!r}; " + (f"did you mean {near[0]!r}?" if near else "see gebot --help")
        )
        sys.exit(EXIT_MISTAKE)
    _refuse_strangers()
    try:
        _command(name)(args=arguments, prog_name=f"gebot {name}")
    except Mistakes as mistakes:
        _err(f"{mistakes.message}:")
        for mistake in mistakes.each():
            _err(f"  {mistake}")
        sys.exit(EXIT_MISTAKE)
    except GebotError as error:
        _err(str(error))
        sys.exit(EXIT_MISTAKE if isinstance(error, Mistake) else EXIT_FAILED)


def settle_on_one_thread() -> None:
    """Let linear algebra add up in one order on every machine: plans must not hang on its cores.

    To be called before numpy is imported. What the user has set stays.
    """
    for threads in THREADS:
        os.environ.setdefault(threads, "1")


def _command(name: str) -> Any:
    """The command as typer runs it."""
    typer = importlib.import_module("typer")
    place, help_ = COMMANDS[name]
    module, _, attribute = place.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return found
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(help=f"{help_[0].upper()}{help_[1:]}.")(found)
    return app


def _help() -> str:
    width = max(map(len, COMMANDS))
    return "\n".join(
        [
            "Usage: gebot COMMAND [OPTIONS]",
            "",
            "Sets bids and budgets of ad campaigns: by rules and Thompson sampling, within",
            "guardrails, approved by people. Start with `gebot init`, `gebot check`, `gebot plan`.",
            "",
            "Commands (gebot COMMAND --help tells more):",
            *(f"  {name:<{width}}  {help_}" for name, (_, help_) in COMMANDS.items()),
            "",
            "Exit status: 0 all is well, 1 something failed or is not well, 2 something was written wrong.",
        ]
    )


def _refuse_strangers() -> None:
    """Stop when a package of another distribution would be imported in the stead of ours."""
    home = Path(importlib.import_module("agent").__path__[0]).parent
    for package in ("adapters", "rules", "simulations", "strategies"):
        spec = importlib.util.find_spec(package)
        places = list(spec.submodule_search_locations or []) if spec is not None else []
        if places != [str(home / package)]:
            _err(
                f"package {package!r} comes from {places}, not from {home}; "
                "install gebot in an environment of its own"
            )
            sys.exit(EXIT_FAILED)


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")


def _err(text: str) -> None:
    sys.stderr.write(f"gebot: {text}\n")


if __name__ == "__main__":
    main()
