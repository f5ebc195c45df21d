"""Facts: what each change of a plan is about, in columns that a database can be asked for."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from agent.domain.lever import number_of
from agent.domain.money import Money
from agent.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Fact:
    """One change; `before` and `after` are micros, millionths or 0/1 (see `number_of`).

    Attributes:
        entity: Its id as in the tables of the plan's account.
        currency: "" where the lever is no money.
        effect_of: What the expected effect is counted in, in the decider's words; "" without one.
    """

    change: str
    kind: str
    entity: str
    lever: str
    currency: str
    before: int
    after: int
    source: str
    portfolio: str
    because: str
    effect_of: str
    effect_mean: float | None
    effect_low: float | None
    effect_high: float | None

    def columns(self) -> dict[str, str | int | float | None]:
        """By the names of the table's columns."""
        return asdict(self)


def facts_of(plan: Plan) -> Iterator[Fact]:
    """One for each change of the plan, in its order."""
    told = set()
    for decision in plan.decisions:
        change, proposal = decision.change, decision.proposal
        if change is None or change.id in told:
            continue
        told.add(change.id)
        effect = proposal.evidence.expected_effect
        yield Fact(
            change=change.id,
            kind=change.ref.kind.value,
            entity=plan.account.id_of(change.ref) or change.ref.id,
            lever=change.lever.value,
            currency=change.after.currency if isinstance(change.after, Money) else "",
            before=number_of(change.before),
            after=number_of(change.after),
            source=proposal.source,
            portfolio=proposal.group,
            because=_storable(proposal.because),
            effect_of=_storable(proposal.evidence.posterior_of) if effect is not None else "",
            effect_mean=None if effect is None else effect.mean,
            effect_low=None if effect is None else effect.low,
            effect_high=None if effect is None else effect.high,
        )


def _storable(text: str) -> str:
    """Without what a database's text cannot hold: NUL, and halves of characters."""
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
