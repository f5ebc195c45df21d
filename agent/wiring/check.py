"""Check: try out what the settings name, and collect every fault."""

from functools import partial

from agent.clock import SteppedClock
from agent.config.accounts import AccountSettings
from agent.config.credentials import missing
from agent.config.settings import Mode, Settings
from agent.domain.errors import GebotError, Mistake, Mistakes, PlatformError
from agent.ports.clock import Clock
from agent.wiring import parts as build
from agent.wiring.access import Visit, structure_of, tried_out
from agent.wiring.deciding import foreign_money, idle_deciders, too_low
from agent.wiring.finding import Finding, Grade, faults, of_mistake, tried
from agent.wiring.joined import Joined, joined_of
from agent.wiring.memory import ledger
from agent.wiring.plugins import rule_file, strategy
from agent.wiring.remedy import remedy

PATIENCE_S = 5.0


def findings(settings: Settings) -> list[Finding]:
    """Everything that can be tried without changing anything."""
    file = settings.file
    found: list[Finding] = []
    for item in settings.strategies:
        found += tried(f"{file}: strategy {item.name!r}", item.kind, partial(strategy, item, file=file))
    for rules in settings.rule_files:
        found += tried(f"{file}: rules {rules.name!r}", str(rules.file.name), partial(rule_file, rules))
    write = settings.mode is not Mode.DRY_RUN
    absent = missing(settings, write=write)
    found += [of_mistake(mistake) for mistake in absent]
    if not absent:
        found.append(Finding(f"{file}: credentials", Grade.OK, "all there"))
    found += tried(f"{file}: ledger", "can be opened", partial(ledger, settings))
    try:
        clock = build.clock(settings)
    except Mistake as mistake:
        return [*found, of_mistake(mistake)]
    told = set(found)
    for account in settings.accounts:
        found += [one for one in _account(settings, account, clock, write=write) if one not in told]
    return found


def _account(settings: Settings, account: AccountSettings, clock: Clock, *, write: bool) -> list[Finding]:
    """Reach the account and try it out; a joint one is what its members are, and is only decided on."""
    where = f"{settings.file}: account {account.name!r}"
    try:
        joined = joined_of(settings, account)
        fixed = joined.fixed_now()
        clock = clock if fixed is None else SteppedClock(fixed)
        link = build.adapter(settings, joined, clock, write=write, patience_s=PATIENCE_S)
    except (GebotError, Mistakes) as error:
        return faults(where, error)
    writes = write and hasattr(link, "apply")
    named = "write_credentials" if write and account.write_credentials else "credentials"

    def to_do(error: PlatformError) -> str:
        known = {word: hint for platform in joined.platforms for word, hint in platform.remedies().items()}
        return remedy(error, known, sandbox=_on_sandbox(joined), credentials=named)

    try:
        facts = link.account()
    except PlatformError as error:
        return [Finding(where, Grade.FAULT, str(error), to_do(error))]
    reached = f"reached {facts.name!r}: {facts.currency}, {facts.time_zone}"
    if write and not writes:
        reached += "; it can only be read, so what is approved is never carried out"
    found = [Finding(where, Grade.OK, reached)]
    found += [*foreign_money(settings, account, facts), *too_low(settings, account, facts)]
    visit = Visit(where, link, clock, facts, may_write=writes, remedy=to_do)
    seen = structure_of(visit) if account.joins else tried_out(visit)
    found += seen.findings
    if not account.joins:
        (platform,) = joined.platforms
        secrets = build.secrets_of(settings, account, write=write)
        limits = platform.limits(secrets, clock, settings.state)
        found += [Finding(f"{where}: limits", Grade.OK, limits)] if limits else []
    if seen.table is None or account not in settings.decided:
        return found
    try:
        desks = build.desks(settings, account, settings.guardrails_of(account))
    except (GebotError, Mistakes):
        return found  # strategies and rule files have been tried before
    return found + idle_deciders(settings, account, desks, seen.table)


def _on_sandbox(joined: Joined) -> bool:
    return any("endpoint" in platform.account.options for platform in joined.platforms)
