"""The frozen messages of the sandbox against those of the official client."""

import re
import zlib

from simulations.sandbox.google_ads.freeze import frozen
from simulations.sandbox.google_ads.messages import FROZEN
from simulations.sandbox.google_ads.refusal import is_known_code


def test_the_sandbox_speaks_the_messages_of_the_installed_client() -> None:
    """Byte by byte; `python -m simulations.sandbox.google_ads.freeze` makes it so."""
    kept = zlib.decompress(FROZEN.read_bytes())

    assert kept == frozen()


SOURCES = sorted(FROZEN.parent.glob("*.py"))


def test_every_error_that_the_sandbox_answers_is_one_of_the_api() -> None:
    """As the sources spell them."""
    text = "\n".join(source.read_text(encoding="utf-8") for source in SOURCES)
    codes = set(re.findall(r'"(\w+_error\.[A-Z_]+)"', text))

    assert len(codes) > 50
    assert [code for code in sorted(codes) if not is_known_code(code)] == []
