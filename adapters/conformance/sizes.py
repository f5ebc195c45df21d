"""Sizes: more than one page, more than one request."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from adapters.conformance.changes import (
    apply,
    budget_steps,
    check_stands,
    check_true,
    kinds_of,
    refs,
    stranger,
)
from adapters.conformance.check import Group, check, must
from adapters.conformance.figures import check_cost
from adapters.conformance.stage import Ability, Opening, Scene
from agent.domain.outcome import Ambiguous
from agent.domain.ref import Kind

_PAGES = Opening(campaigns=400, history_days=30)  # 12,000 campaign days
_BATCHES = Opening(campaigns=140, history_days=2)
_MANY = Opening(campaigns=10_040, history_days=2)
OPERATIONS = 10_001
"""One more than Google takes in a request."""


@check(Group.SIZE, Ability.OPEN_PAGES, Ability.COUNT_COST, openings=(_PAGES,))
def no_page_of_metrics_is_left_out_or_read_twice(scene: Scene) -> None:
    """More rows than any platform tells at once: every day's cost is whole."""
    today = scene.now().astimezone(ZoneInfo(scene.reader.account().time_zone)).date()
    table = scene.reader.metrics(today - timedelta(days=30), today - timedelta(days=1))
    campaigns = table.kinds == Kind.CAMPAIGN.value
    keys = set(zip(table.ids[campaigns].tolist(), table.days[campaigns].tolist(), strict=True))

    must(len(keys) == int(campaigns.sum()), "a campaign has two rows for one day")
    must(len(keys) > 10_000, f"only {len(keys)} campaign days were told: the stage must open more")
    must(len(np.unique(table.days)) == 30, f"{len(np.unique(table.days))} days were told, 30 is right")
    for days in (1, 7, 15, 29):
        check_cost(scene, today - timedelta(days=days))


@check(Group.SIZE, Ability.OPEN_PAGES, Ability.WRITE, openings=(_BATCHES,))
def changes_of_several_requests_have_their_receipts_in_order(scene: Scene) -> None:
    """Some platforms take fifty at once: where one request ends, no receipt is lost or moves."""
    changes = budget_steps(scene, 130)
    odd = {0, 49, 50, 51, 99, 128}
    batch = [stranger(change) if place in odd else change for place, change in enumerate(changes)]

    receipts = apply(scene, batch)

    wanted = ["Refused" if place in odd else "Accepted" for place in range(len(batch))]
    wrong = [place for place, kind in enumerate(kinds_of(receipts)) if kind != wanted[place]]
    must(not wrong, f"receipt {wrong[:1]} was {[receipts[place] for place in wrong[:1]]}")
    real = [place for place in range(len(batch)) if place not in odd]
    check_true(scene, [batch[place] for place in real], [receipts[place] for place in real])
    for place in (1, 48, 52, 129):
        check_stands(scene, batch[place], batch[place].after)


@check(Group.SIZE, Ability.OPEN_LARGE, openings=(_MANY,))
def every_entity_of_a_large_account_is_told(scene: Scene) -> None:
    """Ten thousand campaigns, sorted, each once, and all their levers can be read."""
    table = scene.reader.entities()
    keys = list(zip(table.kinds.tolist(), table.ids.tolist(), strict=True))
    campaigns = sum(kind == Kind.CAMPAIGN for kind, _ in keys)

    must(campaigns > 10_000, f"only {campaigns} campaigns were told")
    must(keys == sorted(set(keys)), "entities are not sorted, or one stands twice")
    asked = refs(table)
    must(len(scene.reader.read(asked)) == len(asked), f"of {len(asked)} levers not all could be read")


@check(Group.SIZE, Ability.OPEN_LARGE, Ability.WRITE, openings=(_MANY,))
def ten_thousand_and_one_changes_have_as_many_receipts(scene: Scene) -> None:
    """More than fits in a request: in order, none in doubt, and what one says of itself is true."""
    changes = budget_steps(scene, OPERATIONS)
    odd = {7, 5_000, OPERATIONS - 2}
    batch = [stranger(change) if place in odd else change for place, change in enumerate(changes)]

    receipts = apply(scene, batch)

    kinds = kinds_of(receipts)
    must(
        not any(isinstance(each, Ambiguous) for each in receipts), "nothing went wrong, and some are in doubt"
    )
    must(all(kinds[place] == "Refused" for place in odd), "an entity that does not exist was accepted")
    refused = [place for place, kind in enumerate(kinds) if kind == "Refused" and place not in odd]
    must(
        not refused, f"{len(refused)} were refused, the first one: {[receipts[each] for each in refused[:1]]}"
    )
    sample = [*range(0, OPERATIONS, 97), 9_999, 10_000]
    sample = [place for place in sample if place not in odd]
    check_true(scene, [batch[place] for place in sample], [receipts[place] for place in sample])
