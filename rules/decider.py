"""Decider: the rules of a file over a snapshot; the first that matches decides on a lever."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Flags
from agent.domain.errors import Mistake
from agent.domain.lever import Lever
from agent.domain.proposal import Evidence, Proposal
from agent.domain.snapshot import Snapshot
from rules.columns import CONVERSION_BASED, Window, column_of
from rules.expression import Expression
from rules.figures import Figures
from rules.file import RuleFile
from rules.readable import evidence, sentence
from rules.rule import Keep, Rule
from rules.target import aim


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that decides on its lever, and for which entities it does.

    Attributes:
        rows: Ascending row numbers, those that rest in its cooldown included.
        resting: Shape (n_entities,), where the lever changed within the rule's cooldown.
    """

    rule: Rule
    rows: Sequence[int]
    resting: Flags


@dataclass(frozen=True, slots=True)
class RuleDecider:
    """A rule file as a strategy. Pure; draws nothing from the generator."""

    file: RuleFile

    @property
    def levers(self) -> tuple[Lever, ...]:
        """What its rules may change, each once, in their order."""
        changing = (rule.lever for rule in self.file.rules if not isinstance(rule.action, Keep))
        return tuple(dict.fromkeys(changing))

    def propose(self, snapshot: Snapshot, rng: Generator) -> list[Proposal]:
        """Proposals in the order of refs and levers.

        Raises:
            Mistake: The file names money in another currency than the account's.
        """
        if self.file.currency not in (None, snapshot.currency):
            found = f"money in {self.file.currency}"
            raise Mistake(str(self.file.path), found, f"the account is in {snapshot.currency}")
        if len(snapshot) == 0:
            return []
        figures = Figures(snapshot)
        proposals = [
            proposal
            for match in matches(self.file.rules, figures)
            for proposal in self._proposals(match, figures)
        ]
        return sorted(proposals, key=lambda proposal: (proposal.ref, proposal.lever))

    def _proposals(self, match: Match, figures: Figures) -> Iterator[Proposal]:
        rule, snapshot = match.rule, figures.snapshot
        wanted = aim(rule.lever, rule.action, figures, snapshot)
        columns, maturity = rule.columns, _maturity(rule, figures)
        source = f"{self.file.name}/{rule.id}"
        group = snapshot.portfolio.name if snapshot.portfolio is not None else ""
        for row in match.rows:
            before = snapshot.entities.value(row, rule.lever)
            if match.resting[row] or before is None:
                continue
            target = wanted.target(row, before)
            if target is None:
                continue
            yield Proposal(
                ref=snapshot.entities.ref(row),
                lever=rule.lever,
                target=target,
                because=sentence(rule.because, figures, row),
                source=source,
                group=group,
                evidence=Evidence(
                    figures=evidence(columns, figures, row),
                    maturity=None if maturity is None else _known(maturity[row]),
                ),
            )


def matches(rules: Sequence[Rule], figures: Figures) -> Iterator[Match]:
    """The matching rule of each lever of each entity, in the rules' order."""
    snapshot = figures.snapshot
    longest = max(rule.hold_runs for rule in rules)
    earlier = [Figures(snapshot.before(n_days)) for n_days in range(1, longest)]
    free: dict[Lever, Flags] = {}
    for rule in rules:
        left = free.setdefault(rule.lever, snapshot.steerable(rule.lever))
        hit = left & _about(rule, snapshot) & _holds(rule, [figures, *earlier[: rule.hold_runs - 1]])
        free[rule.lever] = left & ~hit
        if hit.any():
            yield Match(rule, np.flatnonzero(hit).tolist(), _resting(rule, snapshot))


def _about(rule: Rule, snapshot: Snapshot) -> Flags:
    if rule.about is None:
        return np.ones(len(snapshot), dtype=bool)
    kind: Flags = snapshot.entities.kinds == rule.about.value
    return kind


def _holds(rule: Rule, runs: Sequence[Figures]) -> Flags:
    """Where the rule's conditions are true today and were on the earlier runs that `hold` asks for."""
    # Not knowing is a reason to keep a lever as it is, and never one to move it.
    unknown = isinstance(rule.action, Keep)
    held = np.ones(len(runs[0].snapshot), dtype=bool)
    for figures in runs:
        if rule.where is not None:
            held &= _truth(rule.where, figures, unknown=False)
        held &= _truth(rule.when, figures, unknown=unknown)
    return held


def _truth(condition: Expression, figures: Figures, *, unknown: bool) -> Flags:
    found: Flags = condition.over(figures).fill_null(unknown).to_numpy()
    return found


def _resting(rule: Rule, snapshot: Snapshot) -> Flags:
    memory = snapshot.memory.get(rule.lever)
    if rule.cooldown is None or memory is None:
        return np.zeros(len(snapshot), dtype=bool)
    now = np.datetime64(snapshot.as_of.replace(tzinfo=None), "s")
    resting: Flags = memory.changed_at > now - np.timedelta64(rule.cooldown)
    return resting


def _maturity(rule: Rule, figures: Figures) -> Sequence[float] | None:
    """Maturity of the longest window of conversions that the rule looks at; None without one."""
    days = [
        column.window.days
        for column in rule.columns
        if column.base in CONVERSION_BASED and column.window is not None and not column.window.previous
    ]
    if not days:
        return None
    found: list[float] = figures.numbers(column_of("maturity", Window(max(days)))).tolist()
    return found


def _known(share: float) -> float | None:
    return None if np.isnan(share) else share
