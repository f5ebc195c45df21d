"""What there is to tell, as the ledger shows it."""

from dataclasses import replace
from datetime import timedelta

from live import Live, live

from agent import cycle
from agent.domain.board import OPEN, Board
from agent.domain.notice import Event, Notice
from agent.domain.plan import Plan
from agent.domain.record import Freeze, Halt, Heartbeat, RunKind
from agent.domain.role import Role
from agent.domain.seal import Seal
from agent.domain.tier import Tier
from agent.notify.notices import Watched, notices
from agent.steps.approve import Nobody

SEAL = Seal(b"a key of the test's own, long enough")

BOARD = Board(
    {"anna": Role.APPROVER, "ben": Role.APPROVER, "chief": Role.ADMIN},
    (
        Tier(
            "large",
            1,
            by=frozenset({"anna", "ben"}),
            escalate_after=timedelta(hours=4),
            escalate_to=frozenset({"chief"}),
        ),
    ),
    remind_after=timedelta(hours=2),
)


def told(account: Live, board: Board = OPEN, stopped: str = "") -> list[Notice]:
    parts = account.parts
    return notices(
        Watched(
            parts.ledger,
            {parts.account: "demo"},
            board,
            SEAL,
            account.clock.now(),
            stopped,
            timedelta(minutes=5),
        )
    )


def waits(account: Live) -> Plan:
    account.give(approver=Nobody())
    plan = account.plan()
    cycle.put_forward(account.parts, plan, epoch=0)
    return plan


def test_what_waits_is_told_then_reminded_of_then_escalated() -> None:
    """Each to those who are asked at that time; the same keys however often it is looked for."""
    account = live()
    plan = waits(account)

    at_once = told(account, BOARD)
    account.step(minutes=2)
    first = told(account, BOARD)
    account.step(hours=2)
    second = told(account, BOARD)
    account.step(hours=2)
    third = told(account, BOARD)
    account.step(hours=24)
    late = told(account, BOARD)

    assert at_once == []
    assert [(one.event, one.to) for one in first] == [(Event.WAITING, ("anna", "ben"))]
    assert first[0].title == f"demo: plan {plan.id} waits for approval: 2 changes"
    assert [one.event for one in second] == [Event.WAITING, Event.REMINDER]
    assert [(one.event, one.to) for one in third][-1] == (Event.ESCALATION, ("chief",))
    assert {one.key for one in first} < {one.key for one in second} < {one.key for one in third}
    assert late == []


def test_what_the_policy_lets_through_waits_for_nobody() -> None:
    """What was carried out is told with how it came out."""
    account = live()
    account.carry_out()
    account.step(minutes=2)

    (notice,) = told(account)

    assert notice.event is Event.APPLIED
    assert notice.title.endswith(": 2 applied")
    assert len([line for line in notice.lines if "\N{RIGHTWARDS ARROW}" in line]) == 2


def test_what_guardrails_deny_is_told() -> None:
    """By how many wishes, and by whom."""
    account = live()
    account.carry_out()
    account.step(hours=1)
    account.carry_out()

    denied = [one for one in told(account) if one.event is Event.DENIED]

    assert [one.title.partition(": ")[2].partition(" ")[2][10:] for one in denied] == [
        "guardrails denied 2 wishes"
    ]
    assert "cooldown" in denied[0].lines[0]


def test_halts_freezes_failures_and_silence_are_told() -> None:
    """Each once, however long it lasts."""
    account = live()
    ledger, id_, now = account.parts.ledger, account.parts.account, account.clock.now()
    account.plan()
    ledger.halt(Halt("anna <!channel>", now, "something [odd](http://x)"))
    ledger.freeze(Freeze(id_, now - timedelta(hours=3), now, "no conversions"))
    ledger.beat(Heartbeat(now, "one", 1, (id_,)))
    for hour in range(3):
        at = now + timedelta(hours=hour)
        ledger.begin_run(id_, RunKind.OBSERVE, f"2026-11-21T{hour:02}", at)
        ledger.finish_run(id_, RunKind.OBSERVE, f"2026-11-21T{hour:02}", at, "no answer")
    account.step(hours=3)

    first = told(account)
    account.step(hours=2)
    second = told(account)

    assert {one.event for one in first} == {Event.HALTED, Event.FROZEN, Event.FAILED}
    assert sorted(one.title for one in first) == [
        "demo is frozen",
        "demo: observe failed",
        "everything is stopped",
        "the agent is silent",
    ]
    assert {one.key for one in first} == {one.key for one in second}
    halted = next(one for one in first if one.event is Event.HALTED)
    assert "<!" not in halted.lines[0]
    assert "](" not in halted.lines[0]


def test_hostile_campaign_names_are_plain_in_notices() -> None:
    """They stand in lines of changes."""
    account = live()
    plan = waits(account)
    table = account.adapter.entities()
    names = table.names.copy()
    names[:] = "<!channel> [x](http://evil)"
    account.parts.ledger.record_entities(replace(table, names=names), plan.drawn_up_at)
    account.step(minutes=2)

    (notice,) = told(account)

    text = "\n".join(notice.lines)
    assert "channel" in text
    assert "<!" not in text
    assert "](" not in text


def test_old_news_is_no_news() -> None:
    """Who sets up a channel today is not told of last week."""
    account = live()
    account.carry_out()
    account.step(days=2)

    assert told(account) == []


def test_a_stop_file_is_told_as_a_halt() -> None:
    """It holds for this machine."""
    account = live()

    (notice,) = told(account, stopped="somebody wrote it")

    assert notice.event is Event.HALTED
    assert "somebody wrote it" in notice.lines[0]
