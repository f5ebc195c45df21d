"""Which entities, levers and statuses may be touched, and which wishes make sense at all."""

from dataclasses import replace

import numpy as np
import pytest
import sample
from wishes import eur, told, wish

from agent.domain.lever import Lever, Ratio, Status, Value
from agent.domain.money import Money
from agent.domain.ref import Kind, Ref
from agent.domain.verdict import Deny
from agent.guardrails.permission import LeverAllowed, Protected, StatusAllowed
from agent.guardrails.sane import Sane

BUDGET = Lever.DAILY_BUDGET


@pytest.mark.parametrize(
    ("labels", "verdict"),
    [(frozenset[str](), "allow"), (frozenset({"brand"}), "deny"), (frozenset({"Brand", "x"}), "deny")],
)
def test_protected_labels_keep_an_entity_as_it_is(labels: frozenset[str], verdict: str) -> None:
    """However the label is written."""
    table = sample.entities([50], labels=[labels])

    said = Protected(frozenset({"BRAND"})).judge(wish(table, 51), sample.snapshot(table))

    assert told(said) == verdict


def test_an_empty_list_protects_nothing_and_an_absent_one_everything() -> None:
    """[] is a decision of a person; None is none."""
    table = sample.entities([50], labels=[frozenset({"brand"})])
    snapshot = sample.snapshot(table)

    said = [Protected(labels).judge(wish(table, 51), snapshot) for labels in (frozenset[str](), None)]

    assert [told(one) for one in said] == ["allow", "deny"]


def test_a_lever_without_a_table_is_denied() -> None:
    """Limits are given lever by lever."""
    table = sample.entities([50])
    snapshot = sample.snapshot(table)

    said = [LeverAllowed(levers).judge(wish(table, 51), snapshot) for levers in ({BUDGET}, {Lever.CPC_BID})]

    assert [told(one) for one in said] == ["allow", "deny"]


@pytest.mark.parametrize(
    ("values", "target", "verdict"),
    [
        (frozenset({Status.PAUSED}), Status.PAUSED, "allow"),
        (frozenset({Status.PAUSED}), Status.ENABLED, "deny"),
        (frozenset[Status](), Status.PAUSED, "deny"),
        (None, Status.PAUSED, "deny"),
    ],
)
def test_only_named_statuses_are_set(values: frozenset[Status] | None, target: Status, verdict: str) -> None:
    """A team may let gebot pause and keep starting to itself."""
    table = sample.entities([50], levers={Lever.STATUS: [1 - target.value]})

    said = StatusAllowed(values).judge(wish(table, target, lever=Lever.STATUS), sample.snapshot(table))

    assert told(said) == verdict


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        (eur("50.01"), "allow"),
        (eur("0.01"), "allow"),
        (eur(0), "deny"),
        (eur(-1), "deny"),
        (eur("50.005"), "deny"),  # not a whole cent
        (eur(50), "deny"),  # stands already
        (Money.of(51, "USD"), "deny"),
        (Ratio.of(4), "deny"),
        (Status.PAUSED, "deny"),
    ],
)
def test_a_wish_must_be_one_that_the_account_can_carry_out(target: Value, verdict: str) -> None:
    """0 means unlimited on several platforms: it is never sent."""
    table = sample.entities([50])

    said = Sane().judge(wish(table, target), sample.snapshot(table))

    assert told(said) == verdict


@pytest.mark.parametrize(
    ("target", "verdict"), [(Ratio.of(4), "allow"), (Ratio.of(0), "deny"), (eur(4), "deny")]
)
def test_a_target_roas_is_a_ratio_above_zero(target: Value, verdict: str) -> None:
    """Money is no ratio."""
    table = sample.entities([50], levers={Lever.TARGET_ROAS: [3_000_000]})

    said = Sane().judge(wish(table, target, lever=Lever.TARGET_ROAS), sample.snapshot(table))

    assert told(said) == verdict


def test_what_is_locked_paused_or_unknown_is_denied_with_its_reason() -> None:
    """Four entities that must not be touched, each for its own reason."""
    table = sample.entities([50, 50, None], levers={Lever.STATUS: [1, 0, 1]})
    table = replace(table, locked=np.array(["experiment", "", ""]))
    snapshot = sample.snapshot(table)
    stranger = replace(wish(table, 51), ref=Ref("simulated", "other", Kind.CAMPAIGN, "000001"))

    said = [Sane().judge(wish(table, 51, row=row), snapshot) for row in range(3)]
    said.append(Sane().judge(stranger, snapshot))

    assert said == [
        Deny("it is locked: experiment"),
        Deny("it is paused"),
        Deny("simulated:demo/campaign/000003 has no daily_budget in this account's data"),
        Deny("simulated:other/campaign/000001 has no daily_budget in this account's data"),
    ]


def test_what_is_paused_may_be_started() -> None:
    """The status lever of a paused entity is steerable."""
    table = sample.entities([50], levers={Lever.STATUS: [0]})

    said = Sane().judge(wish(table, Status.ENABLED, lever=Lever.STATUS), sample.snapshot(table))

    assert told(said) == "allow"
