"""Standing: how the agent and each of its accounts are, as plain records for terminal, page and monitors."""

from datetime import datetime
from typing import TypedDict

from agent import stop
from agent.clock import SystemClock
from agent.config.accounts import AccountSettings
from agent.daemon.due import next_decision
from agent.daemon.leaders import Leaders, leaders
from agent.daemon.pauses import Cause, read_pauses, sentence
from agent.daemon.telling import untold
from agent.domain.asking import waiting
from agent.domain.entity import EntityTable
from agent.domain.errors import Halted
from agent.domain.outcome import State
from agent.domain.record import Freeze, PlanRecord, Run, RunKind
from agent.domain.ref import AccountId
from agent.domain.seal import UNKEYED
from agent.domain.tracking_break import exclusion, in_force, stamp, words
from agent.notify.courier import untold_lines
from agent.office import Office
from agent.report.asked_lines import asked_lines
from agent.report.calibration_rows import CalibrationRow, calibration_line, calibration_row
from agent.wiring import halts
from agent.wiring.joined import joined_of
from agent.wiring.memory import folders_of
from agent.wiring.sealing import known_seal

RECENT_PLANS = 7
"""What came out otherwise is told for as many plans: about a week."""


class AccountStatus(TypedDict):
    """How one account is; moments as ISO 8601 in UTC, None when it never happened.

    `paused_until`: the agent leaves the account alone until then, for a reason that stands among
    problems or notices. `led_by`: host and process of the daemon that leads the account; None when
    none does, or it has not been round yet. `calibration`: how the
    intervals of its strategies had held at the newest plan.
    """

    account: str
    name: str
    healthy: bool
    problems: list[str]
    agent_runs: bool
    led_by: str | None
    last_observed: str | None
    last_decided: str | None
    next_decision: str | None
    paused_until: str | None
    open_plans: int
    waiting_changes: int
    unknown_changes: int
    calibration: list[CalibrationRow]
    notices: list[str]


def standing_of(office: Office, lead: Leaders) -> list[AccountStatus]:
    """How each of the accounts is, in the order of config.toml."""
    late, now = untold(office.settings), SystemClock().now()
    found = [_status(office, account, lead) for account in office.accounts]
    for one in found:
        one["notices"] += untold_lines(late, one["account"], now)
    return found


def who_leads(office: Office) -> Leaders:
    """Who leads the accounts of this office.

    Raises:
        LedgerError: The database did not answer.
    """
    return leaders(office, sorted(office.account_ids()))


def _common_problems(office: Office, lead: Leaders, account: AccountId) -> list[str]:
    """What keeps anything from being done: nobody runs, or somebody stopped it."""
    problems = [problem] if (problem := lead.problem(account)) else []
    try:
        stop.check(office.settings.state, office.memory, account, more_folders=folders_of(office.settings))
    except Halted as halted:
        problems.append(f"stopped: {halted}")
    for halt in office.memory.halts():  # the account's own must not hide behind one of everything
        if halt.account in (None, account) and not any(halt.because in one for one in problems):
            problems.append(f"{halts.words(halt)}; {halts.way_out(office.settings, halt)} ends that")
    return problems


def _status(office: Office, settings: AccountSettings, lead: Leaders) -> AccountStatus:
    memory, now = office.memory, office.clock.now()
    account = joined_of(office.settings, settings).id
    problems, notices = _common_problems(office, lead, account), list[str]()
    leader = lead.of(account) if account in lead.taken else None
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
    frozen = in_force(memory.freezes(account, now))
    if frozen is not None:
        problems.append(_frozen(frozen, settings.name, memory.entities(account, now), now))
    plans = memory.plans(account, only_open=True)
    states = [item.state for record in plans for item in record.changes.values()]
    recent = memory.plans(account, limit=RECENT_PLANS)
    lost = sum(item.state is State.NEEDS_REVIEW for record in recent for item in record.changes.values())
    calibration = recent[0].plan.calibration if recent else ()
    if lost:
        problems.append(f"{lost} changes came out other than asked; see `gebot review --all`")
    notices += [line for record in plans for line in _asked(office, record, now)]
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
        agent_runs=account in lead.taken,
        led_by=None if leader is None else f"{leader.host} {leader.pid}",
        last_observed=_finished(last[RunKind.OBSERVE]),
        last_decided=_finished(decided),
        next_decision=next_,
        paused_until=None if pause is None or pause.over(now) else pause.until.isoformat(),
        open_plans=len(plans),
        waiting_changes=states.count(State.PROPOSED),
        unknown_changes=states.count(State.UNKNOWN) + states.count(State.SENDING),
        calibration=[calibration_row(settings.name, one) for one in calibration],
        notices=[*notices, *(calibration_line(one) for one in calibration)],
    )


def _asked(office: Office, record: PlanRecord, now: datetime) -> list[str]:
    """Whom a plan waits for, where config.toml names people."""
    board, seal = office.settings.approval.board, known_seal(office.settings) or UNKEYED
    if not board.named or not record.waiting or now >= record.plan.expires_at:
        return []
    asked = waiting(record, board, seal, now).values()
    return [f"plan {record.plan.id}: {line}" for line in asked_lines(asked, now)]


def _frozen(freeze: Freeze, name: str, table: EntityTable | None, now: datetime) -> str:
    """What happened, what became of it, and what a person can do."""
    zone = "UTC" if table is None else table.account.time_zone
    return (
        f"{words(freeze, zone)}; nothing is changed until conversions are back or somebody says "
        f"`gebot thaw {name}`. What was changed since the break: "
        f"`gebot restore --account {name} --before {stamp(freeze.begins, zone)}`; "
        f"for the platform's own bidding, where it can be told: `{exclusion(freeze, name, zone, now)}`"
    )


def _finished(run: Run | None) -> str | None:
    return None if run is None or run.finished_at is None else run.finished_at.isoformat()
