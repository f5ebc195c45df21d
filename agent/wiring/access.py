"""Access: what an account lets gebot do, tried out by calls that change nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from agent.domain.entity import Account, EntityTable
from agent.domain.errors import PlatformError, RateLimited, Unreachable
from agent.domain.metrics import MetricsTable
from agent.domain.money import Money
from agent.domain.ref import Kind
from agent.ports.clock import Clock
from agent.ports.platform import Reader
from agent.wiring.finding import Finding, Grade
from agent.wiring.rehearsal import rehearsal

_DAYS = 7
_NOUNS = {
    Kind.CAMPAIGN: ("campaign", "campaigns"),
    Kind.CAMPAIGN_BUDGET: ("shared budget", "shared budgets"),
    Kind.AD_GROUP: ("ad group", "ad groups"),
    Kind.AD_SET: ("ad set", "ad sets"),
    Kind.KEYWORD: ("keyword", "keywords"),
    Kind.BIDDING_STRATEGY: ("bidding strategy", "bidding strategies"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """An account that was reached, about to be tried out.

    Attributes:
        where: The account, for people.
        may_write: Whether gebot was given a way to change something.
        remedy: What to do about an error of the platform, and who.
    """

    where: str
    link: Reader
    clock: Clock
    facts: Account
    may_write: bool
    remedy: Callable[[PlatformError], str]

    @property
    def today(self) -> date:
        return self.clock.now().astimezone(ZoneInfo(self.facts.time_zone)).date()


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a visit.

    Attributes:
        table: None when the structure could not be read.
        silent: Nothing more should be asked now.
    """

    findings: tuple[Finding, ...]
    table: EntityTable | None
    silent: bool = False


def tried_out(visit: Visit) -> Seen:
    """Try structure, figures, hours, advice, history and the right to write, one after the other.

    What every further call would meet as well ends it: a platform that asks to wait, or is
    silent, is not asked for more.
    """
    seen = structure_of(visit)
    found, table = list(seen.findings), seen.table
    attempts: dict[str, Callable[[], list[Finding]]] = {}
    if not seen.silent:
        attempts = {"figures": lambda: _figures(visit), "hours and advice": lambda: _advice(visit)}
        attempts["history"] = lambda: _history(visit)
        if visit.may_write and table is not None:
            attempts["writing"] = lambda: rehearsal(visit.where, visit.link, table)
    for what, attempt in attempts.items():
        try:
            found += attempt()
        except PlatformError as error:
            found.append(Finding(f"{visit.where}: {what}", Grade.FAULT, str(error), visit.remedy(error)))
            if _silences(error):
                break
    if not visit.may_write:
        told = "reads only: the right to write was not tried"
        found.append(Finding(f"{visit.where}: writing", Grade.OK, told))
    return Seen(tuple(found), table)


def structure_of(visit: Visit) -> Seen:
    """Read what the account holds, and nothing else."""
    try:
        table = visit.link.entities()
    except PlatformError as error:
        fault = Finding(f"{visit.where}: structure", Grade.FAULT, str(error), visit.remedy(error))
        return Seen((fault,), None, silent=_silences(error))
    return Seen(tuple(_structure(visit.where, table)), table)


def _silences(error: PlatformError) -> bool:
    return isinstance(error, RateLimited | Unreachable)


def _structure(where: str, table: EntityTable) -> list[Finding]:
    where = f"{where}: structure"
    kinds = Counter(table.kinds.tolist())
    if not kinds:
        to_do = "you: is this the account with your campaigns?"
        return [Finding(where, Grade.WARNING, "no campaigns", to_do)]
    told = ", ".join(f"{n} {_NOUNS.get(Kind(kind), (kind, kind))[n != 1]}" for kind, n in kinds.items())
    levers = ", ".join(
        f"{lever} {int(column.present.sum())}"
        for lever, column in table.levers.items()
        if column.present.any()
    )
    locked = Counter(why for why in table.locked.tolist() if why)
    reasons = ", ".join(f"{n} {why}" for why, n in locked.most_common())
    sentence = f"{told}; levers: {levers or 'none'}"
    if locked:
        sentence += f"; left alone: {reasons}"
    return [Finding(where, Grade.OK, sentence)]


def _figures(visit: Visit) -> list[Finding]:
    """A week at once: yesterday proves that they are there, the week that something is counted."""
    where, until = f"{visit.where}: figures", visit.today - timedelta(days=1)
    table = visit.link.metrics(until - timedelta(days=_DAYS - 1), until)
    campaigns = table.kinds == Kind.CAMPAIGN
    of_yesterday = campaigns & (table.days == np.datetime64(until))
    spent = Money(int(table.cost_micros[of_yesterday].sum()), visit.facts.currency)
    told = f"{until}: {int(of_yesterday.sum())} campaigns, cost {spent}"
    if table.partial_since is not None and table.partial_since <= np.datetime64(until):
        told += ", not complete yet"
    if not campaigns.any():
        to_do = "nobody, if nothing ran; else the platform is late, or the identity may not see figures"
        return [Finding(where, Grade.WARNING, f"none in the {_DAYS} days up to {until}", to_do)]
    conversions = float(np.nansum(table.conversions[campaigns]))
    told += f"; {_DAYS} days: {conversions:,.1f} conversions worth {_worth(table, visit.facts)}"
    if conversions == 0 and int(table.cost_micros[campaigns].sum()) > 0:
        to_do = "you: is conversion tracking on, and does [account.options] count the right one?"
        return [Finding(where, Grade.WARNING, told, to_do)]
    return [Finding(where, Grade.OK, told)]


def _worth(table: MetricsTable, facts: Account) -> Money:
    campaigns = table.kinds == Kind.CAMPAIGN
    return Money(int(table.conversion_value_micros[campaigns].sum()), facts.currency)


def _advice(visit: Visit) -> list[Finding]:
    hours = visit.link.hours(visit.today - timedelta(days=1), visit.today)
    advice = visit.link.advice()
    told = [f"{len(hours)} hourly rows since yesterday" if len(hours) else "no hourly figures"]
    if advice.windows:
        told.append(f"{len(advice.windows)} marked windows of hours")
    if advice.responses:
        told.append(f"{len(advice.responses)} simulations of budgets or targets")
    if advice.reported:
        told.append(f"a lag report of {advice.reported_n:,.0f} conversions")
    return [Finding(f"{visit.where}: hours and advice", Grade.OK, ", ".join(told))]


def _history(visit: Visit) -> list[Finding]:
    edits = visit.link.history(visit.clock.now() - timedelta(days=_DAYS))
    ours = sum(edit.ours for edit in edits)
    told = f"{len(edits)} edits in {_DAYS} days, {ours} of them by gebot"
    return [Finding(f"{visit.where}: history", Grade.OK, told)]
