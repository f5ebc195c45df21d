"""Load: config.toml to Settings, or every fault in it at once."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from agent.config.contradictions import contradictions
from agent.config.faults import as_mistake, unknown_key
from agent.config.settings import Settings
from agent.domain.errors import Mistake, Mistakes

_SET_HERE = frozenset({"home", "file"})
_AT_LINE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


def load(path: Path) -> Settings:
    """Read and check a configuration; nothing outside the file is asked but that rule files exist.

    Raises:
        Mistakes: Everything that is wrong with the file, in its own order where that is known.
    """
    return settings_of(parsed(path), path.absolute().parent, path.name)


def settings_of(tables: Mapping[str, object], home: Path, file: str) -> Settings:
    """The same from tables that were read already.

    Args:
        home: Folder that paths in the tables start from.
        file: What messages call the place of the tables.

    Raises:
        Mistakes: Everything that is wrong with them.
    """
    settings, mistakes = _typed(tables, home, file)
    mistakes += contradictions(tables, home, file)
    if settings is None or mistakes:
        raise Mistakes(f"{file} cannot be used", mistakes)
    return settings


def parsed(path: Path) -> Mapping[str, object]:
    """A file as TOML tables, nothing in them checked.

    Raises:
        Mistakes: It is not there, cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        mistake = Mistake(str(path), "was not found", "`gebot init` writes one")
    except OSError as error:
        mistake = Mistake(str(path), f"could not be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        mistake = Mistake(f"{path.name}: line {line}", "was not UTF-8", "save the file as UTF-8")
    except RecursionError:
        mistake = Mistake(path.name, "was nested too deeply")
    except ValueError as error:  # TOMLDecodeError, and a number of more digits than Python reads
        mistake = _syntax_mistake(str(error), path.name)
    raise Mistakes(f"{path.name} cannot be read", [mistake])


def _typed(tables: Mapping[str, object], home: Path, file: str) -> tuple[Settings | None, list[Mistake]]:
    """Settings where every key for itself is right, and what is wrong with the keys."""
    mistakes = [unknown_key(f"{file}: {key}", key, _known_keys()) for key in tables if key in _SET_HERE]
    data = {**tables, "home": home, "file": file}
    try:
        return Settings.model_validate(data, context={"home": home}, by_alias=True, by_name=False), mistakes
    except ValidationError as error:
        faults = error.errors(include_url=False)
        return None, mistakes + [as_mistake(one, Settings, tables, file) for one in faults]


def _known_keys() -> list[str]:
    return [field.alias or name for name, field in Settings.model_fields.items() if not field.exclude]


def _syntax_mistake(message: str, file: str) -> Mistake:
    match = _AT_LINE.fullmatch(message)
    if match is None:
        return Mistake(file, "was no TOML", message[:1].lower() + message[1:])
    where = f"line {match['line']}, column {match['column']}" if match["line"] else "end of the file"
    what = match["what"]
    return Mistake(f"{file}: {where}", "was no TOML", what[:1].lower() + what[1:])
