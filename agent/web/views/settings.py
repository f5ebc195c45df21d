"""Settings: the policy in force, as config.toml says it; references to secrets, never secrets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent.config.absent import absent_limits
from agent.config.digest import policy_digest
from agent.office import Office
from agent.wiring.parts import called

_HIDDEN = "kept elsewhere"
_REFERENCES = ("env:", "file:")
_SECRET = ("credentials", "write_credentials", "ledger_password", "key")


@dataclass(frozen=True, slots=True)
class Setting:
    """One key with its value, or "" where it is not set."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class SettingsTable:
    """A table of config.toml, as ``[guardrails.daily_budget]``."""

    heading: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class SettingsView:
    """Everything on the page.

    Attributes:
        absent: Limits that are not set, so that whatever needs them is denied.
    """

    file: str
    digest: str
    mode: str
    tables: tuple[SettingsTable, ...]
    absent: tuple[str, ...]


def settings_view(office: Office) -> SettingsView:
    """Read what the page was started with."""
    settings = office.settings
    dumped = settings.model_dump(mode="json", by_alias=True)
    plain = tuple(Setting(key, _shown(key, value)) for key, value in dumped.items() if not _is_table(value))
    tables = [SettingsTable("", plain)]
    for key, value in dumped.items():
        tables += _tables(key, value)
    return SettingsView(
        settings.file,
        policy_digest(settings),
        called(settings),
        tuple(one for one in tables if one.settings),
        tuple(absent_limits(settings)),
    )


def _tables(heading: str, value: object) -> Iterator[SettingsTable]:
    """The table with those within it; one for each where there are several."""
    if isinstance(value, Mapping):
        own = tuple(
            Setting(key, _shown(key, inner))
            for key, inner in value.items()
            if not _is_table(inner) or key in _SECRET
        )
        yield SettingsTable(heading, own)
        for key, inner in value.items():
            if key not in _SECRET:
                yield from _tables(f"{heading}.{key}", inner)
    elif isinstance(value, list) and _is_table(value):
        for item in value:
            name = item.get("name", "") if isinstance(item, Mapping) else ""
            yield from _tables(f"{heading} {name}".strip(), item)


def _is_table(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _shown(key: str, value: object) -> str:
    if value in (None, [], {}):
        return ""
    if key in _SECRET or str(value).startswith(_REFERENCES):
        return _HIDDEN
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
