"""Rule files for tests: TOML with one rule, or several, and the least that a rule needs."""

from pathlib import Path

import numpy as np

from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from rules.decider import RuleDecider
from rules.file import parse_rules

PATH = Path("rules/x.toml")


def rule(
    when: str = "cost_7d >= 60",
    *,
    rule_id: str = "a",
    then: str = 'lever = "daily_budget", scale = 0.5',
    now: str = 'daily_budget = "10.00 EUR"',
    more: str = "",
    because: str = "spent {cost_7d}",
) -> str:
    """One rule with two examples, which are not run."""
    keep = "keep = true" in then
    fires = '"kept"' if keep else f"{{ {now} }}"
    return f'''
[[rule]]
id = "{rule_id}"
when = """{when}"""
then = {{ {then} }}
because = "{because}"
{more}
[[rule.example]]
name = "fires"
each = {{ days = 7 }}
now = {{ {now} }}
expect = {fires}
[[rule.example]]
name = "silent"
each = {{ days = 7 }}
now = {{ {now} }}
expect = "no change"
'''


def decider(*rules: str) -> RuleDecider:
    return RuleDecider(parse_rules("".join(rules), PATH))


def proposals(snapshot: Snapshot, *rules: str) -> list[Proposal]:
    """What a file of these rules proposes."""
    return decider(*rules).propose(snapshot, np.random.default_rng(0))


def targets(snapshot: Snapshot, *rules: str) -> dict[str, str]:
    """The same, by entity id, as a person reads it."""
    return {proposal.ref.id: str(proposal.target) for proposal in proposals(snapshot, *rules)}
