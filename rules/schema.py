"""Schema: the table of one rule, as it must be written."""

import re
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from agent.domain.ref import Kind
from rules.example import Duration, Example, Table
from rules.expression import Expression, condition
from rules.refused import Refused, reader
from rules.rule import Rule
from rules.texts import Because, because, runs
from rules.then import Then

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _id(raw: object) -> str:
    if not isinstance(raw, str) or _ID.fullmatch(raw) is None:
        raise Refused(repr(raw), "lower-case words joined by dashes are right")
    return raw


def _condition(raw: object) -> Expression:
    if not isinstance(raw, str):
        raise Refused(repr(raw), "a condition such as 'cost_14d >= 60' is right")
    return condition(raw)


Condition = Annotated[Expression, reader(_condition)]
Runs = Annotated[int, reader(runs)]
Sentence = Annotated[Because, reader(because)]


class RuleTable(Table):
    """`[[rule]]` with its examples."""

    id: Annotated[str, reader(_id)]
    about: Kind | None = None
    where: Condition | None = None
    when: Condition
    then: Then
    hold: Runs = 1
    cooldown: Duration | None = None
    because: Sentence
    example: tuple[Example, ...] = Field(default=(), validate_default=True)

    @field_validator("example")
    @classmethod
    def _both_ways(cls, examples: tuple[Example, ...], info: ValidationInfo) -> tuple[Example, ...]:
        then: Then | None = info.data.get("then")
        keeps = then is not None and then.keep
        refused = _one_sided(examples, keeps=keeps)
        if refused is None and then is not None:
            refused = _without_the_lever(examples, then)
        if refused is not None:
            raise refused.as_error()
        return examples

    @property
    def rule(self) -> Rule:
        return Rule(
            id=self.id,
            about=self.about,
            where=self.where,
            when=self.when,
            lever=self.then.lever,
            action=self.then.action,
            hold_runs=self.hold,
            cooldown=self.cooldown,
            because=self.because,
            examples=self.example,
        )


def _one_sided(examples: tuple[Example, ...], *, keeps: bool) -> Refused | None:
    """A rule shows once what it does and once where it stays silent."""
    fires = sum(
        example.expect == "kept" if keeps else example.expect not in ("kept", "no change")
        for example in examples
    )
    change = 'expect = "kept"' if keeps else "expect = { lever = value }"
    silence = "another expect" if keeps else 'expect = "no change"'
    if not fires:
        return Refused("no example in which it fires", f"one with {change} is needed")
    if fires == len(examples):
        return Refused("no example in which it stays silent", f"one with {silence} is needed")
    return None


def _without_the_lever(examples: tuple[Example, ...], then: Then) -> Refused | None:
    for example in examples:
        if then.lever not in example.now.values:
            return Refused(
                f"example {example.name!r} does not say how {then.lever} stands", "now = { ... } says it"
            )
        if len(example.currencies) > 1:
            return Refused(
                f"example {example.name!r} has {' and '.join(sorted(example.currencies))}", "one currency"
            )
    return None
