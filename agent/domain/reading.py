"""Reading: one look at an account as it was handed to the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from agent.domain.advice import Advice
from agent.domain.entity import EntityTable
from agent.domain.metrics import MetricsTable

Seen: TypeAlias = EntityTable | MetricsTable | Advice


@dataclass(frozen=True, slots=True)
class Reading:
    """What was seen at a moment (UTC): the entities, the metrics of some days, or advice."""

    at: datetime
    seen: Seen
