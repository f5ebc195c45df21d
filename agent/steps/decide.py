"""Decide: ask each portfolio's deciders, in order; the first word for a lever is heard."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np
import structlog
from numpy.typing import NDArray

from agent.domain.month.pot import month_note, with_todays_pot
from agent.domain.portfolio import Portfolio
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.ports.deciding import Strategy

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Decider:
    """A strategy or rule file under its name in config.toml."""

    name: str
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class Membership:
    """Which entities belong to a portfolio: name globs, any of some labels, globs left out.

    What is below a campaign belongs where the campaign does, by the campaign's name; it has the
    campaign's labels beside its own.
    """

    campaigns: tuple[str, ...] = ("*",)
    labels: frozenset[str] = frozenset()
    exclude: tuple[str, ...] = ()

    def holds(self, name: str, labels: frozenset[str]) -> bool:
        folded = name.casefold()
        return (
            any(fnmatchcase(folded, glob.casefold()) for glob in self.campaigns)
            and (not self.labels or bool(self.labels & labels))
            and not any(fnmatchcase(folded, glob.casefold()) for glob in self.exclude)
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """One portfolio, who belongs to it and who decides for it, in order."""

    portfolio: Portfolio
    membership: Membership
    deciders: tuple[Decider, ...]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the deciders of one portfolio want.

    Attributes:
        snapshot: The portfolio's own cut of the account; under a month budget with today's pot.
        heard: At most one proposal for each lever of an entity, in entity order.
        not_heard: Later proposals for the same lever, with the source that came first.
        notes: Where the month stands, if it has a budget. Deciders that failed; their proposals
            are missing as a whole.
    """

    portfolio: Portfolio
    snapshot: Snapshot
    heard: tuple[Proposal, ...]
    not_heard: tuple[tuple[Proposal, str], ...]
    notes: tuple[str, ...]


def decide(snapshot: Snapshot, desks: Sequence[Desk], seed: int) -> list[Wishes]:
    """Ask every portfolio; an entity belongs to the first portfolio that holds it.

    Pure but for the log: the same snapshot, desks and seed give the same wishes.
    """
    wishes = []
    for desk, rows in zip(desks, members(snapshot, desks), strict=True):
        cut = with_todays_pot(snapshot.only(rows, desk.portfolio))
        wishes.append(_ask(desk, cut, seed))
    return wishes


def members(snapshot: Snapshot, desks: Sequence[Desk]) -> list[NDArray[np.intp]]:
    """Row numbers of each portfolio, in entity order; every row at most once."""
    rows: list[list[int]] = [[] for _ in desks]
    table = snapshot.entities
    names, above = table.names.tolist(), table.campaign_rows.tolist()
    for row, campaign in enumerate(above):
        labels = table.labels[row] | table.labels[campaign]
        for desk, taken in zip(desks, rows, strict=True):
            if desk.membership.holds(names[campaign], labels):
                taken.append(row)
                break
    return [np.array(taken, dtype=np.intp) for taken in rows]


def _ask(desk: Desk, snapshot: Snapshot, seed: int) -> Wishes:
    first: dict[tuple[object, object], Proposal] = {}
    not_heard = []
    month = month_note(snapshot)
    notes = [] if month is None else [f"{desk.portfolio.name}: {month}"]
    for decider in desk.deciders:
        words = f"{desk.portfolio.name}/{decider.name}".encode()
        stream = int.from_bytes(hashlib.sha256(words).digest()[:8])
        rng = np.random.default_rng([seed, stream])
        try:
            proposals = list(decider.strategy.propose(snapshot, rng))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001  # the one place that isolates a strategy, and Rust's panics
            _log.error("strategy.failed", decider=decider.name, error=repr(error))
            notes.append(f"{decider.name} failed and proposes nothing: {error!r}")
            continue
        for proposal in proposals:
            known = first.setdefault((proposal.ref, proposal.lever), proposal)
            if known is not proposal:
                not_heard.append((_with_seed(proposal, seed), known.source))
    heard = sorted(first.values(), key=lambda proposal: (proposal.ref, proposal.lever))
    return Wishes(
        desk.portfolio,
        snapshot,
        tuple(_with_seed(proposal, seed) for proposal in heard),
        tuple(not_heard),
        tuple(notes),
    )


def _with_seed(proposal: Proposal, seed: int) -> Proposal:
    """Note the seed on what was drawn; a rule draws nothing."""
    if proposal.evidence.posterior is None:
        return proposal
    return replace(proposal, evidence=replace(proposal.evidence, seed=seed))
