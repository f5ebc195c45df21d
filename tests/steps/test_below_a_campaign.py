"""What is below a campaign belongs to it: its portfolio, its pause, its lock and its labels."""

from fractions import Fraction

import numpy as np
import sample

from agent.domain.entity import EntityTable, entity_table
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.proposal import Proposal
from agent.domain.ref import Kind
from agent.domain.verdict import Allow, Deny, Verdict
from agent.guardrails.permission import Protected
from agent.guardrails.sane import Sane
from agent.steps.decide import Desk, Membership, members

BRAND, OTHER = 0, 1  # rows of ad sets "1" and "2" in the table below: kinds sort before ids


def table(*, locked: str = "", paused: bool = False, label: str = "") -> EntityTable:
    """Campaign "10 Brand" with ad set 1, campaign "20 Shoes" with ad set 2; the first is as told."""
    return entity_table(
        sample.ACCOUNT,
        ["1", "2", "10", "20"],
        names=["Women", "Brand lovers", "Brand", "Shoes"],
        kinds=[Kind.AD_SET, Kind.AD_SET, Kind.CAMPAIGN, Kind.CAMPAIGN],
        parents=["10", "20", "", ""],
        labels=[frozenset(), frozenset(), frozenset({label} if label else ()), frozenset()],
        locked=["", "", locked, ""],
        levers={
            Lever.DAILY_BUDGET: [50_000_000, 50_000_000, None, None],
            Lever.STATUS: [1, 1, int(not paused), 1],
        },
    )


def raised(entities: EntityTable, row: int) -> Proposal:
    target = Money.of(55, "EUR").times(Fraction(1))
    return Proposal(entities.ref(row), Lever.DAILY_BUDGET, target, "to see what happens", "test")


def judged(guardrail: Sane | Protected, entities: EntityTable, row: int) -> Verdict:
    return guardrail.judge(raised(entities, row), sample.snapshot(entities))


def test_an_ad_set_is_in_the_portfolio_of_its_campaign() -> None:
    """Globs are about campaign names, whatever an ad set is called."""
    desk = Desk(Portfolio("brand", Goal.VALUE), Membership(("brand*",)), ())

    (rows,) = members(sample.snapshot(table()), [desk])

    assert table().names[rows].tolist() == ["Women", "Brand"]


def test_what_is_in_a_paused_campaign_is_not_steered() -> None:
    """Money given to it would not be spent."""
    entities = table(paused=True)
    names = entities.names[sample.snapshot(entities).steerable(Lever.DAILY_BUDGET)]

    assert names.tolist() == ["Brand lovers"]


def test_what_is_in_a_locked_campaign_is_locked() -> None:
    """The ad sets of an experiment are part of it."""
    entities = table(locked="experiment")
    rows = np.flatnonzero(entities.kinds == Kind.AD_SET).tolist()

    verdicts = [judged(Sane(), entities, row) for row in rows]

    assert verdicts[BRAND] == Deny("it is locked: experiment")
    assert verdicts[OTHER] == Allow()
    assert not sample.snapshot(entities).steerable(Lever.DAILY_BUDGET)[rows[BRAND]]


def test_a_campaigns_label_protects_what_is_in_it() -> None:
    """Nobody labels every ad set."""
    entities = table(label="Hands off")
    rows = np.flatnonzero(entities.kinds == Kind.AD_SET).tolist()
    guardrail = Protected(frozenset({"hands off"}))

    verdicts = [judged(guardrail, entities, row) for row in rows]

    assert verdicts == [Deny("its label 'Hands off' protects it"), Allow()]
