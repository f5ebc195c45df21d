"""Digest: one name for the policy in force, so that an approval is void once it changes."""

import hashlib
import json

from agent.config.settings import Settings

SHAPES_DECISIONS = ("portfolios", "strategies", "guardrails", "approval", "seed")
"""Tables of config.toml that are in the policy as they stand."""

_SHAPES_NONE = ("operators", "viewers", "anyone_may_stop", "remind_after")
"""Of `[approval]`: who reads, who stops and who is reminded makes no approval void."""


def policy_digest(settings: Settings) -> str:
    """SHA-256 over everything that shapes a decision, as hex: that of `policy_body`.

    Raises:
        OSError: A rule file has gone since the settings were loaded.
    """
    return digest_of(policy_body(settings))


def policy_body(settings: Settings) -> bytes:
    """Everything that shapes a decision, as JSON, so that a decision can be made again.

    In it: portfolios, strategies, rule files with their contents, guardrails, approval, seed, and
    how far back each account looks. Not in it: mode, ledger, state, clock, and how accounts are
    reached; dry-run and live agree, and no secret nor reference to one is in it.

    Raises:
        OSError: A rule file has gone since the settings were loaded.
    """
    policy = settings.model_dump(
        mode="json", include=set(SHAPES_DECISIONS), exclude={"approval": set(_SHAPES_NONE)}
    )
    policy["rules"] = [
        [rules.name, rules.file.name, rules.file.read_bytes().decode(errors="backslashreplace")]
        for rules in settings.rule_files
    ]
    policy["accounts"] = [
        [
            account.name,
            account.schedule.history_days,
            None if account.guardrails is None else account.guardrails.model_dump(mode="json"),
        ]
        for account in settings.accounts
    ]
    return json.dumps(policy, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(body: bytes) -> str:
    """The digest of a policy's body."""
    return hashlib.sha256(body).hexdigest()
