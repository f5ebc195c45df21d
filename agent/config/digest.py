"""Digest: one name for the policy in force, so that an approval is void once it changes."""

import hashlib
import json

from agent.config.settings import Settings


def policy_digest(settings: Settings) -> str:
    """SHA-256 over everything that shapes a decision, as hex.

    In it: portfolios, strategies, the contents of rule files, guardrails, approval and seed. Not
    in it: mode, ledger, state, clock, and how accounts are reached; dry-run and live agree.

    Raises:
        OSError: A rule file has gone since the settings were loaded.
    """
    policy = settings.model_dump(
        mode="json", include={"portfolios", "strategies", "guardrails", "approval", "seed"}
    )
    policy["rules"] = [
        [rules.name, hashlib.sha256(rules.file.read_bytes()).hexdigest()] for rules in settings.rule_files
    ]
    policy["own_guardrails"] = [
        [account.name, account.guardrails.model_dump(mode="json")]
        for account in settings.accounts
        if account.guardrails is not None
    ]
    text = json.dumps(policy, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
