"""Metrics: how the agent is, as Prometheus reads it; computed from the ledger when it is asked.

No name of a campaign or anything else below an account is in it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

import numpy as np
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from agent.config.accounts import AccountSettings
from agent.daemon.leaders import leaders
from agent.daemon.pauses import Cause, read_pauses
from agent.daemon.standing import AccountStatus, standing_of
from agent.daemon.telling import untold
from agent.domain.outcome import State
from agent.domain.ref import AccountId, Kind
from agent.domain.tracking_break import in_force
from agent.office import Office
from agent.report.hour_rows import day_budget_micros
from agent.wiring import memory
from agent.wiring.joined import joined_of
from agent.wiring.parts import called

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_MICROS = 1e6
_OUTCOMES = tuple(state for state in State if not state.open)

_GAUGES = {
    "gebot_account_healthy": "1 when the account is well, 0 when a person should look",
    "gebot_agent_running": "1 when a process leads the account",
    "gebot_heartbeat_age_seconds": "Since the last sign of life of who leads the account",
    "gebot_observed_age_seconds": "Since the account was last read, by its own clock",
    "gebot_decided_age_seconds": "Since a plan was last drawn up, by the account's own clock",
    "gebot_plans_open": "Plans of which something may still happen",
    "gebot_changes_waiting": "Changes that wait for a person",
    "gebot_changes_unknown": "Changes of which nobody knows yet whether they took",
    "gebot_halted": "1 while everything or this account is halted",
    "gebot_frozen": "1 while tracking looks broken and nothing is steered",
}
_LABELS = ("account",)


@dataclass(frozen=True, slots=True, eq=False)
class LedgerCollector(Collector):
    """Asks the ledger anew at each scrape; knows no figure of its own."""

    office: Office

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that registering asks nothing."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        office = self.office
        build = GaugeMetricFamily("gebot_build_info", "The version that runs", labels=["version", "mode"])
        build.add_metric([version("gebot"), called(office.settings)], 1)
        yield build
        ids = {joined_of(office.settings, one).id: one for one in office.accounts}
        yield from self._gauges(ids)
        yield from self._money(ids)
        yield from self._tallies(ids)
        yield from self._paused(ids)
        yield from self._untold()

    def _gauges(self, ids: dict[AccountId, AccountSettings]) -> Iterator[Metric]:
        office, now = self.office, self.office.clock.now()
        lead = leaders(office, sorted(ids))
        halts = office.memory.halts()
        found = {name: GaugeMetricFamily(name, told, labels=_LABELS) for name, told in _GAUGES.items()}
        for (id_, account), status in zip(ids.items(), standing_of(office, lead), strict=True):
            beat = lead.of(id_)
            values: dict[str, float | None] = {
                "gebot_account_healthy": status["healthy"],
                "gebot_agent_running": status["agent_runs"],
                "gebot_heartbeat_age_seconds": None if beat is None else _age_s(beat.at, now),
                "gebot_observed_age_seconds": _age_of(status, "last_observed", now),
                "gebot_decided_age_seconds": _age_of(status, "last_decided", now),
                "gebot_plans_open": status["open_plans"],
                "gebot_changes_waiting": status["waiting_changes"],
                "gebot_changes_unknown": status["unknown_changes"],
                "gebot_halted": any(halt.account in (None, id_) for halt in halts),
                "gebot_frozen": in_force(office.memory.freezes(id_, now)) is not None,
            }
            for name, value in values.items():
                if value is not None:
                    found[name].add_metric([account.name], float(value))
        yield from found.values()

    def _money(self, ids: dict[AccountId, AccountSettings]) -> Iterator[Metric]:
        labels = ["account", "currency"]
        spend = GaugeMetricFamily(
            "gebot_spend_today", "What the account's day has cost, as last read", labels=labels
        )
        budgets = GaugeMetricFamily(
            "gebot_daily_budgets", "Sum of the daily budgets that are on", labels=labels
        )
        ceiling = GaugeMetricFamily(
            "gebot_account_ceiling", "What budgets times over-delivery may come to", labels=labels
        )
        office, now = self.office, self.office.clock.now()
        for id_, account in ids.items():
            limit = office.settings.guardrails_of(account).account_ceiling
            if limit is not None:
                ceiling.add_metric([account.name, limit.currency], limit.micros / _MICROS)
            table = office.memory.entities(id_, now)
            if table is None:
                continue
            named = [account.name, table.account.currency]
            today = np.datetime64(now.astimezone(ZoneInfo(table.account.time_zone)).date())
            metrics = office.memory.metrics(table, np.array([today], dtype="datetime64[D]"), now)
            campaigns = table.kinds == Kind.CAMPAIGN
            read = office.memory.coverages(id_, now)
            if read and read[-1].until >= today.item():  # not read yet today is not zero
                spend.add_metric(named, int(metrics.cost_micros[campaigns].sum()) / _MICROS)
            budgets.add_metric(named, day_budget_micros(table) / _MICROS)
        yield from (spend, budgets, ceiling)

    def _tallies(self, ids: dict[AccountId, AccountSettings]) -> Iterator[Metric]:
        changes = CounterMetricFamily(
            "gebot_changes", "Changes by how they came out", labels=["account", "outcome"]
        )
        failures = CounterMetricFamily(
            "gebot_failed_runs", "Runs that a platform or a fault let fail", labels=["account", "kind"]
        )
        tallies = memory.tallies(self.office.settings)
        try:
            by_state = {(one.account, one.kind): one.n for one in tallies.changes()}
            failed = [one for one in tallies.failed_runs() if one.account in ids]
        finally:
            tallies.close()
        for id_, account in ids.items():
            for state in _OUTCOMES:
                changes.add_metric([account.name, state.value], by_state.get((id_, state.value), 0))
        for one in failed:
            failures.add_metric([ids[one.account].name, one.kind], one.n)
        yield from (changes, failures)

    def _paused(self, ids: dict[AccountId, AccountSettings]) -> Iterator[Metric]:
        """Why platforms are not asked: `waits` is a quota that is used up."""
        paused = GaugeMetricFamily(
            "gebot_platform_paused", "1 while the platform is not asked", labels=["account", "cause"]
        )
        now, pauses = self.office.clock.now(), read_pauses(self.office.settings.state)
        for id_, account in ids.items():
            pause = pauses.get(str(id_))
            for cause in Cause:
                holds = pause is not None and pause.cause is cause
                over = cause is Cause.WAITS and pause is not None and pause.over(now)
                paused.add_metric([account.name, cause.value], float(holds and not over))
        yield paused

    def _untold(self) -> Iterator[Metric]:
        late = GaugeMetricFamily(
            "gebot_notices_untold",
            "Notices that wait or were given up this week",
            labels=["channel", "state"],
        )
        letters = Counter(
            (one.channel, "waits" if one.given_up_at is None else "given_up")
            for one in untold(self.office.settings)
        )
        for channel in self.office.settings.notify:
            for state in ("waits", "given_up"):
                late.add_metric([channel.name, state], letters[channel.name, state])
        yield late


def exposition(office: Office) -> bytes:
    """All of it in the text that Prometheus reads.

    Raises:
        LedgerError, Mistakes: It cannot be told.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(LedgerCollector(office))
    return generate_latest(registry)


def _age_of(status: AccountStatus, key: str, now: datetime) -> float | None:
    moment = status["last_observed"] if key == "last_observed" else status["last_decided"]
    return None if moment is None else _age_s(datetime.fromisoformat(moment), now)


def _age_s(moment: datetime, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds())
