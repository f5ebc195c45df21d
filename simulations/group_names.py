"""Group names: what a team would have called its ad groups, ad sets and keywords."""

from simulations.names import COUNTRIES

_THINGS = ("shoes", "jackets", "bags", "shirts", "watches", "lamps", "chairs", "tents", "bikes", "knives")
_AUDIENCES = ("Women 25-34", "Men 25-34", "Women 35-54", "Men 35-54", "Visitors", "Buyers", "Lookalike")
_QUALITIES = ("", "buy", "cheap", "best", "online", "sale", "new", "red", "black", "leather")
_ENDINGS = ("", "shop", "price", "near me", "2026", "review", "set", "size 42", "discount", "delivery")
MATCH_TYPES = ("exact", "phrase", "broad")


def ad_group_name(number: int) -> str:
    """No two numbers have the same."""
    lap, row = divmod(number, len(_THINGS))
    return _THINGS[row].title() + (f" {lap + 1}" if lap else "")


def ad_set_name(number: int) -> str:
    """No two numbers have the same."""
    lap, row = divmod(number, len(_AUDIENCES))
    country = COUNTRIES[lap % len(COUNTRIES)]
    again = f" {lap // len(COUNTRIES) + 1}" if lap >= len(COUNTRIES) else ""
    return f"{_AUDIENCES[row]} | {country}{again}"


def keyword_text(group: int, number: int) -> str:
    """Of the number-th keyword of an ad group; no two of a group have the same."""
    lap, row = divmod(number, len(_QUALITIES) * len(_ENDINGS))
    ending, quality = divmod(row, len(_QUALITIES))
    thing = _THINGS[group % len(_THINGS)]
    words = (_QUALITIES[quality], thing, _ENDINGS[ending], str(lap + 1) if lap else "")
    return " ".join(word for word in words if word)
