"""Freeze windows in config.toml: as people write dates and times of the week."""

from datetime import datetime, time
from pathlib import Path

import pytest
import sample_config

from agent.config.digest import policy_digest
from agent.domain.errors import Mistakes
from agent.domain.freeze_window import Bound, WeekTime
from agent.domain.lever import Lever


def text(begins: str, ends: str, more: str = "") -> str:
    window = f'[[guardrails.freeze]]\nname = "x"\nfrom = {begins}\nuntil = {ends}\n{more}\n'
    return sample_config.TEXT.replace("[approval]", f"{window}[approval]", 1)


@pytest.mark.parametrize(
    ("begins", "ends", "first", "last"),
    [
        ('"2026-11-26"', '"2026-11-30"', datetime(2026, 11, 26), datetime(2026, 12, 1)),  # that day included
        ("2026-11-26", "2026-11-26", datetime(2026, 11, 26), datetime(2026, 11, 27)),
        (
            '"2026-11-26 18:00"',
            "2026-11-30T06:30:00",
            datetime(2026, 11, 26, 18),
            datetime(2026, 11, 30, 6, 30),
        ),
        ('"fri 18:00"', '"mon 6:00"', WeekTime(4, time(18)), WeekTime(0, time(6))),
        ('"Saturday"', '"sun"', WeekTime(5, time()), WeekTime(0, time())),
    ],
)
def test_windows_are_read_as_they_are_written(
    tmp_path: Path, begins: str, ends: str, first: Bound, last: Bound
) -> None:
    """In quotes or as TOML has dates; a day without a time is meant whole."""
    (found,) = sample_config.settings(tmp_path, text(begins, ends)).guardrails.freeze

    assert (found.window.begins, found.window.ends, found.window.levers) == (first, last, None)


def test_levers_are_named(tmp_path: Path) -> None:
    """A window may be about budgets alone; and it is part of the policy."""
    budgets = text('"fri 18:00"', '"mon 06:00"', 'levers = ["daily_budget"]')

    settings = sample_config.settings(tmp_path, budgets)

    assert settings.guardrails.freeze[0].window.levers == frozenset({Lever.DAILY_BUDGET})
    assert policy_digest(settings) != policy_digest(sample_config.settings(tmp_path))


@pytest.mark.parametrize(
    ("begins", "ends", "more", "said"),
    [
        (
            '"Black Friday"',
            '"2026-11-30"',
            "",
            "a date such as '2026-11-26', with '18:00' behind it, or a time",
        ),
        ('"2026-11-31"', '"2026-12-30"', "", "a day that exists is right"),
        ('"2026-11-26"', '"2026-11-25"', "", "a moment after from, 2026-11-26 00:00, is right"),
        ('"fri 18:00"', '"fri 18:00"', "", "a moment after from, fri 18:00, is right"),
        ('"fri 18:00"', '"2026-11-25"', "", "a time of the week such as 'mon 06:00', as in from, is right"),
        ("2026-11-26T18:00:00Z", '"2026-11-30"', "", "local time to the minute, without a zone"),
        ('"fri 18:00"', '"mon 06:00"', "levers = []", "at least one is right"),
        ('"fri 18:00"', '"mon 06:00"', 'levers = ["budget"]', "'daily_budget', 'lifetime_budget'"),
        ('"fri 18:00"', '"mon 06:00"', 'reason = "x"', "is no key that gebot knows"),
    ],
)
def test_what_is_no_window_is_said(tmp_path: Path, begins: str, ends: str, more: str, said: str) -> None:
    """With the place, and what would be right."""
    with pytest.raises(Mistakes) as caught:
        sample_config.settings(tmp_path, text(begins, ends, more))

    assert any(said in str(one) and "guardrails.freeze" in str(one) for one in caught.value.each()), [
        str(one) for one in caught.value.each()
    ]
