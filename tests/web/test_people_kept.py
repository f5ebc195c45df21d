"""People and sessions in the ledger: what was kept comes back, and what was not sealed is told apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.domain.person import Person, Session
from agent.domain.seal import Seal
from agent.ledger.open import open_people
from agent.ports.people import People

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SEAL = Seal(b"a key that the ledger does not hold")
ANNA = Person("anna", "$argon2id$...", NOW).sealed(SEAL)
HERS = Session("ab" * 32, "anna", NOW, NOW, NOW, NOW + timedelta(hours=12)).sealed(SEAL)


@pytest.fixture
def people(tmp_path: Path) -> People:
    return open_people(f"sqlite:///{tmp_path / 'ledger.db'}")


def test_what_was_kept_comes_back(people: People) -> None:
    """With the seal that it went in with."""
    people.keep(ANNA)
    people.begin(HERS)

    assert people.person("anna") == ANNA and people.person("ann") is None
    assert people.session(HERS.id) == HERS and people.sessions("anna", NOW) == [HERS]
    assert ANNA.bears(SEAL) and HERS.bears(SEAL)
    people.close()


def test_a_new_password_ends_all_sessions(people: People) -> None:
    """Whoever had the old one is out."""
    people.keep(ANNA)
    people.begin(HERS)

    people.keep(replace(ANNA, changed_at=NOW + timedelta(minutes=1)).sealed(SEAL))

    assert people.session(HERS.id) is None
    people.close()


def test_an_ended_session_is_not_renewed_into_life(people: People) -> None:
    """A request that was under way while somebody signed out."""
    people.keep(ANNA)
    people.begin(HERS)
    people.end(HERS.id)

    people.renew(replace(HERS, seen_at=NOW + timedelta(minutes=5)).sealed(SEAL))

    assert people.session(HERS.id) is None
    people.close()


def test_sessions_that_are_over_are_forgotten(people: People) -> None:
    """The table does not grow for ever."""
    people.keep(ANNA)
    people.begin(HERS)

    later = HERS.ends_at + timedelta(days=1)
    people.begin(replace(HERS, id="cd" * 32, begun_at=later, seen_at=later, ends_at=later + timedelta(1)))

    assert people.session(HERS.id) is None
    people.close()


@pytest.mark.parametrize(
    "altered",
    [
        replace(ANNA, name="eva"),
        replace(ANNA, password="another"),
        replace(ANNA, disabled=True),
        replace(ANNA, changed_at=NOW + timedelta(seconds=1)),
        replace(HERS, name="eva"),
        replace(HERS, ends_at=HERS.ends_at + timedelta(days=300)),
        replace(HERS, seen_at=HERS.seen_at + timedelta(days=300)),
        replace(HERS, id="ef" * 32),
    ],
)
def test_an_altered_row_does_not_bear_the_seal(altered: Person | Session) -> None:
    """Every field counts."""
    assert not altered.bears(SEAL)
