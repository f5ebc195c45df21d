"""gebot apply: carry out an approved plan by hand, after checking everything again."""

import os
from typing import Annotated

import typer

from agent import cycle
from agent.cli.options import DEFAULT_CONFIG, ME, By, ConfigPath, Json
from agent.cli.output import console, print_json
from agent.config.may import check_may
from agent.daemon.leader import FileLeases
from agent.daemon.restored import take_up_restored
from agent.domain.errors import Mistake
from agent.domain.outcome import State
from agent.domain.role import Act
from agent.office import open_office
from agent.report.plan_table import plan_table
from agent.report.rows import decision_rows, names_of
from agent.wiring.memory import WRITE_PATIENCE_S, leases
from agent.wiring.parts import carries_out
from agent.wiring.sealing import own_folder


def apply(
    plan: Annotated[str, typer.Argument(help="First characters of the plan's id.")],
    by: By = ME,
    config: ConfigPath = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    office = open_office(config, create=False, busy_timeout_s=WRITE_PATIENCE_S)
    check_may(office.settings, by, Act.DECIDE)
    record = office.plan(plan)
    where = f"plan {record.plan.id}"
    approved = [id_ for id_, item in record.changes.items() if item.state is State.APPROVED]
    if not approved:
        raise Mistake(where, "has no approved change", f"gebot review {record.plan.id} --approve all")
    if office.clock.now() >= record.plan.expires_at:
        raise Mistake(where, f"expired {record.plan.expires_at:%Y-%m-%d %H:%M} UTC", "draw up a new one")
    account = record.plan.account
    held = leases(office.settings) or FileLeases(office.settings.state)
    if account not in held.hold([account]) and carries_out(office.settings):
        raise Mistake(where, "is the running agent's to carry out", "it does so at its next tick")
    parts = next(
        (parts for _, parts in office.parts(write=True) if parts.account == record.plan.account), None
    )
    if parts is None or parts.writer is None:
        raise Mistake(where, f"is for {record.plan.account}", "an account that gebot can write to is right")
    if parts.policy != record.plan.policy:
        raise Mistake(where, "was drawn up under other rules or limits", "draw up and approve a new plan")
    readers = (each for _, each in office.parts(write=False))
    told = take_up_restored(office.memory, readers, office.clock, own_folder(office.settings), held)
    if told:
        held.release()
        raise Mistake(where, "; ".join(told), "all that was open is void: draw up and approve a new plan")
    machine = own_folder(office.settings).machine
    epoch = office.memory.take_lead(parts.account, machine, os.getpid(), office.clock.now())
    try:
        after = cycle.carry_out(parts, record.plan.fingerprint, epoch=epoch)
    finally:
        held.release()
    rows = decision_rows(after, names_of(office.memory.entities(after.plan.account, after.plan.drawn_up_at)))
    if json:
        print_json(rows)
    else:
        console().print(plan_table(after, rows))
    if any(after.changes[id_].state is not State.APPLIED for id_ in approved):
        raise typer.Exit(1)
