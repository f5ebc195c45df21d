"""The board of [approval]: who is who, and every contradiction in it named at once."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import sample_config

from agent.config.digest import policy_digest
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.role import Act, Role

LARGE = """
[[approval.tier]]
name = "large"
above = "20%"
above_amount = "100.00 EUR"
levers = ["daily_budget"]
portfolios = ["everything"]
approvals = 2
by = ["anna", "ben"]
escalate_after = "4h"
escalate_to = ["chief"]
"""

PEOPLE = """
approvers = ["anna", "ben", "chief"]
admins = ["eva"]
operators = ["otto"]
viewers = ["guest"]
remind_after = "2h"
"""


def text(people: str = PEOPLE, tiers: str = LARGE) -> str:
    return sample_config.TEXT.replace(
        'expires_after = "24h"\n', f'expires_after = "24h"\n{people}\n{tiers}\n', 1
    )


def test_the_board_is_read(tmp_path: Path) -> None:
    """Roles by name, tiers with all that they ask for."""
    board = sample_config.settings(tmp_path, text()).approval.board

    assert board.role_of("Anna ") is Role.APPROVER and board.role_of("nobody") is None
    assert board.who_may(Act.RESUME) == {"eva"}
    assert board.may("a stranger", Act.STOP) and not board.may("otto", Act.DECIDE)
    (tier,) = board.tiers
    assert (tier.name, tier.approvals, tier.above) == ("large", 2, Fraction(1, 5))
    assert (tier.above_amount, tier.levers) == (Money.of(100, "EUR"), {Lever.DAILY_BUDGET})
    assert (tier.by, tier.escalate_to) == ({"anna", "ben"}, {"chief"})
    assert tier.escalate_after == timedelta(hours=4) and board.remind_after == timedelta(hours=2)


def test_where_nobody_is_named_everybody_may_do_everything(tmp_path: Path) -> None:
    """As whoever can run the command always could."""
    board = sample_config.settings(tmp_path).approval.board

    assert not board.named
    assert all(board.may("whoever", act) for act in Act)


CONTRADICTIONS = {
    "one person in two spellings": (
        PEOPLE.replace('["otto"]', '["otto", "ANNA"]'),
        LARGE,
        ["'ANNA' is the same person as 'anna' in approvers"],
    ),
    "a name twice": (PEOPLE.replace('"ben",', '"ben", "ben",'), LARGE, ["'ben' is the same person"]),
    "gebot's own name": (PEOPLE.replace('["eva"]', '["Policy"]'), LARGE, ["what gebot itself goes by"]),
    "nobody decides": ('operators = ["otto"]', "", ["named otto, of whom none may approve"]),
    "tiers of nobody": ("", '[[approval.tier]]\nname = "all"', ["stands without approvers"]),
    "strangers": (
        PEOPLE,
        LARGE.replace('"ben"]', '"bem", "otto"]').replace('["everything"]', '["brand"]'),
        ["'bem', no such approver or admin; did you mean 'ben'?", "'otto', no such", "'brand', no such"],
    ),
    "more words than people": (
        PEOPLE,
        LARGE.replace("= 2", "= 4"),
        ["was 4, and only anna and ben may approve; at most 3"],
    ),
    "nobody left beside the author": (
        PEOPLE,
        LARGE.split("escalate_after", maxsplit=1)[0],
        ["nobody is left when one drew the plan up"],
    ),
    "half an escalation": (
        PEOPLE,
        LARGE.replace('escalate_to = ["chief"]', ""),
        ["escalate_to: was missing"],
    ),
    "too late": (
        PEOPLE.replace('"2h"', '"24h"'),
        LARGE.replace('"4h"', '"30h"'),
        [
            "remind_after: was '24h'; less than",
            "escalate_after: was '30h'; less than expires_after, which is 1d",
        ],
    ),
    "two of one name": (PEOPLE, LARGE * 2, ["tier 'large'.name: stands 2 times"]),
    "nothing goes unasked": (
        PEOPLE,
        '[[approval.tier]]\nname = "all"\nlevers = ["status", "daily_budget"]',
        ["approval.auto: lets nothing through"],
    ),
}


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_what_contradicts_itself_is_refused(tmp_path: Path, what: str) -> None:
    """With what would be right."""
    people, tiers, signs = CONTRADICTIONS[what]

    found = " | ".join(str(one) for one in sample_config.mistakes(tmp_path, text(people, tiers)))

    assert [sign for sign in signs if sign not in found] == [], found


def test_all_contradictions_are_told_at_once(tmp_path: Path) -> None:
    """Nobody mends them one by one."""
    wrong = text(PEOPLE.replace('"2h"', '"25h"'), LARGE.replace("= 2", "= 9").replace('"ben"]', '"bem"]'))

    found = [one.where for one in sample_config.mistakes(tmp_path, wrong)]

    assert len(found) == 3
    assert all(where.startswith("config.toml: approval.") for where in found)


@pytest.mark.parametrize(
    ("key", "value"),
    [("approvals", "0"), ("approvals", "true"), ("above", '"0%"'), ("by", "[]"), ("who", '"x"')],
)
def test_what_no_tier_can_be_is_refused(tmp_path: Path, key: str, value: str) -> None:
    """Each key for itself."""
    tier = "\n".join(line for line in LARGE.splitlines() if not line.startswith(f"{key} ="))

    found = sample_config.mistakes(tmp_path, text(tiers=f"{tier}\n{key} = {value}\n"))

    assert any(key in one.where for one in found)


def test_who_reads_stops_and_is_reminded_makes_no_approval_void(tmp_path: Path) -> None:
    """A new viewer leaves open plans as they are; a new approver does not."""

    def digest(people: str) -> str:
        return policy_digest(sample_config.settings(tmp_path, text(people)))

    before = digest(PEOPLE)

    assert digest(PEOPLE.replace("guest", "guests").replace('"2h"', '"3h"').replace("otto", "olga")) == before
    assert digest(PEOPLE.replace("eva", "emma")) != before
