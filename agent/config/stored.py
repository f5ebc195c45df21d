"""Stored: the policy that the ledger kept under a digest, as settings again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from agent.config.accounts import AccountSettings
from agent.config.digest import SHAPES_DECISIONS, digest_of
from agent.config.guardrails import GuardrailSettings
from agent.config.settings import Settings
from agent.domain.errors import Mistake


@dataclass(frozen=True, slots=True)
class StoredRules:
    """A rule file as it was."""

    name: str
    file: str
    content: str


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """What shaped the decisions of a plan.

    Attributes:
        tables: As `policy_body` wrote them.
    """

    digest: str
    tables: Mapping[str, object]
    rules: tuple[StoredRules, ...]

    @classmethod
    def read(cls, digest: str, body: bytes) -> "StoredPolicy":
        """Read what was kept.

        Raises:
            Mistake: It is not what the digest stands for, or cannot be read.
        """
        where = f"policy {digest[:8]}"
        if digest_of(body) != digest:
            raise Mistake(
                where, "what the ledger keeps under this name is another policy", "restore a backup"
            )
        try:
            tables = json.loads(body)
            rules = tuple(StoredRules(*one) for one in tables["rules"])
        except (ValueError, TypeError, KeyError) as error:
            raise Mistake(where, f"cannot be read: {error}", "the gebot that wrote it can") from None
        return cls(digest, tables, rules)

    def settings(self, today: Settings, folder: Path) -> Settings:
        """The settings as they were in all that shapes a decision, else those of today.

        Args:
            folder: Where the rule files are put, for as long as they are read.

        Raises:
            Mistake: This version of gebot knows other settings.
        """
        try:
            tables = {
                **{name: getattr(today, name) for name in Settings.model_fields},
                **{name: self.tables[name] for name in SHAPES_DECISIONS},
                "rule_files": [
                    {"name": one.name, "file": _written(one, folder / str(number))}
                    for number, one in enumerate(self.rules)
                ],
                "accounts": [self._as_it_was(account) for account in today.accounts],
            }
            return Settings.model_validate(tables)
        except ValidationError as error:
            found = f"cannot be read by this version: {error.errors()[0]['msg']}"
            raise Mistake(f"policy {self.digest[:8]}", found, "the gebot that wrote it can") from None

    def _as_it_was(self, account: AccountSettings) -> AccountSettings:
        for name, history_days, guardrails in self.tables["accounts"]:  # type: ignore[attr-defined]  # JSON
            if name == account.name:
                schedule = account.schedule.model_copy(update={"history_days": history_days})
                own = None if guardrails is None else GuardrailSettings.model_validate(guardrails)
                return account.model_copy(update={"schedule": schedule, "guardrails": own})
        return account


def _written(rules: StoredRules, folder: Path) -> Path:
    """The file by its own name, which is part of what its rules are called."""
    folder.mkdir()
    path = folder / rules.file
    path.write_bytes(rules.content.encode())
    return path
