"""Proposals: new daily budgets in the form that guardrails, reviewers and the ledger read."""

from collections.abc import Callable, Iterator

import numpy as np

from agent.domain.entity import Numbers
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.proposal import Evidence, Proposal
from agent.domain.snapshot import Snapshot
from strategies.budgets.pot import Pot


def budget_proposals(
    snapshot: Snapshot,
    pot: Pot,
    budgets: Numbers,
    *,
    source: str,
    because: Callable[[int], str],
    evidence: Callable[[int], Evidence],
) -> Iterator[Proposal]:
    """Propose each budget that differs from the present one, in the order of the account.

    Args:
        budgets: Shape (n_rows,) of the pot, micros.
        because, evidence: Called with the position in the pot, for changed budgets only.
    """
    group = "" if snapshot.portfolio is None else snapshot.portfolio.name
    changed = np.flatnonzero(budgets != pot.present)
    for position in changed[np.argsort(pot.rows[changed])].tolist():
        yield Proposal(
            ref=snapshot.entities.ref(int(pot.rows[position])),
            lever=Lever.DAILY_BUDGET,
            target=Money(int(budgets[position]), snapshot.currency),
            because=because(position),
            source=source,
            group=group,
            evidence=evidence(position),
        )
