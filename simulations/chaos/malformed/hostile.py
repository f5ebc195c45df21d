"""Hostile: numbers and words that readers of files have stumbled over before."""

from random import Random
from typing import Any

NUMBERS: tuple[int | float, ...] = (
    0, 1, -1, 2, 7, 99, 2**31 - 1, 2**31, -(2**31), 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 2**64, 10**18,
    10**30, 10**400, 0.0, -0.0, 0.1, 1.5, 1e-9, 5e-324, 1e18, 1e19, 1e300, 1.7976931348623157e308,
    float("nan"), float("inf"), float("-inf"),
)  # fmt: skip
"""As Python holds them."""

DIGITS = (
    "0", "-0", "-1", "1", "0.0", "1e5", "1E400", "-1e-400", "1e999999999", "-1e999999999", "1e-999999999",
    "nan", "inf", "-inf", "NaN", "Infinity", "0x7fffffffffffffff", "0o777", "0b1", "9223372036854775807",
    "9223372036854775808", "-9223372036854775809", "99999999999999999999999999999.99", "1_000", "1,000.00",
    "1.000,00", "1'000", "00012", "+5", "5.", ".5", "٣", "１２", "²", "9" * 5_000, "0." + "1" * 5_000,
    "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "true", "false", "null",
)  # fmt: skip
"""Numbers as somebody may write them."""

WORDS = (
    "", " ", "\t", "\n", "\r\n", "\x00", "a\x00b", "\x7f", "\x1b[31m", "\ufeff", "\u200b", "\u2028", "\u202e",
    "é", "ﬁ", "ß", "İ", "💥", "\U0010ffff", "\\", "\"", "'", "'''", '"""', "{", "}", "{}", "{0}", "{x!r}",
    "{cost_14d:>9999999999}", "%s%n%d", "%", "*", "[", "[*", "(", "))", "..", "../../../../etc/passwd",
    "/dev/zero", "file:/etc/passwd", "env:HOME", "http://127.0.0.1:1/", "sqlite:////etc/passwd", "memory:",
    "<script>alert(1)</script>", "=1+1", "@SUM(A1)", "$(id)", "`id`", "; rm -rf /", "' OR '1'='1",
    "__import__('os').system('id')", "None", "nan", "null", "true", "-", "--", "x" * 10_000, "é" * 3_000,
    "12.50 EUR", "-12.50 EUR", "0 EUR", "1 eur", "1.1234567 EUR", "9" * 5_000 + " EUR", "1 XXX", "10 US$",
    "20%", "0%", "-5%", "100000000000000%", "1e9%", "6h", "0h", "-1h", "999999999d", "9999999999w", "25:00",
    "06:00", "2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-11-21T24:00:00",
    "2026-03-29T02:30/2026-03-29T03:30", "9999-12-31T23:00/9999-12-31T23:59", "Europe/Berlin", "Mars/Base",
    "../Europe/Berlin", "google_ads:1/campaign/2", "a:b/c/d/e", "1" * 300,
)  # fmt: skip

SURROGATE = "\ud800"
"""Half of a character: JSON can write it, nothing can encode it."""

DEPTHS = (2, 30, 200, 1_000, 5_000)


def chance(seed: int) -> Random:
    """The chance of one trial; the same seed draws the same."""
    return Random(seed)  # noqa: S311  # nothing secret


def number(rng: Random) -> int | float:
    """A number that is one, and one in eight of any size."""
    if rng.random() < 0.125:
        return rng.randrange(-(10 ** rng.randrange(1, 40)), 10 ** rng.randrange(1, 40))
    return rng.choice(NUMBERS)


def word(rng: Random) -> str:
    """A text: a known trouble, or letters by chance."""
    if rng.random() < 0.2:
        return "".join(chr(rng.randrange(1, 0x2FFF)) for _ in range(rng.randrange(1, 12)))
    return rng.choice(WORDS)


def value(rng: Random, *, surrogates: bool = False) -> Any:
    """Anything that JSON can say; with `surrogates` also what it should not."""
    choice = rng.random()
    if choice < 0.35:
        return number(rng)
    if choice < 0.75:
        return SURROGATE if surrogates and rng.random() < 0.05 else word(rng)
    if choice < 0.85:
        return rng.choice((None, True, False))
    if choice < 0.97:
        return rng.choice(([], {}, [[]], [{}], {"": ""}, [None], {"error": {}}, {"id": []}, ["x"] * 50))
    return nested(rng.choice(DEPTHS[:3]))


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    found: Any = []
    for _ in range(depth):
        found = [found]
    return found
