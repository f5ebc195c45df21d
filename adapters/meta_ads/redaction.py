"""Redaction: secrets stay out of words, whoever wrote them."""

import logging
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "***"
_SHORTEST = 8  # what is shorter is no secret but a word, such as a sandbox's "sandbox"
_IN_ADDRESS = re.compile(r"((?:access_token|appsecret_proof)(?:=|%3D))[^&\s'\"<>]+", re.IGNORECASE)


class Redaction:
    """Hides known secrets, in plain and in address form, and whatever stands as one in an address."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in (secret, quote(secret), quote_plus(secret))}
        self._forms = sorted((form for form in forms if len(form) >= _SHORTEST), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return without_tokens(text)


def without_tokens(text: str) -> str:
    """The text with what follows `access_token=` and `appsecret_proof=` hidden."""
    return _IN_ADDRESS.sub(rf"\1{HIDDEN}", text)


class _Filter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = without_tokens(said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True


_FILTER = _Filter()


def hide_in_logs() -> None:
    """Hide tokens in what the HTTP library logs: at its lowest level it writes down every address."""
    logging.getLogger("urllib3.connectionpool").addFilter(_FILTER)
