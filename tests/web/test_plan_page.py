"""The page of a plan: read, filtered, sorted, paged, and a word on it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from planned import Wish, put_forward
from visiting import Browser, House, csrf, house

from agent.domain.outcome import State
from agent.domain.record import PlanRecord

BOARD = """\
approvers = ["anna", "ben", "carl"]
viewers = ["vera"]

[[approval.tier]]
name = "large"
above = "20%"
approvals = 2
"""

WISHES = (
    Wish("Brand", "100.00", "110.00"),
    Wish("Shoes", "100.00", "150.00"),
    Wish("Hats", "50.00", "45.00"),
    Wish("Gloves", "80.00", "96.00", denied="changed 3 h ago, 20 h are asked for"),
    Wish("Scarves", "100.00", "140.00", clamped_to="120.00"),
)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, BOARD) as opened:
        yield opened


@pytest.fixture
def record(board: House) -> PlanRecord:
    return put_forward(board, WISHES)


def say(browser: Browser, record: PlanRecord, **said: object) -> tuple[int, str]:
    """Send the form of the page; where it led, and what is there."""
    path = f"/plans/{record.plan.id}"
    data = {"csrf": csrf(browser, path), "fingerprint": record.plan.fingerprint, **said}
    answer = browser.post(path, data=data)
    if answer.status_code == 303:
        return 303, browser.get(answer.headers["location"]).text
    return answer.status_code, answer.text


def state(house: House, record: PlanRecord, place: int) -> State:
    """Of the change of a decision, by its place from 0."""
    now = house.reception.office.memory.plan(record.plan.fingerprint)
    change = record.plan.decisions[place].change
    assert now is not None and change is not None
    return now.changes[change.id].state


def ids(record: PlanRecord, *places: int) -> list[str]:
    changes = [record.plan.decisions[place].change for place in places]
    return [change.id for change in changes if change is not None]


def test_every_decision_is_told_with_what_was_held_back(board: House, record: PlanRecord) -> None:
    """Values, percent, money, interval, and a guardrail's own words."""
    page = board.signed_in("anna").get(f"/plans/{record.plan.id}").text

    assert "100.00 EUR" in page and "110.00 EUR" in page and "+10.0" in page and "+10.00 EUR" in page
    assert "changed 3 h ago, 20 h are asked for" in page and "denied it" in page
    assert "let it go only to 120.00 EUR" in page and "a step is 20 % at most" in page
    assert "waits for 2 approvals by anna, ben or carl" in page
    assert record.plan.fingerprint in page


def test_some_are_approved_and_one_is_rejected_with_a_comment(board: House, record: PlanRecord) -> None:
    """And the page that comes next says so."""
    anna = board.signed_in("anna")

    status, page = say(anna, record, word="approve", change=ids(record, 0, 4))
    assert (status, state(board, record, 0), state(board, record, 4)) == (303, State.APPROVED, State.APPROVED)
    assert "You approved 2 changes." in page

    status, page = say(anna, record, word="reject", change=ids(record, 2), comment="season")
    assert (status, state(board, record, 2)) == (303, State.REJECTED)
    assert "You rejected 1 change." in page and "“season”" in page


def test_a_large_change_takes_two(board: House, record: PlanRecord) -> None:
    """After the first word the page says whose is missing; the same one twice does nothing."""
    anna, ben = board.signed_in("anna"), board.signed_in("ben")

    _, page = say(anna, record, word="approve", change=ids(record, 1))
    assert state(board, record, 1) is State.PROPOSED
    assert "1 of them still waits for another approval" in page
    assert "waits for a second approval by ben or carl; anna said yes" in page

    status, page = say(anna, record, word="approve", change=ids(record, 1))
    assert status == 422 and "anna has approved it already" in page.replace("&#39;", "'")

    say(ben, record, word="approve", change=ids(record, 1))
    assert state(board, record, 1) is State.APPROVED


def test_all_that_the_filters_show_are_decided_on_at_once(board: House, record: PlanRecord) -> None:
    """And no other."""
    anna = board.signed_in("anna")

    say(anna, record, word="reject-all", query="text=hats")
    say(anna, record, word="approve-all")

    assert [state(board, record, place) for place in (0, 2, 4)] == [
        State.APPROVED, State.REJECTED, State.APPROVED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"word": "approve"}, "choose one or more"),
        ({"word": "", "change": "x"}, "press one of the buttons"),
        ({"word": "approve", "change": "nowhere"}, "no change nowhere"),
        ({"word": "approve-all", "fingerprint": "0" * 64}, "read it again"),
    ],
)
def test_a_word_that_makes_no_sense_records_nothing(
    board: House, record: PlanRecord, said: dict[str, object], why: str
) -> None:
    """The plan is shown as it stands, with the reason above it."""
    status, page = say(board.signed_in("anna"), record, **said)

    assert status == 422 and "Nothing was recorded." in page and why in page
    assert not board.reception.office.plan(record.plan.id).approvals


def test_a_viewer_reads_and_is_offered_nothing_to_press(board: House, record: PlanRecord) -> None:
    """They are told who may."""
    page = board.signed_in("vera").get(f"/plans/{record.plan.id}").text

    assert "anna, ben or carl may decide on it" in page and 'name="word"' not in page


def test_the_word_of_another_is_not_told_as_ones_own(board: House, record: PlanRecord) -> None:
    """A link cannot make somebody believe that they approved."""
    say(board.signed_in("anna"), record, word="approve", change=ids(record, 0))

    assert "You approved" not in board.signed_in("ben").get(f"/plans/{record.plan.id}?word=1").text


def test_script_in_names_and_comments_stays_text(board: House) -> None:
    """Whoever names campaigns must not act in the name of whoever reads them."""
    hostile = "<script>alert(1)</script>\x1b[31m'\"><img src=x onerror=alert(2)>"
    record = put_forward(board, [Wish(hostile, "10.00", "11.00")])
    anna = board.signed_in("anna")

    _, page = say(anna, record, word="reject", change=ids(record, 0), comment=hostile)
    pages = [page, anna.get(f"/plans/{record.plan.id}/decisions/1").text, anna.get("/plans").text]

    assert "&lt;script&gt;" in page
    for one in pages:
        assert "<script>alert" not in one and "<img src=x" not in one and "\x1b" not in one


def test_many_decisions_are_paged_sorted_and_grouped_by_address(board: House) -> None:
    """Fifty a page; the order and the filter hold over all pages."""
    wishes = [Wish(f"Campaign {n:03d}", "100.00", f"{100 + n % 19 + 1}.00") for n in range(120)]
    record = put_forward(board, wishes)
    anna, path = board.signed_in("anna"), f"/plans/{record.plan.id}"

    def names(query: str) -> list[str]:
        return re.findall(r'class="name">(Campaign \d+)<', anna.get(path + query).text)

    assert names("") == [f"Campaign {n:03d}" for n in range(50)]
    assert names("?page=3") == [f"Campaign {n:03d}" for n in range(100, 120)]
    assert names("?sort=money&down=1")[0] == "Campaign 018"
    assert names("?text=campaign+007") == ["Campaign 007"]
    assert "10 to 20 %" in anna.get(path + "?group=size").text
    assert names("?page=9999999999&sort=nonsense&group=x&state=y") == []
    assert anna.get(path + "?page=-1&sort=__class__&down=2").status_code == 200


def test_what_is_not_there_is_not_found(board: House, record: PlanRecord) -> None:
    """A plan, a decision."""
    anna = board.signed_in("anna")

    for path in ("/plans/ffffffff", "/plans/%25", f"/plans/{record.plan.id}/decisions/6"):
        assert anna.get(path).status_code == 404, path


def test_the_list_tells_what_waits_and_what_was(board: House, record: PlanRecord) -> None:
    """And leads to each."""
    page = board.signed_in("anna").get("/plans").text

    assert f'href="/plans/{record.plan.id}"' in page and "4 waiting" in page
    assert "1 without a change" in page
