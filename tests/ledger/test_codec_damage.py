"""A stored plan that was damaged is a typed error, never another exception."""

import json
import zlib

import pytest

from agent.domain.errors import LedgerError
from agent.ledger.codec import decode

_AT = "2026-11-21T06:00:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "",
        "{}",
        "[]",
        "null",
        "[2]",
        json.dumps([2, ["a"], 1, 2, 3, 4, 5, 6]),
        f'[2, ["simulated", "\\ud800"], "{_AT}", "{_AT}", "p", "s", 1, []]',
    ],
    ids=range(8),
)
def test_a_damaged_plan_is_a_ledger_error(text: str) -> None:
    """Deep nesting once ended in a RecursionError, half of a character in a UnicodeEncodeError."""
    with pytest.raises(LedgerError, match="stored plan"):
        decode(zlib.compress(text.encode()))
