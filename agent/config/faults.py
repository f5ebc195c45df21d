"""Faults: what pydantic found wrong in config.toml, said in plain English."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails, PydanticCustomError

from agent.domain.errors import Mistake

_SECRET_KEYS = frozenset({"credentials", "write_credentials", "ledger_password"})
_LONGEST_SHOWN = 60

# Pydantic's name of an error: what would be right, with the error's own figures filled in.
_EXPECTED = {
    "int_type": "a whole number is right",
    "greater_than": "a number above {gt} is right",
    "greater_than_equal": "{ge} or more is right",
    "less_than": "a number below {lt} is right",
    "less_than_equal": "{le} or less is right",
    "string_type": "text in quotes is right",
    "tuple_type": "a list in square brackets is right",
    "model_type": "a table is right",
    "dict_type": "a table is right",
    "mapping_type": "a table is right",
    "enum": "{expected} is right",
    "literal_error": "{expected} is right",
    "bool_type": "true or false is right",
    "float_type": "a number is right",
}


def fault(expected: str, found: str = "") -> PydanticCustomError:
    """An error for a validator to raise.

    Args:
        expected: What would be right: "money such as '5.00 EUR' is right".
        found: What was found; the value itself when left out.
    """
    return PydanticCustomError("fault", "{found}; {expected}", {"found": found, "expected": expected})


def as_mistake(
    error: ErrorDetails, model: type[BaseModel], tables: Mapping[str, object], file: str
) -> Mistake:
    """Turn one pydantic error on `tables` into a sentence. Never shows a value that may be secret."""
    loc = error["loc"]
    where = f"{file}: {place(loc, tables)}"
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return Mistake(where, "was missing", "this key is needed")
        case "extra_forbidden":
            return unknown_key(where, str(loc[-1]), _keys_beside(model, loc))
        case "fault":
            return Mistake(where, context["found"] or shown(error["input"]), context["expected"])
        case "value_error":  # a plain ValueError of an adapter's or strategy's own check
            return Mistake(where, str(context["error"]))
        case "tuple_type" if len(loc) == 1 and isinstance(error["input"], Mapping):
            return Mistake(where, f"stood as [{loc[0]}]", f"[[{loc[0]}]] in double brackets is right")
    found = "held a value itself" if _SECRET_KEYS.intersection(loc) else shown(error["input"])
    expected = _EXPECTED.get(error["type"])
    message = error["msg"]
    return Mistake(
        where, found, expected.format(**context) if expected else message[:1].lower() + message[1:]
    )


def unknown_key(where: str, key: str, known: Iterable[str]) -> Mistake:
    """The mistake of a key that nobody reads."""
    return Mistake(where, "is no key that gebot knows", meant(key, known))


def meant(word: str, known: Iterable[str]) -> str:
    """What the person may have meant: the nearest known word, else all of them."""
    choice = sorted(known)
    near = difflib.get_close_matches(word, choice, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known here: {', '.join(choice)}" if choice else "nothing may stand here"


def place(loc: Sequence[str | int], tables: Mapping[str, object]) -> str:
    """A key's full name for people: ``account 'main'.schedule.decide_at``."""
    match loc:
        case [str(table), int(index), *rest]:
            head = _item(table, index, tables)
        case [head, *rest]:
            head = str(head)
        case _:
            return "the file"
    return head + "".join(f" item {part + 1}" if isinstance(part, int) else f".{part}" for part in rest)


def shown(value: object) -> str:
    """What was found, short enough for one line."""
    match value:
        case Mapping():
            return "was a table"
        case list() | tuple():
            return "was a list" if value else "was an empty list"
        case bool():
            return f"was {str(value).lower()}"
        case int() if abs(value) >= 10**_LONGEST_SHOWN:
            return "was a number of very many digits"
        case datetime() | date() | time():
            return f"was {value.isoformat()}"
    text = repr(value)
    return f"was {text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + '…'}"


def _item(table: str, index: int, tables: Mapping[str, object]) -> str:
    """An item of an array of tables by its name, by its number when it has none."""
    match tables.get(table):
        case [*items] if index < len(items):
            match items[index]:
                case {"name": str(name)} if name:
                    return f"{table} {shown(name).removeprefix('was ')}"
    return f"{table} {index + 1}"


def _keys_beside(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """The keys that are known where `loc`, which names an unknown key, stands."""
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        field = next(
            (field for name, field in model.model_fields.items() if part in (name, field.alias)), None
        )
        inner = next(_models_in(field.annotation), None) if field else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items() if not field.exclude]


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Models inside a type such as ``tuple[AccountSettings, ...]`` or ``Guardrails | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
