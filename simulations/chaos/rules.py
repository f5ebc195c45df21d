"""Rules: a rule that was written wrongly touches a few entities and a part of the spend, never all."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

from agent.domain.entity import Account, entity_table
from agent.domain.errors import Mistakes
from agent.domain.lever import Lever, number_of
from agent.domain.money import Money
from agent.domain.plan import Decision
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.ref import AccountId
from agent.domain.snapshot import Snapshot
from agent.steps.guard import guard
from agent.wiring.fencing import fence
from rules.decider import RuleDecider
from rules.file import parse_rules
from simulations.chaos.malformed.hostile import chance
from simulations.chaos.volume import Notes, Volume
from simulations.chaos.wishing import account_of, shipped_limits

MOST_CHANGES, MOST_ENTITIES, MOST_SPEND = 8, Fraction(1, 4), Fraction(3, 10)
ENTITIES = f"a mutated rule touches at most {MOST_CHANGES} entities and {MOST_ENTITIES} of them all"
SPEND = f"a mutated rule touches at most {MOST_SPEND} of the spend, and one entity in any case"
NOT_ZERO = "a mutated rule zeroes nothing, and pauses no more than the run may change"
EMPTY = "an empty condition is refused and never means all"
STEPS = "a mutated rule moves each lever by a step at most"
_LIBRARY = Path(__file__).parents[2] / "rules" / "library"
_PATH = Path("mutated.toml")
_FIELDS = ("cost", "conversions", "clicks", "cpa", "roas", "impressions", "conversion_value", "cvr")


def trial(seed: int, notes: Notes) -> None:
    """One shipped rule, written wrongly, over an account that it was not meant for."""
    rng = chance(seed)
    text, way = mutated(rng)
    notes.tell(lambda: f"{way}:\n{text}")
    try:
        file = parse_rules(text, _PATH)
    except Mistakes as mistakes:
        refused = [str(one) for one in mistakes.each()]
        notes.count("refused")
        notes.tell(lambda: f"refused: {refused}")
        return
    notes.check(EMPTY, way != "empty condition")
    snapshot = account(rng)
    wishes = RuleDecider(file).propose(snapshot, np.random.default_rng(seed))
    notes.count("wishes", len(wishes))
    limits = shipped_limits("EUR").model_copy(
        update={
            "max_changes_per_run": MOST_CHANGES,
            "max_share_of_entities_per_run": MOST_ENTITIES,
            "max_share_of_spend_per_run": MOST_SPEND,
        }
    )
    judge(snapshot, guard(snapshot, [snapshot], wishes, fence(limits), {}), notes)


def judge(snapshot: Snapshot, decisions: Sequence[Decision], notes: Notes) -> None:
    """Note what a run of these decisions touches."""
    changes = [decision.change for decision in decisions if decision.change is not None]
    touched = {change.ref for change in changes}
    notes.count("changes", len(changes))
    most = max(1, int(MOST_ENTITIES * len(snapshot)))
    notes.check(ENTITIES, len(touched) <= min(MOST_CHANGES, most), len(touched))
    cost = snapshot.metrics.cost_micros.sum(axis=1)
    spent = sum(int(cost[row]) for ref in touched if (row := snapshot.entities.row(ref)) is not None)
    notes.check(SPEND, len(touched) <= 1 or spent <= MOST_SPEND * int(cost.sum()), (spent, int(cost.sum())))
    for change in changes:
        after, before = number_of(change.after), number_of(change.before)
        if change.lever is Lever.STATUS:
            continue
        notes.check(NOT_ZERO, after > 0, change)
        notes.check(STEPS, Fraction(abs(after - before), before) <= Fraction(1, 5), change)
    paused = sum(change.lever is Lever.STATUS and number_of(change.after) == 0 for change in changes)
    notes.check(NOT_ZERO, paused <= MOST_CHANGES, paused)


def mutated(rng: Random) -> tuple[str, str]:
    """A rule with one or two slips of its author's, and what the last of them was."""
    text, way = rng.choice(_rules()), ""
    for _ in range(rng.randint(1, 2)):
        way = rng.choice(list(_WAYS))
        text = _WAYS[way](rng, text)
    return text, way


def account(rng: Random) -> Snapshot:
    """A few dozen campaigns of all sizes with every lever, the targets of which most miss by far."""
    n = rng.choice((1, 2, 12, 40))
    budgets = [int(2_000_000 * 10 ** rng.uniform(0, 2.5)) // 10_000 * 10_000 for _ in range(n)]
    table = entity_table(
        Account(AccountId("simulated", "demo"), "Demo", "EUR", "UTC"),
        [f"{row:04d}" for row in range(n)],
        names=[rng.choice(("Brand", "Shoes", "Generic")) for _ in range(n)],
        bidding=[rng.choice(("manual_cpc", "target_cpa", "target_roas")) for _ in range(n)],
        started=np.full(n, np.datetime64("2025-06-01")),
        levers={
            Lever.DAILY_BUDGET: budgets,
            Lever.CPC_BID: [rng.randrange(10, 400) * 10_000 for _ in range(n)],
            Lever.TARGET_CPA: [rng.randrange(5, 90) * 1_000_000 for _ in range(n)],
            Lever.TARGET_ROAS: [rng.randrange(10, 80) * 100_000 for _ in range(n)],
            Lever.STATUS: [1] * n,
        },
    )
    snapshot = account_of(table, daily_cost=[budget * 9 // 10 for budget in budgets], baseline={})
    goal = Portfolio(
        "all", Goal.CONVERSIONS, None, target_cpa=Money(rng.choice((5, 30, 500)) * 1_000_000, "EUR")
    )
    return replace(snapshot, portfolio=goal)


@cache
def _rules() -> Sequence[str]:
    """Shipped rules about campaigns, with windows no longer than the account's days."""
    found = []
    for path in sorted(_LIBRARY.glob("*.toml")):
        _, *rules = path.read_text(encoding="utf-8").split("\n[[rule]]\n")
        found += [re.sub(r"_\d+d", "_7d", f"[[rule]]\n{rule}") for rule in rules]
    return [rule.replace('about    = "keyword"', 'about = "campaign"') for rule in found]


def _in_line(start: str, change: Callable[[Random, str], str]) -> Callable[[Random, str], str]:
    """Change the value of one setting of the rule."""

    def of_rule(rng: Random, text: str) -> str:
        match = re.search(
            rf'^{start}\s*= (?:"""(.*?)"""|"(.*?)"$|(\{{.*\}})$)', text, re.MULTILINE | re.DOTALL
        )
        if match is None:
            return text
        group = next(number for number in (1, 2, 3) if match[number] is not None)
        return text[: match.start(group)] + change(rng, match[group]) + text[match.end(group) :]

    return of_rule


def _sign(rng: Random, condition: str) -> str:
    swaps = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "= 0": ">= 0"}
    return re.sub(
        r">=|<=|>|<|= 0", lambda found: swaps[found[0]] if rng.random() < 0.6 else found[0], condition
    )


def _dropped(rng: Random, condition: str) -> str:
    parts = condition.split(" AND ")
    del parts[rng.randrange(len(parts))]
    return " AND ".join(parts)


def _times(rng: Random, text: str) -> str:
    factor = rng.choice((100, 1_000_000, 0.01, 0))
    numbers = list(re.finditer(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", text))
    if not numbers:
        return text
    one = rng.choice(numbers)
    return text[: one.start()] + f"{float(one[0]) * factor:.8f}".rstrip("0").rstrip(".") + text[one.end() :]


def _swapped(rng: Random, condition: str) -> str:
    return re.sub(
        r"|".join(rf"(?<![a-z_]){name}(?=_\d)" for name in _FIELDS), lambda _: rng.choice(_FIELDS), condition
    )


def _wider(rng: Random, condition: str) -> str:
    return rng.choice(
        (f"{condition} OR cost_7d >= 0", "cost_7d >= 0", "NOT (cost_7d < 0)", "cost_7d >= 0 OR learning")
    )


_WAYS: dict[str, Callable[[Random, str], str]] = {
    "flipped sign": _in_line("when", _sign),
    "dropped filter": _in_line("when", _dropped),
    "dropped place": lambda _, text: re.sub(r'^where\s*= ".*"\n', "", text, flags=re.MULTILINE),
    "condition times": _in_line("when", _times),
    "action times": _in_line("then", _times),
    "swapped field": _in_line("when", _swapped),
    "always true": _in_line("when", _wider),
    "no hold": lambda _, text: re.sub(r'^(hold|cooldown)\s*= ".*"\n', "", text, flags=re.MULTILINE),
    "empty condition": lambda rng, text: _in_line(rng.choice(("when", "where")), lambda _, __: "")(
        rng, text if "where" in text else text.replace("when", 'where = "learning"\nwhen', 1)
    ),
}

RULES = Volume("rules", trial)
