"""Export tables: what was seen, decided and done, as columns for spreadsheets and notebooks. Pure.

Column order is part of the contract (docs/reports.md); rows have one order, too, so that the same ledger
gives the same file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from agent.domain.lever import Ratio, Status, Value, number_of
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Decision
from agent.domain.record import PlanRecord, Run
from agent.report.rows import DecisionRow, decision_rows

MOMENT = pl.Datetime("us", "UTC")
TEXT, WHOLE, REAL = pl.String(), pl.Int64(), pl.Float64()

Schema = dict[str, pl.DataType]


class What(StrEnum):
    """What is exported."""

    METRICS = "metrics"
    CHANGES = "changes"
    DECISIONS = "decisions"
    APPROVALS = "approvals"
    PLANS = "plans"
    RUNS = "runs"


@dataclass(frozen=True, slots=True)
class Told:
    """The plans of one account that are exported, oldest first, with the names of its entities."""

    account: str
    records: Sequence[PlanRecord]
    names: dict[str, str]


_DECIDED: Schema = {
    "account": TEXT,
    "plan": TEXT,
    "drawn_up_at": MOMENT,
    "number": WHOLE,
    "change_id": TEXT,
    "entity": TEXT,
    "name": TEXT,
    "lever": TEXT,
    "currency": TEXT,
    "before": TEXT,
    "before_number": WHOLE,
    "wished": TEXT,
    "after": TEXT,
    "after_number": WHOLE,
    "state": TEXT,
    "state_because": TEXT,
    "source": TEXT,
    "because": TEXT,
    "effect_of": TEXT,
    "effect_mean": REAL,
    "effect_low": REAL,
    "effect_high": REAL,
}
CHANGES: Schema = {**_DECIDED, "since": MOMENT, "sent_at": MOMENT}
DECISIONS: Schema = {**_DECIDED, "guardrails": TEXT}
APPROVALS: Schema = {
    "account": TEXT,
    "plan": TEXT,
    "fingerprint": TEXT,
    "decided_at": MOMENT,
    "decided_by": TEXT,
    "approved": WHOLE,
    "rejected": WHOLE,
    "comment": TEXT,
}
PLANS: Schema = {
    "account": TEXT,
    "plan": TEXT,
    "fingerprint": TEXT,
    "drawn_up_at": MOMENT,
    "expires_at": MOMENT,
    "policy": TEXT,
    "decisions": WHOLE,
    "changes": WHOLE,
    **{state.value: WHOLE for state in State},
}
RUNS: Schema = {
    "account": TEXT,
    "kind": TEXT,
    "slot": TEXT,
    "started_at": MOMENT,
    "finished_at": MOMENT,
    "error": TEXT,
}


def changes_table(found: Iterable[Told]) -> pl.DataFrame:
    """Every change of every plan, in the plans' order."""
    rows = []
    for told, record, row, decision in _decided(found):
        standing = record.changes.get(row["change"] or "")
        if standing is not None:
            columns = _decision(told, record, row, decision)
            rows.append({**columns, "since": standing.since, "sent_at": standing.sent_at})
    return pl.DataFrame(rows, schema=CHANGES)


def decisions_table(found: Iterable[Told]) -> pl.DataFrame:
    """Every decision of every plan, those that changed nothing as well."""
    rows = [
        {**_decision(told, record, row, decision), "guardrails": _words(row)}
        for told, record, row, decision in _decided(found)
    ]
    return pl.DataFrame(rows, schema=DECISIONS)


def approvals_table(found: Iterable[Told]) -> pl.DataFrame:
    """Every word on these plans, oldest first of each plan."""
    rows = [
        {
            "account": told.account,
            "plan": record.plan.id,
            "fingerprint": record.plan.fingerprint,
            "decided_at": word.at,
            "decided_by": word.by,
            "approved": len(word.approved),
            "rejected": len(word.rejected),
            "comment": word.comment,
        }
        for told in found
        for record in told.records
        for word in record.approvals
    ]
    return pl.DataFrame(rows, schema=APPROVALS)


def plans_table(found: Iterable[Told]) -> pl.DataFrame:
    """One row for each plan, with how many of its changes are in which state."""
    rows = []
    for told in found:
        for record in told.records:
            states = [item.state for item in record.changes.values()]
            rows.append(
                {
                    "account": told.account,
                    "plan": record.plan.id,
                    "fingerprint": record.plan.fingerprint,
                    "drawn_up_at": record.plan.drawn_up_at,
                    "expires_at": record.plan.expires_at,
                    "policy": record.plan.policy,
                    "decisions": len(record.plan.decisions),
                    "changes": len(states),
                    **{state.value: states.count(state) for state in State},
                }
            )
    return pl.DataFrame(rows, schema=PLANS)


def runs_table(found: Iterable[Run]) -> pl.DataFrame:
    """Runs by account and begin."""
    rows = [
        {
            "account": str(run.account),
            "kind": run.kind.value,
            "slot": run.slot,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "error": run.error,
        }
        for run in sorted(found, key=lambda run: (run.account, run.started_at, run.kind, run.slot))
    ]
    return pl.DataFrame(rows, schema=RUNS)


def _decided(found: Iterable[Told]) -> Iterator[tuple[Told, PlanRecord, DecisionRow, Decision]]:
    for told in found:
        for record in told.records:
            rows = decision_rows(record, told.names)
            for row, decision in zip(rows, record.plan.decisions, strict=True):
                yield told, record, row, decision


def _decision(told: Told, record: PlanRecord, row: DecisionRow, decision: Decision) -> dict[str, object]:
    change, wished = decision.change, decision.proposal.target
    effect = decision.proposal.evidence.expected_effect
    after = None if change is None else change.after
    return {
        "account": told.account,
        "plan": row["plan"],
        "drawn_up_at": record.plan.drawn_up_at,
        "number": row["number"],
        "change_id": row["change"],
        "entity": row["entity"],
        "name": row["name"],
        "lever": row["lever"],
        "currency": wished.currency if isinstance(wished, Money) else "",
        "before": _amount(decision.before),
        "before_number": None if decision.before is None else number_of(decision.before),
        "wished": _amount(wished),
        "after": _amount(after),
        "after_number": None if after is None else number_of(after),
        "state": row["state"],
        "state_because": row["state_because"],
        "source": row["source"],
        "because": row["because"],
        "effect_of": row["posterior_of"] if effect is not None else "",
        "effect_mean": row["effect_mean"],
        "effect_low": row["effect_low"],
        "effect_high": row["effect_high"],
    }


def _amount(value: Value | None) -> str | None:
    match value:
        case Money():
            return value.amount
        case Ratio() | Status():
            return str(value)
    return None


def _words(row: DecisionRow) -> str:
    return "; ".join(
        f"{word['guardrail']} {word['verdict']}: {word['because']}" for word in row["guardrails"]
    )
