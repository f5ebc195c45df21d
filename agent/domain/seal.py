"""Seal: a mark that only the holder of a key can make, over words that anybody may read."""

import hmac
import json
from collections.abc import Sequence


class Seal:
    """A key that marks what gebot wrote, so that what anybody else wrote is told apart.

    HMAC-SHA256 (RFC 2104) over canonical JSON: the same content has the same mark on every
    machine. The key is never shown, and whoever only reads the marks learns nothing of it.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, content: Sequence[object]) -> str:
        """The mark of this content, as 64 hexadecimal digits.

        Args:
            content: What JSON can say, without floats; begin it with a word for what it is, so
                that no mark is good for anything else.
        """
        return hmac.digest(self._key, canonical(content), "sha256").hex()

    def holds(self, content: Sequence[object], signature: str) -> bool:
        """Whether the mark is this key's over this content; takes as long for any wrong one."""
        return hmac.compare_digest(self.sign(content).encode(), signature.encode(errors="replace"))

    def __repr__(self) -> str:
        return "Seal(...)"


def canonical(content: object) -> bytes:
    """The one way to write it as JSON."""
    return json.dumps(content, separators=(",", ":"), sort_keys=True, allow_nan=False).encode()


UNKEYED = Seal(b"")
"""For simulations and tests, where nobody forges anything."""
