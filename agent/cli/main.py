"""gebot: the command line. Commands are loaded when they are called, so that --help is quick."""

import importlib
import importlib.util
import sys
from typing import Any

import click

from agent.domain.errors import GebotError, Mistakes

COMMANDS = {
    "run": ("agent.cli.run:run", "Run the agent: observe, decide, carry out what is approved."),
    "status": ("agent.cli.status:status", "Say how the agent is; the exit status says healthy or not."),
    "plan": ("agent.cli.plan:plan", "Draw up a plan now and print it; nothing is applied."),
    "review": ("agent.cli.review:review", "List open plans, read one, approve or reject its changes."),
    "apply": (
        "agent.cli.apply:apply",
        "Carry out an approved plan by hand, after checking everything again.",
    ),
    "halt": ("agent.cli.halt:halt", "Stop every change at once, until somebody resumes."),
    "resume": ("agent.cli.halt:resume", "Allow changes again after a halt."),
    "check": ("agent.cli.check:check", "Check the configuration, credentials, ledger and platforms."),
    "init": ("agent.cli.init:init", "Write a config.toml for your account by asking."),
    "rules": ("agent.cli.rules:app", "Check and test rule files."),
    "backtest": ("agent.cli.backtest:backtest", "Compare strategies on simulated markets."),
    "sandbox": ("agent.cli.sandbox:app", "Serve a local platform that behaves like the real one."),
}

EXIT_FAILED = 1
EXIT_MISTAKE = 2


class LazyGroup(click.Group):
    """A group whose commands are modules that nobody imports before they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        typer = importlib.import_module("typer")
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        found: Any = getattr(importlib.import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            app = typer.Typer(add_completion=False)
            app.command(name=cmd_name, help=COMMANDS[cmd_name][1])(found)
            found = app
        command: click.Command = typer.main.get_command(found)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            difflib = importlib.import_module("difflib")
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else " See gebot --help."
            raise click.UsageError(f"There is no command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gebot")
def gebot() -> None:
    """Set bids and budgets of ad campaigns: by rules and Thompson sampling, within guardrails,
    approved by people."""


def main() -> None:
    """Run a command; faults go to standard error, and the exit status says whose move it is."""
    _refuse_strangers()
    try:
        gebot.main(standalone_mode=True)
    except Mistakes as mistakes:
        _say(f"{mistakes.message}:")
        for mistake in mistakes.each():
            _say(f"  {mistake}")
        sys.exit(EXIT_MISTAKE)
    except GebotError as error:
        _say(str(error))
        sys.exit(EXIT_MISTAKE if type(error).__name__ == "Mistake" else EXIT_FAILED)
    except BrokenPipeError:
        sys.exit(0)


def _refuse_strangers() -> None:
    """Stop when another distribution's package of the same name would be imported in ours' stead."""
    home = importlib.import_module("agent").__path__[0].rpartition("/")[0]
    for package in ("adapters", "rules", "simulations", "strategies"):
        spec = importlib.util.find_spec(package)
        places = list(spec.submodule_search_locations or []) if spec is not None else []
        if places != [f"{home}/{package}"]:
            _say(
                f"the package '{package}' comes from {places or 'nowhere'}, not from {home}; "
                "install gebot in an environment of its own"
            )
            sys.exit(EXIT_FAILED)


def _say(text: str) -> None:
    sys.stderr.write(f"gebot: {text}\n")


if __name__ == "__main__":
    main()
