"""gebot run: the daemon, telling on the terminal what it does and what happens next."""

import contextlib
import sys
from datetime import timedelta
from typing import Annotated

import typer

from agent import cycle
from agent.cli.options import DEFAULT_CONFIG, ConfigPath
from agent.cli.output import console, say
from agent.clock import EmbeddedClock
from agent.config.absent import absent_limits
from agent.config.accounts import AccountSettings
from agent.config.settings import Settings
from agent.daemon.daemon import TICK_S, Daemon
from agent.daemon.due import next_decision
from agent.daemon.leader import FileLeases
from agent.daemon.orders import Orders
from agent.daemon.page import PageProcess, page_command
from agent.daemon.restored import take_up_restored
from agent.daemon.rounds import Post
from agent.daemon.telling import telling
from agent.domain.outcome import State
from agent.domain.record import PlanRecord, RunKind
from agent.office import Office, open_office
from agent.parts import Parts
from agent.ports.leases import Leases
from agent.report.account_table import account_table
from agent.report.plan_log import write_plan
from agent.report.plan_table import plan_table
from agent.report.rows import decision_rows, names_of
from agent.wiring.memory import WRITE_PATIENCE_S, leases
from agent.wiring.parts import carries_out
from agent.wiring.sealing import own_folder

FASTEST_TICK_S = 2.0


def run(
    config: ConfigPath = DEFAULT_CONFIG,
    tick: Annotated[
        float | None, typer.Option(help="Seconds from one look at the clock to the next.")
    ] = None,
) -> None:
    office = open_office(config, terminal=sys.stderr, busy_timeout_s=WRITE_PATIENCE_S)
    for told in unset(office.settings):
        say(told)
    readers = (parts for _, parts in office.parts(write=False))
    held = leases(office.settings) or FileLeases(office.settings.state)
    for told in take_up_restored(office.memory, readers, office.clock, own_folder(office.settings), held):
        say(told)
    page = contextlib.nullcontext() if office.settings.web is None else PageProcess(page_command(config))
    with page, telling(office):
        status = daemon_of(office, held, tick).run()
    raise typer.Exit(status)


def unset(settings: Settings) -> list[str]:
    """One sentence on all limits that are not set, as after an upgrade that brought new ones."""
    absent = absent_limits(settings)
    if not absent:
        return []
    return [
        f"{settings.file}: {len(absent)} limits are not set, and whatever needs them is denied: "
        f"{', '.join(absent)}; docs/configuration.md tells what to write"
    ]


def daemon_of(office: Office, held: Leases | None, tick_s: float | None) -> Daemon:
    """The daemon for all accounts of the configuration.

    Args:
        held: The leases on them; None: a file of the state folder.
    """
    clock = office.clock
    sends = carries_out(office.settings)
    orders = Orders(office.settings.state)
    posts = [
        Post(parts, account.schedule, sends, Teller(office, account, parts))
        for account, parts in office.parts(write=sends, patience_s=None, hurry=orders.hurry)
    ]
    return Daemon(
        posts,
        office.memory,
        clock,
        office.settings.state,
        leases=held,
        orders=orders,
        machine=own_folder(office.settings).machine,
        tick_s=tick_s or max(FASTEST_TICK_S, TICK_S / max(clock.speed, 1.0)),
        before_tick=clock.wind if isinstance(clock, EmbeddedClock) else lambda: None,
    )


class Teller:
    """Tells people of each plan: on the terminal, and in the plan log."""

    def __init__(self, office: Office, account: AccountSettings, parts: Parts) -> None:
        self._office = office
        self._account = account
        self._parts = parts

    def __call__(self, what: str, record: PlanRecord) -> None:
        parts = self._parts
        names = names_of(parts.ledger.entities(parts.account, record.plan.drawn_up_at))
        path = write_plan(self._office.settings.state / "plans", record, names)
        out = console()
        out.rule(f"{self._account.name}: plan {record.plan.id} {what}")
        snapshot = cycle.known(parts) if what == "drawn up" else None
        if snapshot is not None:
            out.print(account_table(snapshot), "")
        out.print(plan_table(record, decision_rows(record, names)), "")
        out.print(f"Next: {self._next(record)}", f"Whole plan: {path}", sep="\n")

    def _next(self, record: PlanRecord) -> str:
        parts = self._parts
        table = parts.ledger.entities(parts.account, parts.clock.now())
        zone = "UTC" if table is None else table.account.time_zone
        last = next(iter(parts.ledger.runs(parts.account, RunKind.DECIDE, limit=1)), None)
        at = next_decision(
            parts.clock.now(), zone, self._account.schedule.decide_at, last.slot if last else None
        )
        wait = (at - parts.clock.now()) / max(self._office.clock.speed, 1.0)
        next_ = f"the next plan is drawn up {at:%Y-%m-%d %H:%M} UTC (in {_span(wait)})"
        if not any(item.state is State.PROPOSED for item in record.changes.values()):
            return next_
        how = f"gebot review {record.plan.id}"
        waits = f"this one waits for you: read it with `{how}`, approve with `{how} --approve all`"
        return f"{waits}; {next_}"


def _span(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
