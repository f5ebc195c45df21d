"""Plan log: every plan as a file for people and a line for machines."""

import json
from pathlib import Path

from agent.domain.record import PlanRecord
from agent.report.plan_table import as_text, evidence_table, plan_table
from agent.report.rows import decision_rows


def write_plan(folder: Path, record: PlanRecord, names: dict[str, str]) -> Path:
    """Write ``<date>-<plan>.txt`` and append to ``plans.jsonl``, one line for each decision.

    Returns: the path of the text file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = decision_rows(record, names)
    text = as_text(plan_table(record, rows, full=True))
    text += "".join(f"\n#{row['number']}\n{as_text(evidence_table(row))}" for row in rows if row["change"])
    path = folder / f"{record.plan.drawn_up_at:%Y-%m-%dT%H%M}-{record.plan.id}.txt"
    path.write_text(text, encoding="utf-8")
    with (folder / "plans.jsonl").open("a", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path
