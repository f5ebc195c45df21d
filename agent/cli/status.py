"""gebot status: how the agent is; exit status 0 when it is well, 1 when a person should look."""

from datetime import timedelta
from typing import TypedDict

import typer
from rich.markup import escape
from rich.table import Table

from agent import stop
from agent.cli.office import Office, open_office
from agent.cli.options import DEFAULT_CONFIG, AccountName, ConfigPath, Json
from agent.cli.output import console, print_json, say
from agent.config.accounts import AccountSettings
from agent.daemon.due import next_decision
from agent.daemon.leader import somebody_leads
from agent.daemon.pauses import Cause, read_pauses, sentence
from agent.domain.errors import Halted
from agent.domain.outcome import State
from agent.domain.record import Run, RunKind
from agent.report.calibration_rows import CalibrationRow, calibration_line, calibration_row
from agent.wiring.joined import joined_of

SILENT_AFTER = timedelta(minutes=5)
RECENT_PLANS = 7
"""What came out otherwise is told for as many plans: about a week."""


class AccountStatus(TypedDict):
    """How one account is; moments as ISO 8601 in UTC, None when it never happened.

    `paused_until`: the agent leaves the account alone until then, for a reason that stands among
    problems or notices. `calibration`: how the intervals of its strategies had held at the newest plan.
    """

    account: str
    name: str
    healthy: bool
    problems: list[str]
    agent_runs: bool
    last_observed: str | None
    last_decided: str | None
    next_decision: str | None
    paused_until: str | None
    open_plans: int
    waiting_changes: int
    unknown_changes: int
    calibration: list[CalibrationRow]
    notices: list[str]


def status(config: ConfigPath = DEFAULT_CONFIG, account: AccountName = None, json: Json = False) -> None:
    office = open_office(config, account, create=False)
    runs = somebody_leads(office.settings.state)
    common = _common_problems(office, runs=runs)
    found = [_status(office, item, common, agent_runs=runs) for item in office.accounts]
    if json:
        print_json(found)
    else:
        _print(found)
    raise typer.Exit(0 if all(item["healthy"] for item in found) else 1)


def _common_problems(office: Office, *, runs: bool) -> list[str]:
    """What is wrong for all accounts: nobody runs, or somebody stopped it."""
    problems = []
    beat = next(iter(office.memory.heartbeats()), None)
    if not runs:
        problems.append(
            "the agent does not run" + (f" (last seen {beat.at:%Y-%m-%d %H:%M} UTC)" if beat else "")
        )
    elif beat is not None and office.clock.now() - beat.at > SILENT_AFTER * office.settings.clock.speed:
        problems.append(f"the agent has been silent since {beat.at:%Y-%m-%d %H:%M} UTC")
    try:
        stop.check(office.settings.state, office.memory)
    except Halted as halted:
        problems.append(f"stopped: {halted}")
    return problems


def _status(
    office: Office, settings: AccountSettings, common: list[str], *, agent_runs: bool
) -> AccountStatus:
    memory, now = office.memory, office.clock.now()
    account = joined_of(office.settings, settings).id
    problems, notices = list(common), list[str]()
    pause = read_pauses(office.settings.state).get(str(account))
    if pause is not None and pause.cause is Cause.WAITS and pause.over(now):
        pause = None
    if pause is not None:
        (notices if pause.cause is Cause.WAITS else problems).append(sentence(pause))
    last = {}
    for kind in RunKind:
        runs = memory.runs(account, kind)
        last[kind] = next((run for run in runs if run.finished_at is not None and not run.error), None)
        if runs and runs[0].error and (pause is None or runs[0].error != pause.because):
            problems.append(f"the last {kind} failed: {runs[0].error}")
    plans = memory.plans(account, only_open=True)
    states = [item.state for record in plans for item in record.changes.values()]
    recent = memory.plans(account, limit=RECENT_PLANS)
    lost = sum(item.state is State.NEEDS_REVIEW for record in recent for item in record.changes.values())
    calibration = recent[0].plan.calibration if recent else ()
    if lost:
        problems.append(f"{lost} changes came out other than asked; see `gebot review --all`")
    table = memory.entities(account, now)
    decided = last[RunKind.DECIDE]
    next_ = None
    if table is not None:
        slot = decided.slot if decided is not None else None
        next_ = next_decision(now, table.account.time_zone, settings.schedule.decide_at, slot).isoformat()
    return AccountStatus(
        account=str(account),
        name=settings.name,
        healthy=not problems,
        problems=problems,
        agent_runs=agent_runs,
        last_observed=_finished(last[RunKind.OBSERVE]),
        last_decided=_finished(decided),
        next_decision=next_,
        paused_until=None if pause is None else pause.until.isoformat(),
        open_plans=len(plans),
        waiting_changes=states.count(State.PROPOSED),
        unknown_changes=states.count(State.UNKNOWN) + states.count(State.SENDING),
        calibration=[calibration_row(settings.name, one) for one in calibration],
        notices=[*notices, *(calibration_line(one) for one in calibration)],
    )


def _finished(run: Run | None) -> str | None:
    return None if run is None or run.finished_at is None else run.finished_at.isoformat()


def _print(found: list[AccountStatus]) -> None:
    table = Table(
        *("account", "health", "observed (UTC)", "decided (UTC)", "next plan (UTC)"),
        *("open", "waiting", "unknown"),
        box=None,
    )
    for item in found:
        table.add_row(
            escape(item["name"]),
            "[green]well" if item["healthy"] else "[bold red]look here",
            *(
                (item[key] or "never")[:16].replace("T", " ")
                for key in ("last_observed", "last_decided", "next_decision")
            ),
            *(str(item[key]) for key in ("open_plans", "waiting_changes", "unknown_changes")),
        )
    console().print(table)
    for item in found:
        for problem in item["problems"]:
            say(f"{item['name']}: {problem}")
        for notice in item["notices"]:
            say(f"{item['name']}: {notice}")
        if item["waiting_changes"]:
            say(f"{item['name']}: {item['waiting_changes']} changes wait for you; see `gebot review`")
