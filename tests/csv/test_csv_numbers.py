"""Numbers as people write them become exact figures, or a fault."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.csv.numbers import Notation, as_counts, as_micros, as_shares, separators

POINT, COMMA = Notation(".", "EUR"), Notation(",", "EUR")


@pytest.mark.parametrize(
    ("text", "notation", "micros"),
    [
        ("126", POINT, 126_000_000),
        ("$126", POINT, 126_000_000),
        ("€ 1,234.56", POINT, 1_234_560_000),
        ("1.234,56 €", COMMA, 1_234_560_000),
        ("1.234.567", COMMA, 1_234_567_000_000),
        ("1'234.5", POINT, 1_234_500_000),
        ("1 234,5", COMMA, 1_234_500_000),
        ("12.50 EUR", POINT, 12_500_000),
        ("EUR 12.50", POINT, 12_500_000),
        (".5", POINT, 500_000),
        ("7307.37", POINT, 7_307_370_000),
        ("0.1234567", POINT, 123_456),
        ("", POINT, None),
        ("--", POINT, None),
    ],
)
def test_money_is_read_exactly(text: str, notation: Notation, micros: int | None) -> None:
    """Symbols, codes and both conventions."""
    parsed = as_micros(pl.Series([text]), notation)

    assert parsed.values.to_list() == [micros]
    assert not parsed.bad.any()


@pytest.mark.parametrize(
    "text",
    ["x", "-3", "1,2,3", "1,23,456", "12,5", "12 USD", "1e5", "1.2.3", "(12.00)", "9" * 13, "5%", "1 2"],
)
def test_what_is_no_amount_is_bad(text: str) -> None:
    """Nothing is guessed at."""
    assert as_micros(pl.Series([text]), POINT).bad.to_list() == [True]


@given(micros=st.integers(0, 10**15), thousands=st.booleans(), comma=st.booleans())
def test_whatever_amount_is_written_is_read_back(micros: int, thousands: bool, comma: bool) -> None:
    """To the last millionth, in either convention."""
    whole, rest = divmod(micros, 1_000_000)
    text = f"{whole:,}.{rest:06d}" if thousands else f"{whole}.{rest:06d}"
    if comma:
        text = text.translate(str.maketrans(",.", ".,"))

    parsed = as_micros(pl.Series([text]), COMMA if comma else POINT)

    assert parsed.values.to_list() == [micros]


@pytest.mark.parametrize(
    ("texts", "seen"),
    [
        (["1,234", "126"], set()),
        (["1,5"], {","}),
        (["1.234,56"], {","}),
        (["1.234.567"], {","}),
        (["0,125"], {","}),
        (["1,234", "12.5"], {"."}),
        (["1,234,567"], {"."}),
        (["12.5", "12,5"], {".", ","}),
    ],
)
def test_numbers_give_their_decimal_separator_away(texts: list[str], seen: set[str]) -> None:
    """1,234 alone does not: it is a thousand or one and a bit."""
    assert separators([pl.Series([text]) for text in texts]) == seen


def test_counts_are_whole() -> None:
    """A fraction of a click is a slip."""
    parsed = as_counts(pl.Series(["1,234", "12.0", "12.5"]), POINT)

    assert parsed.values.to_list() == [1234, 12, None]
    assert parsed.bad.to_list() == [False, False, True]


def test_shares_are_read_from_percentages_and_googles_bounds() -> None:
    """83% and 0.83 are the same; above 1 is a slip."""
    parsed = as_shares(pl.Series(["83%", "0.83", "< 10%", "> 90%", "--", "83"]), POINT)

    assert parsed.values.to_list() == pytest.approx([0.83, 0.83, 0.0999, 0.9001, None, None])
    assert parsed.bad.to_list() == [False] * 5 + [True]
