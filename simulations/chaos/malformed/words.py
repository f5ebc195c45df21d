"""Words: durations, amounts, refs and hours as people type them, and commands with such words."""

from collections.abc import Callable
from contextlib import suppress
from random import Random

from agent.config.durations import duration_of
from agent.domain.marked_hours import MarkedHours
from agent.domain.money import Money
from agent.domain.ref import AccountId, Kind, Ref
from simulations.chaos.malformed.hostile import DIGITS, WORDS, word
from simulations.chaos.malformed.mutations import text_of
from simulations.chaos.malformed.target import Target

_VALID = (
    "12.50 EUR", "-0.000001 JPY", "1d 12h", "90m", "3w", "google_ads:1234567890/campaign/7",
    "joint:all/campaign/google_ads:1/20001", "meta_ads:1/ad_set/23", "2026-11-10T08:00/2026-11-10T14:00",
    "2026-11-10T08:00/2026-11-10T14:00 search,shopping", "google_ads:1/keyword/70~700",
)  # fmt: skip


def words() -> Target:
    return Target("amounts, durations and refs", 1.0, _text, _read)


def _text(rng: Random) -> str:
    choice = rng.random()
    if choice < 0.2:
        return word(rng) + rng.choice(("", " ", "/", ":")) + word(rng)
    if choice < 0.4:
        return f"{rng.choice(DIGITS)} {rng.choice(('EUR', 'eur', 'd', 'h 5m', ''))}"
    return text_of(rng, rng.choice(_VALID + WORDS)).decode(errors="replace")


def _read(text: str) -> None:
    """Each of these says that it is none by None or a ValueError; what it takes must be written the same."""
    duration_of(text)
    hours = MarkedHours.parse(text)
    if hours is not None and hours.id != text:
        raise AssertionError(f"{text!r} was read as {hours.id!r}")
    _again(Money.parse, text)
    _again(Ref.parse, text)
    AccountId("joint", "all").ref(Kind.CAMPAIGN, text)


def _again(read: Callable[[str], object], text: str) -> None:
    with suppress(ValueError):
        found = read(text)
        if read(str(found)) != found:
            raise AssertionError(
                f"{text!r} was read as {str(found)[:100]!r}, which is read as something else"
            )
