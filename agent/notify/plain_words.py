"""Plain words: text from outside that does nothing in a chat, a mail or on a terminal."""

import re

_LONGEST = 160
_ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"

# What chats turn into links, mentions, markup or commands, and what looks like it and is not.
_TURNED = {
    "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
    ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
    "@": f"@{_ZERO_WIDTH}",
    "`": "'",
    "](": f"]{_ZERO_WIDTH}(",
    "://": f":{_ZERO_WIDTH}//",
    "www.": f"www{_ZERO_WIDTH}.",
}
_FOUND = re.compile("|".join(map(re.escape, _TURNED)), re.IGNORECASE)


def plain_words(text: str, longest: int = _LONGEST) -> str:
    """A line of text that mentions nobody, links nowhere, and quotes as what it is.

    Angle brackets are look-alikes; behind @ and within addresses stands a blank of no width.
    """
    line = "".join(one if one.isprintable() else " " for one in text)
    line = " ".join(line.split())
    if len(line) > longest:
        line = line[: longest - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return _FOUND.sub(lambda found: _TURNED[found[0].lower()], line)
