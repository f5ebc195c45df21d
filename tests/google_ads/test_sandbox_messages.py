"""The frozen messages of the sandbox against those of the official client."""

import zlib

from simulations.sandbox.google_ads.freeze import frozen
from simulations.sandbox.google_ads.messages import FROZEN


def test_the_sandbox_speaks_the_messages_of_the_installed_client() -> None:
    """Byte by byte; `python -m simulations.sandbox.google_ads.freeze` makes it so."""
    kept = zlib.decompress(FROZEN.read_bytes())

    assert kept == frozen()
