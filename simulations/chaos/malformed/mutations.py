"""Mutations: small wounds to valid input, so that most of it still makes sense."""

import copy
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from simulations.chaos.malformed.hostile import DEPTHS, DIGITS, value, word

_NUMBER = re.compile(r"\d[\d._]*")
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_NAME = re.compile(r"[A-Za-z_]\w*")
_MOST_WOUNDS = 3


def bytes_of(rng: Random, content: bytes) -> bytes:
    """Bits flipped, pieces cut out, doubled, moved, or put in from elsewhere; or cut short."""
    for _ in range(rng.randint(1, _MOST_WOUNDS)):
        content = rng.choice(_OF_BYTES)(rng, content)
    return content


def text_of(rng: Random, content: str) -> bytes:
    """Tokens and lines replaced, deleted, doubled and nested; now and then bytes after that."""
    for _ in range(rng.randint(1, _MOST_WOUNDS)):
        content = rng.choice(_OF_TEXT)(rng, content)
    encoded = content.encode("utf-8", "surrogatepass")
    return bytes_of(rng, encoded) if rng.random() < 0.1 else encoded


def tree_of(rng: Random, tree: Any, *, surrogates: bool = False) -> Any:
    """A copy of a JSON value with some of its parts replaced, deleted, doubled or nested."""
    root = [copy.deepcopy(tree)]
    for _ in range(rng.randint(1, _MOST_WOUNDS)):
        _wound(rng, root, surrogates=surrogates)
    return root[0]


def _wound(rng: Random, root: list[Any], *, surrogates: bool) -> None:
    """Walk down by chance, and hurt what is found there."""
    holder: Any = root
    key: Any = 0
    while isinstance(holder[key], dict | list) and holder[key] and rng.random() < 0.9:
        holder = holder[key]
        key = rng.choice(list(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))
    choice = rng.random()
    if choice < 0.6:
        holder[key] = value(rng, surrogates=surrogates)
    elif choice < 0.75 and holder is not root:
        del holder[key]
    elif choice < 0.85 and isinstance(holder, list) and holder is not root:
        holder.insert(rng.randrange(len(holder) + 1), copy.deepcopy(holder[key]))
    elif choice < 0.95 and isinstance(holder, dict):
        holder[word(rng)] = value(rng, surrogates=surrogates)
    else:
        holder[key] = [holder[key]]


def _flip(rng: Random, content: bytes) -> bytes:
    if not content:
        return content
    wounded = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        wounded[rng.randrange(len(wounded))] ^= 1 << rng.randrange(8)
    return bytes(wounded)


def _cut_short(rng: Random, content: bytes) -> bytes:
    return content[: rng.randint(0, len(content))]


def _cut_out(rng: Random, content: bytes) -> bytes:
    start = rng.randint(0, len(content))
    return content[:start] + content[start + rng.randint(1, 64) :]


def _double(rng: Random, content: bytes) -> bytes:
    start = rng.randint(0, len(content))
    end = start + rng.randint(1, 64)
    return content[:end] + content[start:end] + content[end:]


def _put_in(rng: Random, content: bytes) -> bytes:
    start = rng.randint(0, len(content))
    strange = rng.choice((b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", rng.randbytes(8)))
    return content[:start] + strange + content[start:]


def _other(pattern: re.Pattern[str], write: Callable[[Random, str], str]) -> Callable[[Random, str], str]:
    """Replace one of the tokens that a pattern finds."""

    def replace(rng: Random, content: str) -> str:
        start = rng.randint(0, len(content))
        token = pattern.search(content, start) or pattern.search(content)
        if token is None:
            return content
        return content[: token.start()] + write(rng, token[0]) + content[token.end() :]

    return replace


def _line(change: Callable[[Random, list[str], int], None]) -> Callable[[Random, str], str]:
    def replace(rng: Random, content: str) -> str:
        lines = content.splitlines(keepends=True)
        if not lines:
            return content
        change(rng, lines, rng.randrange(len(lines)))
        return "".join(lines)

    return replace


def _without(rng: Random, lines: list[str], at: int) -> None:
    del lines[at]


def _twice(rng: Random, lines: list[str], at: int) -> None:
    lines.insert(rng.randrange(len(lines) + 1), lines[at])


def _swapped(rng: Random, lines: list[str], at: int) -> None:
    other = rng.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


def _strange(rng: Random, lines: list[str], at: int) -> None:
    lines.insert(at, f"{word(rng)} = {rng.choice(DIGITS)}\n")


def _nest(rng: Random, content: str) -> str:
    """Put a part into brackets, up to thousands of them."""
    start = rng.randint(0, len(content))
    end = min(len(content), start + rng.randint(0, 20))
    opening, closing = rng.choice(("[]", "()", "{}", "<>"))
    depth = rng.choice(DEPTHS)
    return content[:start] + opening * depth + content[start:end] + closing * depth + content[end:]


def _swap_names(rng: Random, content: str) -> str:
    """Put one name in another's place."""
    names = [found[0] for found in _NAME.finditer(content)]
    if not names:
        return content
    return _other(_NAME, lambda rng, _: rng.choice(names))(rng, content)


_OF_BYTES: Sequence[Callable[[Random, bytes], bytes]] = (_flip, _cut_short, _cut_out, _double, _put_in)
_OF_TEXT: Sequence[Callable[[Random, str], str]] = (
    _other(_NUMBER, lambda rng, _: rng.choice(DIGITS)),
    _other(_NUMBER, lambda rng, _: rng.choice(DIGITS)),
    _other(_QUOTED, lambda rng, token: token[0] + word(rng) + token[0]),
    _other(_QUOTED, lambda rng, _: rng.choice(DIGITS)),
    _other(_NAME, lambda rng, _: word(rng)),
    _swap_names,
    _line(_without),
    _line(_twice),
    _line(_swapped),
    _line(_strange),
    _nest,
)
