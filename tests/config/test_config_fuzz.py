"""Whatever stands in the file: Settings or Mistakes, nothing else."""

import contextlib
import re
import tempfile
from pathlib import Path

import pytest
import sample_config
import tomlkit
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agent.config.load import load
from agent.config.settings import Settings
from agent.domain.errors import Mistakes

KEYS = st.sampled_from(sorted(set(re.findall(r"[a-z_]+", sample_config.TEXT))))
WORDS = st.one_of(
    st.sampled_from(sorted(set(re.findall(r'"(.*?)"', sample_config.TEXT)))),
    st.sampled_from(
        ["9.00 USD", "file:~nobody0/x", "postgresql://h/d", "", " ", "0", "-1", "\x00", "é\u2028"]
    ),
)
SCALARS = st.one_of(
    WORDS,
    st.text(max_size=8),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


patient = hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(tempfile.mkdtemp())


def reads(folder: Path, text: str) -> Settings | None:
    with contextlib.suppress(Mistakes):
        return load(sample_config.write(folder, text))
    return None


@patient
@given(tables=st.dictionaries(KEYS, VALUES, max_size=8))
def test_any_tables_give_settings_or_mistakes(folder: Path, tables: dict[str, object]) -> None:
    """No shape of tables brings the reader down."""
    reads(folder, tomlkit.dumps(tables))


@patient
@given(
    start=st.integers(0, len(sample_config.TEXT)),
    length=st.integers(0, 40),
    insert=st.text(max_size=6) | WORDS | st.sampled_from(['"', "[", "]]", "=", "\n", "0x", "1e999", "'''"]),
)
def test_a_damaged_file_gives_settings_or_mistakes(
    folder: Path, start: int, length: int, insert: str
) -> None:
    """A slip of the hand anywhere in a sound file is a mistake or harmless."""
    text = sample_config.TEXT

    reads(folder, text[:start] + insert + text[start + length :])


@patient
@given(
    value=VALUES, key=st.sampled_from(["account", "portfolio", "strategy", "rules", "guardrails", "approval"])
)
def test_any_value_in_a_known_place_gives_settings_or_mistakes(folder: Path, value: object, key: str) -> None:
    """The cross-checks read raw tables; they must bear whatever stands there."""
    tables = tomlkit.parse(sample_config.TEXT).unwrap()

    reads(folder, tomlkit.dumps({**tables, key: [value, value]}))
    reads(folder, tomlkit.dumps({**tables, key: value}))
