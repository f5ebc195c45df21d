"""The log: what was planned, said and stopped; filtered, and as files that no spreadsheet executes."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from planned import Wish, put_forward
from visiting import Browser, House, csrf, house

from agent.domain.record import PlanRecord

FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        yield opened


@pytest.fixture
def record(lived: House) -> PlanRecord:
    return put_forward(lived, [Wish(FORMULA, "100.00", "110.00"), Wish("<b>Hats</b>", "50.00", "45.00")])


@pytest.fixture
def anna(lived: House, record: PlanRecord) -> Browser:
    """She rejected the second change, and stopped everything."""
    browser = lived.signed_in("anna")
    path = f"/plans/{record.plan.id}"
    said = {"fingerprint": record.plan.fingerprint, "word": "reject", "change": list(record.changes)[1]}
    token = csrf(browser, path)
    assert browser.post(path, data={"csrf": token, **said, "comment": "@season"}).status_code == 303
    assert browser.post("/stop", data={"csrf": token, "because": "-look"}).status_code == 303
    return browser


def exported(browser: Browser, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(browser.get(f"/log/export/csv{query}").text)))


def test_the_log_tells_plans_words_states_and_stops(anna: Browser, record: PlanRecord) -> None:
    """Newest first, and leads to each decision."""
    page = anna.get("/log").text

    assert "halt" in page and "0 approved, 1 rejected: @season" in page and "-look" in page
    assert f"/plans/{record.plan.id}/decisions/2" in page
    assert "<b>Hats" not in page and "&lt;b&gt;Hats" in page


def test_filters_hold_for_the_page_and_for_files(anna: Browser) -> None:
    """By what befell, by whom, in words, in days; nonsense asks for nothing."""
    assert [one["what"] for one in exported(anna, "?what=rejected")] == ["rejected"]
    assert {one["what"] for one in exported(anna, "?who=ANNA")} == {"approval", "rejected", "halt"}
    assert {one["name"] for one in exported(anna, "?text=hats")} == {"<b>Hats</b>"}
    assert exported(anna, "?since=2001-01-01&until=2001-01-02") == []
    assert "Nothing like that befell" in anna.get("/log?account=nobody").text
    assert anna.get("/log?since=x&until=9999-99-99&page=-1&what=y").status_code == 200


def test_no_spreadsheet_takes_a_cell_for_a_formula(anna: Browser) -> None:
    """Names and comments of others begin with an apostrophe then."""
    rows = exported(anna)

    cells = [cell for row in rows for cell in row.values() if cell]
    assert "'" + FORMULA in cells
    assert not [cell for cell in cells if cell[0] in "=+-@"]


def test_a_program_reads_lines_of_json(anna: Browser) -> None:
    """As they are: no formula is executed from JSON."""
    lines = anna.get("/log/export/jsonl").text.splitlines()

    assert FORMULA in {json.loads(line)["name"] for line in lines}
    assert anna.get("/log/export/exe").status_code == 422
