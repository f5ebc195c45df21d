"""How mature a day is may differ by channel: each entity has its channel's word, else the account's."""

from dataclasses import replace

import numpy as np
import pytest
import sample

from agent.domain.entity import EntityTable
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.snapshot import Snapshot
from strategies.budgets.window import window

SLOW = np.r_[np.ones(20), np.linspace(1.0, 0.1, 10)]


def snapshot() -> Snapshot:
    """Social is slow; search and whatever has no channel are as the account."""
    table: EntityTable = replace(
        sample.entities([50.0] * 3), channels=np.array(["search", "social", ""], dtype=np.str_)
    )
    found = sample.snapshot(table, cost=10.0, conversions=1.0, maturity=0.9)
    return replace(found, channel_maturity={"social": SLOW, "shopping": SLOW / 2})


def test_each_entity_has_the_maturity_of_its_channel() -> None:
    """Also in a cut, and when the snapshot is wound back."""
    whole = snapshot()

    assert whole.reported.tolist() == [[0.9] * 30, SLOW.tolist(), [0.9] * 30]
    assert whole.only(np.array([1])).reported.tolist() == [SLOW.tolist()]
    assert whole.before(10).reported[1].tolist() == [1.0] * 20


def test_evidence_is_as_mature_as_its_channel() -> None:
    """The guardrail and the figures beside a proposal count with the same shares."""
    whole = snapshot()

    recent = whole.recent.reported
    shown = window(whole, np.arange(3), 14)

    assert recent == pytest.approx([0.9, SLOW[-14:].mean(), 0.9])
    assert shown.maturity == pytest.approx(recent)
    figures = {one.name: one.text for one in shown.figures(1, Goal.CONVERSIONS)}
    assert figures["conversions_14d expected"] == f"{14 / SLOW[-14:].mean():.1f}"


def test_an_account_without_channels_of_their_own_has_one_curve() -> None:
    """For all."""
    plain = replace(snapshot(), channel_maturity={}, portfolio=Portfolio("all", Goal.VALUE))

    assert (plain.reported == 0.9).all()
