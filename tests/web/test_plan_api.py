"""The JSON API of plans: what a program reads, and the word of somebody at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from planned import Wish, put_forward
from visiting import Browser, House, house

from agent.domain.record import PlanRecord

BOARD = 'approvers = ["anna"]\nviewers = ["vera"]'


@pytest.fixture
def board(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, BOARD) as opened:
        yield opened


@pytest.fixture
def record(board: House) -> PlanRecord:
    wishes = [Wish(f"Campaign {n}", "100.00", "110.00", denied="" if n else "too soon") for n in range(60)]
    return put_forward(board, wishes)


def token(browser: Browser) -> dict[str, str]:
    return {"x-csrf-token": browser.get("/api/v1/me").json()["csrf"]}


def test_a_program_reads_plans_and_decisions(board: House, record: PlanRecord) -> None:
    """In pages, with amounts as text and as micros."""
    vera, path = board.signed_in("vera"), f"/api/v1/plans/{record.plan.id}"

    (listed,) = vera.get("/api/v1/plans").json()
    facts, second = vera.get(path).json(), vera.get(f"{path}/decisions?page=2").json()
    denied = vera.get(f"{path}/decisions?state=denied").json()

    assert listed["states"] == {"proposed": 59} and listed["without_change"] == 1
    assert facts["fingerprint"] == record.plan.fingerprint and facts["waiting"] == 59
    assert (second["total"], second["pages"], len(second["decisions"])) == (60, 2, 10)
    assert second["decisions"][0]["after_number"] == 110_000_000
    assert second["decisions"][0]["after"] == "110.00 EUR"
    assert [one["guardrails"][0]["because"] for one in denied["decisions"]] == ["too soon"]


def test_a_word_over_the_api_is_as_one_on_the_page(board: House, record: PlanRecord) -> None:
    """Bound to the fingerprint, behind the same gate, whole or not at all."""
    anna, vera = board.signed_in("anna"), board.signed_in("vera")
    path, first, second = f"/api/v1/plans/{record.plan.id}/words", *list(record.changes)[:2]
    wish = {"fingerprint": record.plan.fingerprint, "approve": [first], "reject": [second]}

    assert vera.post(path, json=wish, headers=token(vera)).status_code == 403
    assert anna.post(path, json=wish).status_code == 403
    for other in ({"fingerprint": "0" * 64}, {"approve": ["nowhere"]}, {"approve": [], "reject": []}):
        assert anna.post(path, json={**wish, **other}, headers=token(anna)).status_code == 422
    answer = anna.post(path, json=wish, headers=token(anna))

    assert answer.status_code == 200, answer.text
    assert answer.json()["waiting"] == 57
    assert [(one["by"], one["approved"], one["rejected"]) for one in answer.json()["words"]] == [
        ("anna", 1, 1)
    ]
    again = anna.post(path, json=wish, headers=token(anna))
    assert again.status_code == 422 and "only a proposed one" in again.text
