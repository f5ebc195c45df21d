"""Select: the fields of an answer that were asked for, and pages of a list."""

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlencode

from simulations.sandbox.meta_ads.call import Call
from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.refusal import PARAMETER, Refusal

Row: TypeAlias = Mapping[str, Any]
"""All that is filled in of an object, by field; None where it has no such value, or what finds it out."""

_HOLE = "hole"


def fields_of(call: Call, known: frozenset[str], kind: str, default: Sequence[str] = ()) -> tuple[str, ...]:
    """The fields that are asked for.

    Args:
        known: What Meta knows of such an object.
        kind: What it is called in the refusal.

    Raises:
        Refusal: One does not exist.
    """
    names = _split(call.params.get("fields", ""))
    for name in names:
        if name.partition("{")[0] not in known:
            raise Refusal(
                PARAMETER,
                f"Tried accessing nonexisting field ({name}) on node type ({kind})",
                blame=["fields"],
                violation="unknown_field",
            )
    return tuple(dict.fromkeys(names)) or tuple(default)


def chosen(row: Row, fields: Sequence[str], *, always: Sequence[str] = ("id",)) -> dict[str, Any]:
    """The row with these fields and no others; what has no value is left out."""
    found: dict[str, Any] = {}
    for field in (*fields, *always):
        name, _, inner = field.partition("{")
        value = row.get(name)
        if callable(value):  # what takes long to find out is found out when it is asked for
            value = value()
        if value is None:
            continue
        if inner and isinstance(value, Mapping):
            value = chosen(value, _split(inner.rstrip("}")), always=())
        found[name] = value
    return found


def page_of(rows: Sequence[Row], call: Call, limits: Limits) -> dict[str, Any]:
    """One page of a list, with cursors, and the address of the next page if there is one.

    Raises:
        Refusal: The limit or the cursor is none.
    """
    limit = min(call.number("limit", limits.page), limits.largest_page) or limits.page
    start, is_hole = _start(call)
    total = len(rows)
    if limits.empty_pages and start and not is_hole and start < total:
        paging = _links(call, before=start, after=f"{start}{_HOLE}", further=True)
        return {"data": [], "paging": paging}
    end = min(start + limit, total)
    answer: dict[str, Any] = {"data": list(rows[start:end])}
    if end > start:
        answer["paging"] = _links(call, before=start, after=str(end), further=end < total)
    if call.is_true("summary"):
        answer["summary"] = {"total_count": total}
    return answer


def _split(text: str) -> list[str]:
    """Names between commas, each with what it has in braces."""
    if text.startswith("["):
        text = text.strip("[]").replace('"', "")
    return [name.strip() for name in re.findall(r"[^,{]+(?:\{[^}]*\})?", text) if name.strip()]


def _start(call: Call) -> tuple[int, bool]:
    text = call.params.get("after", "")
    if not text:
        return 0, False
    try:
        word = base64.urlsafe_b64decode(text.encode()).decode()
        return int(word.removesuffix(_HOLE)), word.endswith(_HOLE)
    except ValueError:
        raise Refusal(PARAMETER, "Invalid cursor", blame=["after"]) from None


def _links(call: Call, *, before: int, after: str, further: bool) -> dict[str, Any]:
    cursors = {"before": _cursor(str(before)), "after": _cursor(after)}
    if not further:
        return {"cursors": cursors}
    # As Meta's, the address carries the caller's token.
    params = {**call.params, "after": cursors["after"]}
    return {"cursors": cursors, "next": f"{call.address}?{urlencode(params)}"}


def _cursor(word: str) -> str:
    return base64.urlsafe_b64encode(word.encode()).decode()
