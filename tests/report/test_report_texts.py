"""Report texts: Markdown and HTML that no name from outside can bend, and currencies that stay apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import ACCOUNT
from told import N_DAYS, NOVEMBER, figures, raised, report

from agent.domain.entity import Account
from agent.domain.portfolio import Goal
from agent.domain.proposal import Interval
from agent.domain.record import Freeze, Halt, Halting, Run, RunKind
from agent.report.amounts import change, for_chat, money
from agent.report.incidents import What, incidents
from agent.report.made import Rejection, Waiting
from agent.report.markdown import markdown
from agent.report.report_page import html
from agent.report.verdicts import Judged, Verdict

AT = datetime(2026, 11, 10, 6, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> *bold* [x](https://evil.example) <!channel> @here `code` |"


def test_hostile_names_are_text_in_both() -> None:
    """No tag, no link, no mention, no formatting comes of a campaign's name."""
    told = report(figures(1, names=[HOSTILE]))
    told = replace(
        told,
        name=HOSTILE,
        rejections=(Rejection("11111111", 2, HOSTILE, AT, HOSTILE),),
        judged=(Judged(raised(1, AT), Verdict.IMPROVED, None, True, Interval(5.0, 1.0, 9.0)),),
        entity_names={str(raised(1, AT).change.ref): HOSTILE},
    )

    page, chat = html([told]), markdown([told])

    assert "<script" not in page and "&lt;script&gt;" in page
    assert "<script" not in chat and "<!channel>" not in chat and "[x](" not in chat
    assert "@here" not in chat and "https://" not in chat
    assert "<" not in chat and "\n*bold" not in chat


@given(st.text(max_size=60))
def test_text_for_chat_is_one_line_without_tags_or_links(text: str) -> None:
    """Whatever people call their campaigns."""
    shown = for_chat(text)

    assert not set("<>\n\r") & set(shown)
    assert "://" not in shown
    assert all(shown[n - 1] == "\\" for n, letter in enumerate(shown) if letter in "`*[]|~")


def test_two_currencies_stand_apart_and_two_accounts_of_one_are_added() -> None:
    """Euros and yen have a section each."""
    yen = Account(ACCOUNT.id, "Tokyo", "JPY", "Asia/Tokyo")
    reports = [report(figures(1)), report(figures(1)), report(figures(1, account=yen))]

    page, chat = html(reports), markdown(reports)

    for text in (page, chat):
        assert "600.00 EUR" in text and "300.00 JPY" in text and "900.00" not in text


def test_where_conversions_are_the_goal_they_are_leads() -> None:
    """With their CPL in the place of CPA, and no return where nothing is worth anything."""
    leads = markdown([report(figures(1, value=0.0), goal=Goal.CONVERSIONS)])
    sales = markdown([report(figures(1))])

    assert "Leads 60.0" in leads and "CPL 5.00 EUR" in leads and "ROAS" not in leads and "CPA" not in leads
    assert "ROAS 6.00" in sales and "CPA 5.00 EUR" in sales and "CPL" not in sales


def test_a_day_that_is_missing_is_named_and_crossed() -> None:
    """Nobody takes the gap for a day without sales."""
    known = np.ones((1, N_DAYS), dtype=bool)
    known[:, 31 + 4] = False

    told = report(figures(1, known=known))

    assert "1 day is missing (05 Nov)" in markdown([told])
    assert "5 Nov: not known" in html([told])


def test_what_is_not_known_of_the_time_before_is_told() -> None:
    """No change in percent, and why there is none."""
    known = np.ones((1, N_DAYS), dtype=bool)
    known[:, :31] = False

    text = markdown([report(figures(1, known=known))])

    assert "Of October 2026 nothing is known" in text and "Spend 300.00 EUR ·" in text
    known[:, 20:31] = True
    assert "Of October 2026 11 of 31 days are known" in html([report(figures(1, known=known))])


def test_young_days_are_told_with_their_share() -> None:
    """In words, and pale in the picture."""
    reported = np.ones((1, N_DAYS))
    reported[:, 31:61] = 0.7

    told = report(figures(1, reported=reported))

    assert "So far 70 % of the conversions of these days have been reported" in markdown([told])
    assert "70% of the conversions reported" in html([told])


def test_what_waits_and_what_befell_the_account_is_told() -> None:
    """With until when, and how often."""
    halt = Halt("gebot", AT, "the statement of 2026-11-09 differs: one more change", ACCOUNT.id)
    runs = [
        Run(ACCOUNT.id, RunKind.OBSERVE, f"2026-11-10T{n:02d}", AT + timedelta(hours=n), None, "no rights")
        for n in range(3)
    ]
    freeze = Freeze(ACCOUNT.id, AT, AT, "conversions stopped")
    befell = incidents([Halting(halt)], [freeze], runs, AT, AT + timedelta(days=1))
    waits = Waiting("22222222", 4, AT, AT + timedelta(days=1))

    text = markdown([replace(report(figures(1)), waiting=(waits,), incidents=tuple(befell))])

    assert [one.what for one in befell] == [What.FAILED, What.FREEZE, What.DIFFERENCE]
    assert befell[0].n == 3
    assert "plan 22222222, 4 changes, until 11 Nov 06:00 UTC" in text
    assert "(3 times)" in text and "(still in force)" in text


def test_incidents_of_other_days_are_left_out() -> None:
    """What ended before, or began after."""
    over = Halting(Halt("ada", AT - timedelta(days=3), "x"), AT - timedelta(days=2), "ada")
    later = Halting(Halt("ada", AT + timedelta(days=3), "x"))
    lasting = Halting(Halt("ada", AT - timedelta(days=3), "x"), AT + timedelta(hours=1), "ada")

    found = incidents([over, later, lasting], [], [], AT, AT + timedelta(days=1))

    assert [one.ended for one in found] == [lasting.ended]


@pytest.mark.parametrize(
    ("micros", "text"),
    [(0, "0.00 EUR"), (1_234_565_000, "1,234.57 EUR"), (-5_000_000, "-5.00 EUR"), (-1, "0.00 EUR")],
)
def test_money_is_rounded_to_cents_once(micros: int, text: str) -> None:
    """A half goes up, and there is no minus nothing."""
    assert money(micros, "EUR") == text


def test_changes_read_well_at_both_ends() -> None:
    """Tenfold is not a thousand percent, and nothing known is nothing said."""
    assert [change(0.123), change(-0.001), change(11.0), change(float("nan"))] == [
        "+12 %",
        "\N{PLUS-MINUS SIGN}0 %",
        "\N{MULTIPLICATION SIGN} 12",
        "",
    ]


def test_the_same_report_is_the_same_file() -> None:
    """Nothing in it comes from a clock or from chance."""
    assert html([report(figures(3))]) == html([report(figures(3))])
    assert NOVEMBER.name in html([report(figures(3))])
