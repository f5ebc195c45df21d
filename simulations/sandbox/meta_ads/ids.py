"""Ids: Meta's are longer than those of the simulated platform."""

_PREFIX = "1202"
_DIGITS = 14


def shown(platform_id: str) -> str:
    """The id as Meta would have it: "20000000001" as "120200020000000001"."""
    return f"{_PREFIX}{int(platform_id):0{_DIGITS}d}"


def own(meta_id: str) -> str:
    """The platform's id behind one of Meta's; "" when there is none."""
    if len(meta_id) != len(_PREFIX) + _DIGITS or not meta_id.startswith(_PREFIX) or not meta_id.isdigit():
        return ""
    return str(int(meta_id[len(_PREFIX) :]))
