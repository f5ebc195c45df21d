"""Entities: what the mornings of a replay add up to for each entity."""

from collections import defaultdict
from collections.abc import Sequence

from agent.domain.lever import Lever
from agent.domain.plan import Decision
from agent.report.rows import plain
from simulations.replay.records import EntityRecord, budget_move_micros, is_clamped, is_denied
from simulations.replay.replay import Morning


def entity_records(mornings: Sequence[Morning]) -> list[EntityRecord]:
    """One row for each entity that was ever seen, in the order of their refs."""
    names: dict[str, str] = {}
    seen: defaultdict[str, int] = defaultdict(int)
    stood: defaultdict[str, list[int]] = defaultdict(list)
    decided: defaultdict[str, list[Decision]] = defaultdict(list)
    for morning in mornings:
        table = morning.entities
        budgets = table.levers.get(Lever.DAILY_BUDGET)
        listed = [None] * len(table) if budgets is None else budgets.listed()
        for row, budget in enumerate(listed):
            entity = str(table.ref(row))
            names[entity] = plain(str(table.names[row]))
            seen[entity] += 1
            if budget is not None:
                stood[entity].append(budget)
        for decision in morning.plan.decisions:
            if not decision.not_heard:
                decided[str(decision.proposal.ref)].append(decision)
    return [
        _entity(entity, names[entity], seen[entity], stood[entity], decided[entity])
        for entity in sorted(names)
    ]


def _entity(
    entity: str, name: str, mornings: int, stood: Sequence[int], decided: Sequence[Decision]
) -> EntityRecord:
    moves = [budget_move_micros(one) for one in decided]
    changes = sum(one.change is not None for one in decided)
    raises, cuts = sum(move > 0 for move in moves), sum(move < 0 for move in moves)
    return EntityRecord(
        record="entity",
        entity=entity,
        name=name,
        mornings=mornings,
        wishes=len(decided),
        raises=raises,
        cuts=cuts,
        other_changes=changes - raises - cuts,
        clamped=sum(map(is_clamped, decided)),
        denied=sum(map(is_denied, decided)),
        stood_micros=sum(stood) // len(stood) if stood else None,
        proposed_micros=(sum(stood) + sum(moves)) // len(stood) if stood else None,
    )
