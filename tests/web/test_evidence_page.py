"""The evidence of a decision: figures as known then, the curve, every guardrail's word."""

import json
import re
from collections.abc import Iterator
from html import unescape

import numpy as np
import pytest
from planned import Wish, put_forward
from visiting import House, house

from agent import cycle
from agent.domain.plan import Plan
from agent.web.figures.response import response_chart, responses_then
from agent.web.figures.spark import HEIGHT, WIDTH, spark
from agent.web.views.evidence import known_then


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A page over an account that was observed."""
    with house(tmp_path_factory.mktemp("lived")) as opened:
        yield opened


@pytest.fixture(scope="module")
def plan(lived: House) -> Plan:
    """A plan as gebot itself draws it up."""
    office = lived.reception.office
    ((_, parts),) = office.parts(write=False)
    cycle.look(parts)
    drawn_up = cycle.draw_up(parts)
    assert drawn_up is not None and drawn_up.changes
    cycle.put_forward(parts, drawn_up, epoch=office.memory.epoch(parts.account))
    return drawn_up


def test_the_figures_and_the_curve_of_then_are_shown(lived: House, plan: Plan) -> None:
    """With days that are still to grow, and the new budget where the plan's own belief has it."""
    number = next(n for n, one in enumerate(plan.decisions, 1) if one.change is not None)
    posterior = plan.decisions[number - 1].proposal.evidence.posterior
    page = lived.signed_in("anna").get(f"/plans/{plan.id}/decisions/{number}").text

    told = re.search(r'data-chart="([^"]*)"', page)

    assert 'class="young"' in page and "90 days" in page
    assert told is not None and posterior is not None
    spots = json.loads(unescape(told[1]))["spots"]
    assert [one["label"] for one in spots] == ["now", "new"]
    assert spots[1]["y"] == pytest.approx(posterior.mean, rel=0.01)


def test_a_plan_drawn_up_again_tells_every_guardrail_with_its_numbers(lived: House, plan: Plan) -> None:
    """Passes too; what it takes is asked for, for it takes a while."""
    anna, path = lived.signed_in("anna"), f"/plans/{plan.id}/decisions/1"

    page = anna.get(f"{path}?again=1").text

    assert "it comes out the same" in page and "daily budget.max step" in page
    assert "max step" not in anna.get(path).text


def test_a_curve_that_is_not_there_is_not_drawn(lived: House, plan: Plan) -> None:
    """The page says that it cannot tell, and why."""
    record = put_forward(lived, [Wish("Unknown", "10.00", "11.00")])

    page = lived.signed_in("anna").get(f"/plans/{record.plan.id}/decisions/1?again=1").text

    assert "No curve is drawn." in page and "the ledger does not keep the policy" in page
    assert "data-chart" not in page


def test_curves_rise_and_stay_in_their_band(lived: House, plan: Plan) -> None:
    """More money never brings less, and the mean is inside of what is likely."""
    then = known_then(lived.reception.office, plan)
    assert then.parts is not None and then.snapshot is not None

    found = responses_then(then.parts, then.snapshot, "thompson", "everything")

    assert found is not None and found.mean.shape == (4, 41)
    assert (np.diff(found.mean, axis=1) >= -1e-6).all()
    assert (found.low <= found.mean).all() and (found.mean <= found.high).all()
    assert responses_then(then.parts, then.snapshot, "care", "everything") is None
    assert response_chart(found, plan.decisions[0], "EUR") is not None


def test_a_spark_leaves_gaps_where_nothing_is_known() -> None:
    """Missing is not zero; all of it stays in its box."""
    drawn = spark("cost", "EUR", ["1", "2", "3", "4", "5"], [1.0, 2.0, None, float("nan"), 3.0], 4)

    assert len(drawn.paths) == 1 and len(drawn.dots) == 1
    assert (drawn.low, drawn.high, drawn.last) == (1.0, 3.0, 3.0)
    assert 0 <= drawn.dots[0].x <= WIDTH and 0 <= drawn.dots[0].y <= HEIGHT
    assert drawn.shade_from == pytest.approx(0.875 * WIDTH)
    assert spark("cost", "EUR", [], [], None).paths == ()
